package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.MathTerm.BothSigns;
import dev.socratic.datasets.answer.MathTerm.Call;
import dev.socratic.datasets.answer.MathTerm.Listing;
import dev.socratic.datasets.answer.MathTerm.Num;
import dev.socratic.datasets.answer.MathTerm.Power;
import dev.socratic.datasets.answer.MathTerm.Product;
import dev.socratic.datasets.answer.MathTerm.Quantity;
import dev.socratic.datasets.answer.MathTerm.Ratio;
import dev.socratic.datasets.answer.MathTerm.Relation;
import dev.socratic.datasets.answer.MathTerm.Sum;
import dev.socratic.datasets.answer.MathTerm.Union;
import dev.socratic.datasets.answer.MathToken.Kind;
import java.util.ArrayList;
import java.util.List;
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

    private final Cursor cursor;
    private final Primaries primaries;

    private Parser(Cursor cursor) {
        this.cursor = cursor;
        this.primaries = new Primaries(cursor, this);
    }

    /// @param cleaned text from [Latex#clean]
    /// @throws Refusal if it is no answer we can read
    static MathTerm parse(String cleaned) {
        Cursor cursor = new Cursor(MathLexer.tokens(cleaned));
        MathTerm term = new Parser(cursor).list();
        if (cursor.peek().kind() != Kind.END) {
            throw new Refusal("'%s' where the answer should have ended".formatted(cursor.peek().text()));
        }
        return term;
    }

    MathTerm list() {
        return cursor.nested(() -> {
            List<MathTerm> items = new ArrayList<>();
            items.add(relation());
            while (separator()) {
                items.add(relation());
                Bounds.checkElements(items.size());
            }
            return items.size() == 1 ? items.getFirst() : new Listing(items);
        });
    }

    /// `,`, `;`, `and`, `or`, and two of them together, as in `1, 2, and 3`.
    private boolean separator() {
        int before = cursor.place();
        if (cursor.takes(",") || cursor.takes(";")) {
            cursor.takesWord("and", "or");
        } else if (!cursor.takesWord("and", "or")) {
            return false;
        }
        if (cursor.peek().kind() == Kind.END || cursor.peek().is(")") || cursor.peek().is("]") || cursor.peek().is("}")
                || cursor.peek().is("\\}")) {
            cursor.backTo(before);
            return false;
        }
        return true;
    }

    private MathTerm relation() {
        List<MathTerm> sides = new ArrayList<>();
        StringBuilder operators = new StringBuilder();
        sides.add(union());
        while (cursor.peek().kind() == Kind.SIGN && RELATIONS.contains(cursor.peek().text())) {
            operators.append(cursor.take().text());
            sides.add(union());
        }
        return operators.isEmpty() ? sides.getFirst() : new Relation(sides, operators.toString());
    }

    private MathTerm union() {
        List<MathTerm> parts = parts("\u222a", this::ratio);
        return parts.size() == 1 ? parts.getFirst() : new Union(parts);
    }

    private MathTerm ratio() {
        List<MathTerm> parts = parts(":", this::sum);
        return parts.size() == 1 ? parts.getFirst() : new Ratio(parts);
    }

    private List<MathTerm> parts(String sign, Supplier<MathTerm> part) {
        List<MathTerm> parts = new ArrayList<>();
        parts.add(part.get());
        while (cursor.takes(sign)) {
            parts.add(part.get());
        }
        return parts;
    }

    MathTerm sum() {
        List<MathTerm> terms = new ArrayList<>();
        terms.add(signed());
        while (cursor.peek().is("+") || cursor.peek().is("-") || cursor.peek().is("\u00b1") || cursor.peek()
                .is("\u2213")) {
            terms.add(signed());
        }
        return terms.size() == 1 ? terms.getFirst() : new Sum(terms);
    }

    private MathTerm signed() {
        if (cursor.takes("-")) {
            return cursor.nested(() -> negated(signed()));
        }
        if (cursor.takes("\u00b1") || cursor.peek().is("\u2213")) {
            boolean minusFirst = cursor.takes("\u2213");
            return new BothSigns(product(), minusFirst);
        }
        cursor.takes("+");
        return product();
    }

    static MathTerm negated(MathTerm term) {
        return switch (term) {
            case Num num -> new Num(num.value().negated(), num.decimals());
            case Quantity quantity -> new Quantity(negated(quantity.value()), quantity.unit());
            case MathTerm other -> new Product(List.of(new Num(Rational.of(-1), -1), other));
        };
    }

    MathTerm product() {
        List<MathTerm> factors = new ArrayList<>();
        factors.add(power());
        while (true) {
            if (cursor.takes("*")) {
                factors.add(factorAfterSign());
            } else if (cursor.peek().is("/") && factors.getLast() instanceof Quantity last
                    && isDenominator(cursor.ahead())) {
                cursor.take();
                factors.set(factors.size() - 1,
                        new Quantity(last.value(), last.unit() + " per " + Units.normal(cursor.take().text())));
            } else if (cursor.takes("/")) {
                factors.add(new Power(factorAfterSign(), new Num(Rational.of(-1), -1)));
            } else if (cursor.peek().is("{") && factors.getLast() instanceof Num && cursor.ahead()
                    .kind() == Kind.NUMBER) {
                throw new Refusal("two numbers side by side");
            } else if (startsFactor()) {
                factors.add(power());
            } else {
                return unitOutside(factors);
            }
        }
    }

    /// A unit after a product belongs to all of it: `5 \sqrt{2} cm`, `3/4 cup`.
    private static MathTerm unitOutside(List<MathTerm> factors) {
        if (factors.size() == 1) {
            return factors.getFirst();
        }
        if (factors.getLast() instanceof Quantity last) {
            factors.set(factors.size() - 1, last.value());
            return new Quantity(new Product(factors), last.unit());
        }
        if (factors.getLast() instanceof Power(Quantity last, Num exponent) && exponent.value()
                .equals(Rational.of(-1))) {
            factors.set(factors.size() - 1, new Power(last.value(), exponent));
            return new Quantity(new Product(factors), last.unit());
        }
        return new Product(factors);
    }

    private MathTerm factorAfterSign() {
        return cursor.takes("-") ? negated(power()) : power();
    }

    private boolean startsFactor() {
        MathToken next = cursor.peek();
        return switch (next.kind()) {
            case NUMBER, LETTER -> true;
            case COMMAND -> !next.text().startsWith("end ");
            case SIGN -> next.is("(") || next.is("{") || next.is("|") && !primaries.inBars();
            case WORD -> Primaries.FUNCTIONS.contains(next.text()) || next.text().equals("sqrt") || next.text()
                    .equals("pi");
            case END -> false;
        };
    }

    MathTerm power() {
        MathTerm base = postfix(cursor.nested(primaries::primary));
        if (cursor.takes("^")) {
            MathTerm exponent = cursor.nested(this::exponent);
            // A unit raised to a power, as in cm^2, is another unit.
            if (base instanceof Quantity quantity && exponent instanceof Num num && num.value().isWhole()) {
                return new Quantity(quantity.value(), quantity.unit() + "^" + num.value());
            }
            return postfix(new Power(base, exponent));
        }
        return base;
    }

    private MathTerm exponent() {
        return cursor.takes("-") ? negated(primaries.argument()) : primaries.argument();
    }

    private MathTerm postfix(MathTerm value) {
        MathTerm term = value;
        while (true) {
            if (cursor.takes("!")) {
                term = new Call("factorial", List.of(term));
            } else if (cursor.takes("%")) {
                term = new Quantity(term, "%");
            } else if (cursor.takes("\u00b0")) {
                term = new Quantity(term, "\u00b0");
            } else if (cursor.peek().kind() == Kind.SIGN && Primaries.CURRENCIES.contains(cursor.peek().text())) {
                term = new Quantity(term, cursor.take().text());
            } else if (isUnit(cursor.peek())) {
                term = unit(term);
            } else {
                return term;
            }
        }
    }

    /// What a unit may be per: `km/h`, `$5/week`.
    private boolean isDenominator(MathToken token) {
        return isUnit(token) || token.kind() == Kind.LETTER && "hsmlgd".contains(token.text());
    }

    private boolean isUnit(MathToken token) {
        return token.kind() == Kind.WORD
                && !token.text().equals("and")
                && !token.text().equals("or")
                && !token.text().equals("pi")
                && !token.text().equals("sqrt")
                && !Primaries.FUNCTIONS.contains(token.text());
    }

    private MathTerm unit(MathTerm term) {
        long factor = NumberWords.factor(cursor.peek().text());
        if (factor > 1 && term instanceof Num num) {
            cursor.take();
            return new Num(num.value().times(Rational.of(factor)), -1);
        }
        StringBuilder unit = new StringBuilder();
        while (isUnit(cursor.peek())) {
            unit.append(unit.isEmpty() ? "" : " ").append(cursor.take().text());
        }
        return term instanceof Quantity inner
                ? new Quantity(inner.value(), Units.normal(inner.unit() + " " + unit))
                : new Quantity(term, Units.normal(unit.toString()));
    }
}
