package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.Term.Based;
import dev.socratic.datasets.answer.Term.BothSigns;
import dev.socratic.datasets.answer.Term.Call;
import dev.socratic.datasets.answer.Term.Group;
import dev.socratic.datasets.answer.Term.Listing;
import dev.socratic.datasets.answer.Term.Matrix;
import dev.socratic.datasets.answer.Term.Num;
import dev.socratic.datasets.answer.Term.Power;
import dev.socratic.datasets.answer.Term.Product;
import dev.socratic.datasets.answer.Term.Quantity;
import dev.socratic.datasets.answer.Term.Ratio;
import dev.socratic.datasets.answer.Term.Relation;
import dev.socratic.datasets.answer.Term.SetOf;
import dev.socratic.datasets.answer.Term.Sum;
import dev.socratic.datasets.answer.Term.Sym;
import dev.socratic.datasets.answer.Term.Union;
import dev.socratic.datasets.answer.Term.Words;
import dev.socratic.datasets.answer.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// Reads an answer by recursive descent, all of it or nothing: what is left over is a refusal, never ignored.
///
/// ```
/// list     = relation (("," | ";" | "and" | "or") relation)*
/// relation = union (("=" | "<" | ...) union)*
/// union    = ratio ("cup" ratio)*          ratio = sum (":" sum)*
/// sum      = [sign] product (sign product)*
/// product  = power (["*" | "/"] power)*    power = postfix ["^" power]
/// postfix  = primary ("!" | "%" | degree | unit)*
/// ```
final class Parser {
    private static final String RELATIONS = "=<>\u2264\u2265\u2260\u2248\u2208";
    private static final String CURRENCIES = "$\u20ac\u00a3\u00a5";
    private static final Set<String> FUNCTIONS =
            Set.of("sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "ln", "log", "exp");

    private final List<Token> tokens;
    private int at;
    private int depth;
    private boolean inBars;

    private Parser(List<Token> tokens) {
        this.tokens = tokens;
    }

    /// @param cleaned text from [Latex#clean]
    /// @throws Refusal if it is no answer we can read
    static Term parse(String cleaned) {
        Parser parser = new Parser(Lexer.tokens(cleaned));
        Term term = parser.list();
        if (parser.at < parser.tokens.size()) {
            throw new Refusal("'%s' where the answer should have ended".formatted(parser.peek().text()));
        }
        return term;
    }

    private Term list() {
        return nested(() -> {
            List<Term> items = new ArrayList<>();
            items.add(relation());
            while (separator()) {
                items.add(relation());
                Bounds.checkedElements(items.size());
            }
            return items.size() == 1 ? items.getFirst() : new Listing(items);
        });
    }

    /// `,`, `;`, `and`, `or`, and two of them together, as in `1, 2, and 3`.
    private boolean separator() {
        int before = at;
        if (takes(",") || takes(";")) {
            takesWord("and", "or");
        } else if (!takesWord("and", "or")) {
            return false;
        }
        if (peek().kind() == Kind.END || peek().is(")") || peek().is("]") || peek().is("}") || peek().is("\\}")) {
            at = before;
            return false;
        }
        return true;
    }

    private Term relation() {
        List<Term> sides = new ArrayList<>();
        StringBuilder operators = new StringBuilder();
        sides.add(union());
        while (peek().kind() == Kind.SIGN && RELATIONS.contains(peek().text())) {
            operators.append(take().text());
            sides.add(union());
        }
        return operators.isEmpty() ? sides.getFirst() : new Relation(sides, operators.toString());
    }

    private Term union() {
        List<Term> parts = parts("\u222a", this::ratio);
        return parts.size() == 1 ? parts.getFirst() : new Union(parts);
    }

    private Term ratio() {
        List<Term> parts = parts(":", this::sum);
        return parts.size() == 1 ? parts.getFirst() : new Ratio(parts);
    }

    private List<Term> parts(String sign, Supplier<Term> part) {
        List<Term> parts = new ArrayList<>();
        parts.add(part.get());
        while (takes(sign)) {
            parts.add(part.get());
        }
        return parts;
    }

    private Term sum() {
        List<Term> terms = new ArrayList<>();
        terms.add(signed());
        while (peek().is("+") || peek().is("-") || peek().is("\u00b1") || peek().is("\u2213")) {
            terms.add(signed());
        }
        return terms.size() == 1 ? terms.getFirst() : new Sum(terms);
    }

    private Term signed() {
        if (takes("-")) {
            return nested(() -> negated(signed()));
        }
        if (takes("\u00b1") || peek().is("\u2213")) {
            boolean minusFirst = takes("\u2213");
            return new BothSigns(product(), minusFirst);
        }
        takes("+");
        return product();
    }

    private static Term negated(Term term) {
        return switch (term) {
            case Num num -> new Num(num.value().negated(), num.decimals());
            case Quantity quantity -> new Quantity(negated(quantity.value()), quantity.unit());
            case Term other -> new Product(List.of(new Num(Rational.of(-1), -1), other));
        };
    }

    private Term product() {
        List<Term> factors = new ArrayList<>();
        factors.add(power());
        while (true) {
            if (takes("*")) {
                factors.add(factorAfterSign());
            } else if (takes("/")) {
                factors.add(new Power(factorAfterSign(), new Num(Rational.of(-1), -1)));
            } else if (startsFactor()) {
                factors.add(power());
            } else {
                return unitOutside(factors);
            }
        }
    }

    /// A unit after a product belongs to all of it: `5 \sqrt{2} cm`, `3/4 cup`.
    private static Term unitOutside(List<Term> factors) {
        if (factors.size() == 1) {
            return factors.getFirst();
        }
        if (factors.getLast() instanceof Quantity last) {
            factors.set(factors.size() - 1, last.value());
            return new Quantity(new Product(factors), last.unit());
        }
        if (factors.getLast() instanceof Power(Quantity last, Num exponent) && exponent.value().equals(Rational.of(-1))) {
            factors.set(factors.size() - 1, new Power(last.value(), exponent));
            return new Quantity(new Product(factors), last.unit());
        }
        return new Product(factors);
    }

    private Term factorAfterSign() {
        return takes("-") ? negated(power()) : power();
    }

    private boolean startsFactor() {
        Token next = peek();
        return switch (next.kind()) {
            case NUMBER, LETTER -> true;
            case COMMAND -> !next.text().startsWith("end ");
            case SIGN -> next.is("(") || next.is("{") || next.is("|") && !inBars;
            case WORD -> FUNCTIONS.contains(next.text()) || next.text().equals("sqrt") || next.text().equals("pi");
            case END -> false;
        };
    }

    private Term power() {
        Term base = postfix(primary());
        if (takes("^")) {
            Term exponent = nested(this::exponent);
            // A unit raised to a power, as in cm^2, is another unit.
            if (base instanceof Quantity quantity && exponent instanceof Num num && num.value().isWhole()) {
                return new Quantity(quantity.value(), quantity.unit() + "^" + num.value());
            }
            return postfix(new Power(base, exponent));
        }
        return base;
    }

    private Term exponent() {
        return takes("-") ? negated(argument()) : argument();
    }

    private Term postfix(Term value) {
        Term term = value;
        while (true) {
            if (takes("!")) {
                term = new Call("factorial", List.of(term));
            } else if (takes("%")) {
                term = new Quantity(term, "%");
            } else if (takes("\u00b0")) {
                term = new Quantity(term, "\u00b0");
            } else if (peek().kind() == Kind.SIGN && CURRENCIES.contains(peek().text())) {
                term = new Quantity(term, take().text());
            } else if (isUnit(peek())) {
                term = unit(term);
            } else {
                return term;
            }
        }
    }

    private boolean isUnit(Token token) {
        return token.kind() == Kind.WORD
                && !token.text().equals("and")
                && !token.text().equals("or")
                && !token.text().equals("pi")
                && !token.text().equals("sqrt")
                && !FUNCTIONS.contains(token.text());
    }

    private Term unit(Term term) {
        int ten = Units.powerOfTen(peek().text());
        if (ten > 0 && term instanceof Num num) {
            take();
            return new Num(num.value().times(Rational.of("1e" + ten)), -1);
        }
        StringBuilder unit = new StringBuilder();
        while (isUnit(peek())) {
            unit.append(unit.isEmpty() ? "" : " ").append(take().text());
        }
        return term instanceof Quantity inner
                ? new Quantity(inner.value(), Units.normal(inner.unit() + " " + unit))
                : new Quantity(term, Units.normal(unit.toString()));
    }

    private Term primary() {
        Token token = take();
        return switch (token.kind()) {
            case NUMBER -> number(token);
            case LETTER -> subscripted(token.text());
            case WORD -> word(token);
            case COMMAND -> command(token);
            case SIGN -> bracketed(token);
            case END -> throw new Refusal("an end where a value should follow");
        };
    }

    private Term number(Token token) {
        if (peek().is("_")) {
            take();
            return new Based(token.text(), rawArgument());
        }
        Num whole = num(token);
        if (whole.decimals() < 0 && !token.text().contains("e") && !token.text().contains("E")) {
            int before = at;
            // A whole number right before a proper fraction is a mixed number: 1 1/2, 1\frac{1}{2}.
            if (peek().kind() == Kind.NUMBER && peek().spaced()) {
                Num over = num(take());
                if (takes("/") && peek().kind() == Kind.NUMBER) {
                    return mixed(whole, over, num(take()), before);
                }
            } else if (takesCommand("frac")) {
                if (argument() instanceof Num over && argument() instanceof Num under) {
                    return mixed(whole, over, under, before);
                }
            }
            at = before;
        }
        if (peek().kind() == Kind.NUMBER) {
            throw new Refusal("two numbers side by side");
        }
        return whole;
    }

    private Term mixed(Num whole, Num over, Num under, int before) {
        boolean proper = over.value().isWhole()
                && under.value().isWhole()
                && over.value().sign() > 0
                && over.value().compareTo(under.value()) < 0;
        if (proper) {
            return new Num(whole.value().plus(over.value().times(under.value().inverse())), -1);
        }
        at = before;
        if (peek().kind() == Kind.NUMBER) {
            throw new Refusal("two numbers side by side");
        }
        return whole;
    }

    private static Num num(Token token) {
        int point = token.text().indexOf('.');
        int exponent = token.text().toLowerCase(java.util.Locale.ROOT).indexOf('e');
        int end = exponent < 0 ? token.text().length() : exponent;
        String digits = token.text().endsWith(".") ? token.text() + "0" : token.text();
        return new Num(Rational.of(digits), point < 0 ? -1 : end - point - 1);
    }

    private Term subscripted(String letter) {
        String name = letter;
        while (peek().is("'")) {
            take();
            name += "'";
        }
        return takes("_") ? new Sym(name + "_" + rawArgument()) : new Sym(name);
    }

    /// @return the text of a subscript, as written
    private String rawArgument() {
        if (!takes("{")) {
            return take().text();
        }
        StringBuilder raw = new StringBuilder();
        while (!takes("}")) {
            if (peek().kind() == Kind.END) {
                throw new Refusal("a brace that is never closed");
            }
            raw.append(take().text());
        }
        return raw.toString();
    }

    private Term word(Token token) {
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
        StringBuilder words = new StringBuilder(word);
        while (peek().kind() == Kind.WORD && !peek().text().equals("and") && !peek().text().equals("or")) {
            words.append(' ').append(take().text());
        }
        return new Words(words.toString());
    }

    private Term command(Token token) {
        String name = token.text();
        if (FUNCTIONS.contains(name)) {
            return function(name);
        }
        return switch (name) {
            case "frac" -> {
                Term over = argument();
                yield new Product(List.of(over, new Power(argument(), new Num(Rational.of(-1), -1))));
            }
            case "binom", "dbinom", "tbinom" -> {
                Term n = argument();
                yield new Call("binomial", List.of(n, argument()));
            }
            case "sqrt" -> {
                if (takes("[")) {
                    Term degree = list();
                    need("]");
                    yield new Call("root", List.of(argument(), degree));
                }
                yield new Call("sqrt", List.of(argument()));
            }
            case "boxed", "fbox" -> argument();
            case "infinity" -> new Sym("infinity");
            case "pi", "alpha", "beta", "gamma", "delta", "theta", "lambda", "mu", "sigma", "phi", "omega", "varphi", "epsilon",
                    "rho", "tau", "emptyset", "varnothing" -> subscripted(name);
            case String begin when begin.startsWith("begin ") -> matrix(begin.substring("begin ".length()));
            case String other -> throw new Refusal("the command \\" + other);
        };
    }

    private Term function(String name) {
        if (takes("^")) {
            Term exponent = argument();
            return new Power(new Call(name, List.of(functionArgument())), exponent);
        }
        if (name.equals("log") && takes("_")) {
            Term base = argument();
            return new Product(List.of(
                    new Call("ln", List.of(functionArgument())),
                    new Power(new Call("ln", List.of(base)), new Num(Rational.of(-1), -1))));
        }
        Term argument = functionArgument();
        return name.equals("exp") ? new Power(new Sym("e"), argument) : new Call(name, List.of(argument));
    }

    /// `\sin(2x)`, `\sin 2x`, `\sin b \cos a`: without brackets the argument runs up to the next function or sign.
    private Term functionArgument() {
        if (peek().is("(") || peek().is("{")) {
            return power();
        }
        List<Term> factors = new ArrayList<>();
        factors.add(takes("-") ? negated(power()) : power());
        while ((peek().kind() == Kind.NUMBER || peek().kind() == Kind.LETTER || peek().isCommand("pi")) && !peek().is("(")) {
            factors.add(power());
        }
        return factors.size() == 1 ? factors.getFirst() : new Product(factors);
    }

    /// What a command or `^` takes: a group in braces, or one digit, letter or command: `\frac12` is a half.
    private Term argument() {
        if (takes("{")) {
            Term inner = list();
            need("}");
            return inner;
        }
        if (peek().kind() == Kind.NUMBER && peek().text().length() > 1 && isCommandBefore()) {
            String digits = take().text();
            tokens.set(--at, new Token(Kind.NUMBER, digits.substring(1), false));
            return num(new Token(Kind.NUMBER, digits.substring(0, 1), false));
        }
        return nested(this::primary);
    }

    /// LaTeX takes a single digit where there are no braces: after `\frac` and its first argument, and after `\sqrt`.
    private boolean isCommandBefore() {
        return at > 0
                && (tokens.get(at - 1).isCommand("frac")
                        || tokens.get(at - 1).isCommand("sqrt")
                        || at > 1 && tokens.get(at - 2).isCommand("frac") && tokens.get(at - 1).kind() == Kind.NUMBER);
    }

    private Term bracketed(Token open) {
        return switch (open.text()) {
            case "(", "[" -> group(open.text().charAt(0));
            case "{" -> {
                Term inner = list();
                need("}");
                yield inner;
            }
            case "\\{" -> {
                if (takes("\\}")) {
                    yield new SetOf(List.of());
                }
                Term inner = list();
                need("\\}");
                yield new SetOf(inner instanceof Listing listing ? listing.items() : List.of(inner));
            }
            case "|" -> bars();
            case String sign when CURRENCIES.contains(sign) -> new Quantity(power(), sign);
            case "-" -> negated(power());
            case String other -> throw new Refusal("'%s' where a value should stand".formatted(other));
        };
    }

    private Term group(char open) {
        boolean outer = inBars;
        inBars = false;
        Term inner = list();
        inBars = outer;
        char close = peek().is(")") ? ')' : ']';
        if (!takes(")")) {
            need("]");
        }
        if (inner instanceof Listing listing) {
            return new Group(open, close, listing.items());
        }
        if ((open == '(') != (close == ')')) {
            throw new Refusal("brackets that do not match around a single value");
        }
        return inner;
    }

    private Term bars() {
        boolean outer = inBars;
        inBars = true;
        Term inner = nested(this::sum);
        inBars = outer;
        need("|");
        return new Call("abs", List.of(inner));
    }

    private Term matrix(String kind) {
        if (!kind.endsWith("matrix") && !kind.equals("array")) {
            throw new Refusal("the environment " + kind);
        }
        if (kind.equals("array")) {
            rawArgument();
        }
        List<List<Term>> rows = new ArrayList<>();
        int cells = 0;
        while (!takesCommand("end " + kind)) {
            List<Term> row = new ArrayList<>();
            do {
                row.add(list());
                Bounds.checkedElements(++cells);
            } while (takes("&"));
            rows.add(row);
            if (!takes("\\\\") && !peek().isCommand("end " + kind)) {
                throw new Refusal("'%s' inside a matrix".formatted(peek().text()));
            }
        }
        return new Matrix(rows);
    }

    private Term nested(Supplier<Term> inner) {
        if (++depth > Bounds.DEPTH) {
            throw new Refusal("more than %d brackets within brackets".formatted(Bounds.DEPTH));
        }
        Term term = inner.get();
        depth--;
        return term;
    }

    private Token peek() {
        return at < tokens.size() ? tokens.get(at) : new Token(Kind.END, "the end", false);
    }

    private Token take() {
        Token token = peek();
        at++;
        return token;
    }

    private boolean takes(String sign) {
        boolean there = peek().is(sign);
        at += there ? 1 : 0;
        return there;
    }

    private boolean takesCommand(String name) {
        boolean there = peek().isCommand(name);
        at += there ? 1 : 0;
        return there;
    }

    private boolean takesWord(String... words) {
        for (String word : words) {
            if (peek().kind() == Kind.WORD && peek().text().equals(word)) {
                at++;
                return true;
            }
        }
        return false;
    }

    private void need(String sign) {
        if (!takes(sign)) {
            throw new Refusal("'%s' where '%s' should stand".formatted(peek().text(), sign));
        }
    }
}
