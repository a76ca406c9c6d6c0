package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.MathTerm.Based;
import dev.socratic.datasets.answer.MathTerm.Call;
import dev.socratic.datasets.answer.MathTerm.Group;
import dev.socratic.datasets.answer.MathTerm.Listing;
import dev.socratic.datasets.answer.MathTerm.Matrix;
import dev.socratic.datasets.answer.MathTerm.Num;
import dev.socratic.datasets.answer.MathTerm.Power;
import dev.socratic.datasets.answer.MathTerm.Product;
import dev.socratic.datasets.answer.MathTerm.Quantity;
import dev.socratic.datasets.answer.MathTerm.Relation;
import dev.socratic.datasets.answer.MathTerm.SetOf;
import dev.socratic.datasets.answer.MathTerm.Sym;
import dev.socratic.datasets.answer.MathTerm.Words;
import dev.socratic.datasets.answer.MathToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Reads what [Parser] puts together: numbers, names, words, commands and whatever stands in brackets.
final class Primaries {
    static final String CURRENCIES = "$\u20ac\u00a3\u00a5\u20b9\u20a9\u20bd\u0e3f\u20ba\u20b4\u20ab\u20a6\u20b1";
    private static final Set<String> CURRENCY_WORDS =
            Set.of("usd", "eur", "gbp", "chf", "inr", "rmb", "cny", "jpy", "krw", "aud", "cad", "brl");
    static final Set<String> FUNCTIONS =
            Set.of("sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "ln", "log", "exp");

    private final Cursor cursor;
    private final Parser parser;
    private boolean inBars;

    Primaries(Cursor cursor, Parser parser) {
        this.cursor = cursor;
        this.parser = parser;
    }

    /// @return whether `|` would close a bar here and not open one
    boolean inBars() {
        return inBars;
    }

    MathTerm primary() {
        MathToken token = cursor.take();
        return switch (token.kind()) {
            case NUMBER -> number(token);
            case LETTER -> subscripted(token.text());
            case WORD -> word(token);
            case COMMAND -> command(token);
            case SIGN -> bracketed(token);
            case END -> throw new Refusal("an end where a value should follow");
        };
    }

    private MathTerm number(MathToken token) {
        if (cursor.peek().is("_")) {
            cursor.take();
            return new Based(token.text(), rawArgument());
        }
        Num whole = num(token);
        if (cursor.peek().isCommand("overline") || cursor.peek().isCommand("bar")) {
            return periodic(token);
        }
        if (whole.decimals() < 0 && !token.text().contains("e") && !token.text().contains("E")) {
            int before = cursor.place();
            // A whole number right before a proper fraction is a mixed number: 1 1/2, 1\frac{1}{2}.
            if (cursor.peek().kind() == Kind.NUMBER && cursor.peek().spaced()) {
                Num over = num(cursor.take());
                if (cursor.takes("/") && cursor.peek().kind() == Kind.NUMBER) {
                    return mixed(whole, over, num(cursor.take()), before);
                }
            } else if (cursor.takesCommand("frac")) {
                if (argument() instanceof Num over && argument() instanceof Num under) {
                    return mixed(whole, over, under, before);
                }
            }
            cursor.backTo(before);
        }
        if (cursor.peek().kind() == Kind.NUMBER) {
            throw new Refusal("two numbers side by side");
        }
        return whole;
    }

    /// `0.1\overline{6}` is 1/6: the digits under the bar go on for ever.
    private MathTerm periodic(MathToken token) {
        int point = token.text().indexOf('.');
        cursor.take();
        if (point < 0 || !(argument() instanceof Num period) || cursor.before(2).kind() != Kind.NUMBER
                || !period.value().isWhole()) {
            throw new Refusal("a bar over something that is no period of a decimal number");
        }
        int digits = cursor.before(2).text().length();
        Rational shift = Rational.of("1e-" + (token.text().length() - point - 1));
        Rational nines = Rational.of("1e" + digits).minus(Rational.ONE);
        return new Num(num(token).value().plus(period.value().times(nines.inverse()).times(shift)), -1);
    }

    private MathTerm mixed(Num whole, Num over, Num under, int before) {
        boolean proper = over.value().isWhole()
                && under.value().isWhole()
                && over.value().sign() > 0
                && over.value().compareTo(under.value()) < 0;
        if (proper) {
            return new Num(whole.value().plus(over.value().times(under.value().inverse())), -1);
        }
        cursor.backTo(before);
        if (cursor.peek().kind() == Kind.NUMBER) {
            throw new Refusal("two numbers side by side");
        }
        return whole;
    }

    private static Num num(MathToken token) {
        int point = token.text().indexOf('.');
        int exponent = token.text().toLowerCase(Locale.ROOT).indexOf('e');
        int end = exponent < 0 ? token.text().length() : exponent;
        String digits = token.text().endsWith(".") ? token.text() + "0" : token.text();
        return new Num(Rational.of(digits), point < 0 ? -1 : end - point - 1);
    }

    private MathTerm subscripted(String letter) {
        String name = letter;
        while (cursor.peek().is("'")) {
            cursor.take();
            name += "'";
        }
        return cursor.takes("_") ? new Sym(name + "_" + rawArgument()) : new Sym(name);
    }

    /// @return the text of a subscript, as written
    private String rawArgument() {
        if (!cursor.takes("{")) {
            return cursor.take().text();
        }
        StringBuilder raw = new StringBuilder();
        while (!cursor.takes("}")) {
            if (cursor.peek().kind() == Kind.END) {
                throw new Refusal("a brace that is never closed");
            }
            raw.append(cursor.take().text());
        }
        return raw.toString();
    }

    private MathTerm word(MathToken token) {
        String word = token.text();
        if (FUNCTIONS.contains(word)) {
            return function(word);
        }
        if (word.equals("sqrt")) {
            return new Call("sqrt", List.of(argument()));
        }
        if (word.equals("pi")) {
            return new Sym("pi");
        }
        if (word.startsWith("inf")) {
            return new Sym("infinity");
        }
        if (CURRENCY_WORDS.contains(word.toLowerCase(Locale.ROOT)) && cursor.peek().kind() == Kind.NUMBER) {
            return money(word);
        }
        if ((word.equalsIgnoreCase("minus") || word.equalsIgnoreCase("negative")) && cursor.peek()
                .kind() == Kind.NUMBER) {
            return Parser.negated(parser.power());
        }
        StringBuilder words = new StringBuilder(word);
        while (cursor.peek().kind() == Kind.WORD && !cursor.peek().text().equals("and") && !cursor.peek().text()
                .equals("or")) {
            words.append(' ').append(cursor.take().text());
        }
        return new Words(words.toString());
    }

    private MathTerm command(MathToken token) {
        String name = token.text();
        if (FUNCTIONS.contains(name)) {
            return function(name);
        }
        return switch (name) {
            case "frac" -> {
                MathTerm over = argument();
                yield new Product(List.of(over, new Power(argument(), new Num(Rational.of(-1), -1))));
            }
            case "binom", "dbinom", "tbinom" -> {
                MathTerm n = argument();
                yield new Call("binomial", List.of(n, argument()));
            }
            case "sqrt" -> {
                if (cursor.takes("[")) {
                    MathTerm degree = parser.list();
                    cursor.need("]");
                    yield new Call("root", List.of(argument(), degree));
                }
                yield new Call("sqrt", List.of(argument()));
            }
            case "boxed", "fbox" -> argument();
            case "sum", "prod" -> series(name);
            case "infinity" -> new Sym("infinity");
            case "pi", "alpha", "beta", "gamma", "delta", "theta", "lambda", "mu", "sigma", "phi", "omega", "varphi",
                    "epsilon",
                    "rho", "tau", "emptyset", "varnothing" -> subscripted(name);
            case String begin when begin.startsWith("begin ") -> matrix(begin.substring("begin ".length()));
            case String other -> throw new Refusal("the command \\" + other);
        };
    }

    /// `\sum_{k=1}^{10} k^2`
    private MathTerm series(String name) {
        cursor.need("_");
        if (argument() instanceof Relation(List<MathTerm> sides, String sign) && sides.size() == 2 && sign.equals("=")
                && sides.getFirst() instanceof Sym && cursor.takes("^")) {
            MathTerm last = argument();
            return new Call(name, List.of(sides.getFirst(), sides.get(1), last, cursor.nested(parser::product)));
        }
        throw new Refusal("a sum without its ends");
    }

    private MathTerm function(String name) {
        if (cursor.takes("^")) {
            MathTerm exponent = argument();
            return new Power(new Call(name, List.of(functionArgument())), exponent);
        }
        if (name.equals("log") && cursor.takes("_")) {
            MathTerm base = cursor.peek().kind() == Kind.NUMBER ? num(cursor.take()) : argument();
            return new Product(List.of(
                    new Call("ln", List.of(functionArgument())),
                    new Power(new Call("ln", List.of(base)), new Num(Rational.of(-1), -1))));
        }
        MathTerm argument = functionArgument();
        return name.equals("exp") ? new Power(new Sym("e"), argument) : new Call(name, List.of(argument));
    }

    /// `\sin(2x)`, `\sin 2x`, `\sin b \cos a`: without brackets the argument runs up to the next function or sign.
    private MathTerm functionArgument() {
        if (cursor.peek().is("(") || cursor.peek().is("{")) {
            return parser.power();
        }
        List<MathTerm> factors = new ArrayList<>();
        factors.add(cursor.takes("-") ? Parser.negated(parser.power()) : parser.power());
        while ((cursor.peek().kind() == Kind.NUMBER || cursor.peek().kind() == Kind.LETTER || cursor.peek()
                .isCommand("pi")) && !cursor.peek().is("(")) {
            factors.add(parser.power());
        }
        return factors.size() == 1 ? factors.getFirst() : new Product(factors);
    }

    /// What a command or `^` takes: a group in braces, or one digit, letter or command: `\frac12` is a half.
    MathTerm argument() {
        if (cursor.takes("{")) {
            MathTerm inner = parser.list();
            cursor.need("}");
            return inner;
        }
        if (cursor.peek().kind() == Kind.NUMBER && cursor.peek().text().length() > 1 && isCommandBefore()) {
            return num(cursor.takeDigit());
        }
        return cursor.nested(this::primary);
    }

    /// LaTeX takes a single digit where there are no braces: after `\frac` and its first argument, and after `\sqrt`.
    private boolean isCommandBefore() {
        return cursor.before(1).isCommand("frac")
                || cursor.before(1).isCommand("sqrt")
                || cursor.before(2).isCommand("frac") && cursor.before(1).kind() == Kind.NUMBER;
    }

    private MathTerm bracketed(MathToken open) {
        return switch (open.text()) {
            case "(", "[" -> group(open.text().charAt(0));
            case "{" -> {
                MathTerm inner = parser.list();
                cursor.need("}");
                yield inner;
            }
            case "\\{" -> {
                if (cursor.takes("\\}")) {
                    yield new SetOf(List.of());
                }
                MathTerm inner = parser.list();
                cursor.need("\\}");
                yield new SetOf(inner instanceof Listing listing ? listing.items() : List.of(inner));
            }
            case "|" -> bars();
            case String sign when CURRENCIES.contains(sign) -> money(sign);
            case "-" -> Parser.negated(parser.power());
            case String other -> throw new Refusal("'%s' where a value should stand".formatted(other));
        };
    }

    /// `$27 per week` is 27 of the unit `$ per week`.
    private MathTerm money(String unit) {
        MathTerm value = cursor.takes("-") ? Parser.negated(parser.power()) : parser.power();
        return value instanceof Quantity inner
                ? new Quantity(inner.value(), Units.normal(unit + " " + inner.unit()))
                : new Quantity(value, Units.normal(unit));
    }

    private MathTerm group(char open) {
        boolean outer = inBars;
        inBars = false;
        MathTerm inner = parser.list();
        inBars = outer;
        char close = cursor.peek().is(")") ? ')' : ']';
        if (!cursor.takes(")")) {
            cursor.need("]");
        }
        if (inner instanceof Listing listing) {
            return new Group(open, close, listing.items());
        }
        if ((open == '(') != (close == ')')) {
            throw new Refusal("brackets that do not match around a single value");
        }
        return inner;
    }

    private MathTerm bars() {
        boolean outer = inBars;
        inBars = true;
        MathTerm inner = cursor.nested(parser::sum);
        inBars = outer;
        cursor.need("|");
        return new Call("abs", List.of(inner));
    }

    private MathTerm matrix(String kind) {
        if (!kind.endsWith("matrix") && !kind.equals("array")) {
            throw new Refusal("the environment " + kind);
        }
        if (kind.equals("array")) {
            rawArgument();
        }
        List<List<MathTerm>> rows = new ArrayList<>();
        int cells = 0;
        while (!cursor.takesCommand("end " + kind)) {
            List<MathTerm> row = new ArrayList<>();
            do {
                row.add(parser.list());
                Bounds.checkElements(++cells);
            } while (cursor.takes("&"));
            rows.add(row);
            if (!cursor.takes("\\\\") && !cursor.peek().isCommand("end " + kind)) {
                throw new Refusal("'%s' inside a matrix".formatted(cursor.peek().text()));
            }
        }
        return new Matrix(rows);
    }
}
