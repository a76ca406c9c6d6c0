package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.MathTerm.Call;
import dev.socratic.datasets.answer.MathTerm.Group;
import dev.socratic.datasets.answer.MathTerm.Num;
import dev.socratic.datasets.answer.MathTerm.Power;
import dev.socratic.datasets.answer.MathTerm.Product;
import dev.socratic.datasets.answer.MathTerm.Ratio;
import dev.socratic.datasets.answer.MathTerm.Relation;
import dev.socratic.datasets.answer.MathTerm.Sum;
import dev.socratic.datasets.answer.MathTerm.Sym;
import dev.socratic.datasets.answer.MathTerm.Union;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What equations and inequalities say.
final class Relations {
    private static final Num ZERO = new Num(Rational.ZERO, -1);
    private static final Num MINUS_ONE = new Num(Rational.of(-1), -1);

    private Relations() {}

    /// A name and what it is said to be: `x = 11`, `(p, q) = (3, 2)`, `f(x) = 1`, `x \in [1, 2]`, `x = 1 + 1 = 2`.
    ///
    /// @param name  the name's text; of `f(x)` the letter f alone
    /// @param value the last side; of `x = 1/3 \approx 0.33` the last exact one
    record Named(String name, MathTerm value) {
        static Optional<Named> of(Relation relation) {
            String signs = relation.operators();
            MathTerm first = relation.sides().getFirst();
            if (signs.equals("=") && !isName(first) && isName(relation.sides().getLast())) {
                return Optional.of(new Named(text(relation.sides().getLast()), first)); // 3 = x
            }
            if (!signs.chars().allMatch(c -> "=\u2248\u2208".indexOf(c) >= 0) || !isName(first)) {
                return Optional.empty();
            }
            int exact = signs.indexOf('\u2248') > 0 ? signs.indexOf('\u2248') : relation.sides().size() - 1;
            return Optional.of(new Named(text(first), relation.sides().get(exact)));
        }

        /// A name has letters and no arithmetic: no sum, and no number of its own.
        private static boolean isName(MathTerm term) {
            return switch (term) {
                case Sym sym -> !sym.name().equals("pi") && !sym.name().equals("e") && !sym.name().equals("infinity");
                case MathTerm.Words words -> true;
                case Product product -> product.factors().stream().allMatch(Named::isNameOrInverse);
                case Group group -> group.items().stream().allMatch(Named::isName);
                case Ratio ratio -> ratio.parts().stream().allMatch(Named::isName);
                case Call call -> call.function().equals("abs") && call.arguments().stream().allMatch(Named::isName);
                case MathTerm other -> false;
            };
        }

        private static boolean isNameOrInverse(MathTerm term) {
            return isName(term) || term instanceof Power(MathTerm base, Num exponent)
                    && exponent.value().equals(Rational.of(-1)) && isName(base);
        }

        private static String text(MathTerm term) {
            return switch (term) {
                case Sym sym -> sym.name();
                case Product product when product.factors().size() == 2 && product.factors()
                        .getFirst() instanceof Sym f -> f.name();
                case MathTerm other -> other.toString();
            };
        }
    }

    /// @return the last side of a chain of equalities without a name, such as `5 + 6 = 11`; empty if there are
    /// variables in it
    static Optional<MathTerm> computed(Relation relation) {
        boolean equalities = relation.operators().chars().allMatch(c -> c == '=');
        return equalities && FreeVariables.of(relation).isEmpty() ? Optional.of(relation.sides().getLast())
                : Optional.empty();
    }

    /// An inequality about one variable as the interval it describes: `x < 3`, `-2 \le x \le 7`.
    static Optional<Group> interval(Relation relation) {
        List<MathTerm> sides = relation.sides();
        String signs = relation.operators();
        if (sides.size() == 2 && isVariable(sides.get(0)) && FreeVariables.of(sides.get(1)).isEmpty()) {
            return half(signs.charAt(0), sides.get(1));
        }
        if (sides.size() == 2 && isVariable(sides.get(1)) && FreeVariables.of(sides.get(0)).isEmpty()) {
            return half(turned(signs.charAt(0)), sides.get(0));
        }
        if (sides.size() == 3 && isVariable(sides.get(1))) {
            MathTerm low = sides.get(0);
            MathTerm high = sides.get(2);
            if (isLess(signs.charAt(0)) && isLess(signs.charAt(1))) {
                return Optional.of(new Group(signs.charAt(0) == '<' ? '(' : '[', signs.charAt(1) == '<' ? ')' : ']',
                        List.of(low, high)));
            }
            if (isLess(turned(signs.charAt(0))) && isLess(turned(signs.charAt(1)))) {
                return Optional.of(new Group(signs.charAt(1) == '>' ? '(' : '[', signs.charAt(0) == '>' ? ')' : ']',
                        List.of(high, low)));
            }
        }
        return Optional.empty();
    }

    /// An inequality about the size of a variable as what it allows: `|x| < 3` an interval about 0, `|x| > 3` and
    /// `1 \le |x| \le 3` two of them.
    static Optional<MathTerm> mirrored(Relation relation) {
        List<MathTerm> bare = relation.sides().stream().map(side -> side instanceof Call call
                && call.function().equals("abs") && isVariable(call.arguments().getFirst())
                ? call.arguments().getFirst() : side).toList();
        if (bare.equals(relation.sides())) {
            return Optional.empty();
        }
        return interval(new Relation(bare, relation.operators())).flatMap(Relations::withItsImage);
    }

    private static Optional<MathTerm> withItsImage(Group size) {
        MathTerm low = size.items().get(0);
        MathTerm high = size.items().get(1);
        char close = size.close() == ']' ? '[' : '(';
        if (low instanceof Product) { // minus infinity: below a size
            return Optional.of(new Group(close, size.close(), List.of(negated(high), high)));
        }
        char open = size.open() == '[' ? ']' : ')';
        boolean below = !(low instanceof Num number) || number.value().sign() < 0;
        return below ? Optional.empty() // every number, or a bound whose sign is not plain
                : Optional.of(new Union(List.of(new Group(close, open, List.of(negated(high), negated(low))), size)));
    }

    private static MathTerm negated(MathTerm term) {
        return new Product(List.of(MINUS_ONE, term));
    }

    /// A letter, or a function of one: `x`, `f(x)`.
    private static boolean isVariable(MathTerm term) {
        return term instanceof Sym || term instanceof Product(List<MathTerm> factors) && factors.size() == 2
                && factors.stream().allMatch(Sym.class::isInstance);
    }

    private static Optional<Group> half(char sign, MathTerm bound) {
        Sym infinity = new Sym("infinity");
        return switch (sign) {
            case '<' -> Optional.of(new Group('(', ')', List.of(new Product(List.of(MINUS_ONE, infinity)), bound)));
            case '\u2264' -> Optional.of(
                    new Group('(', ']', List.of(new Product(List.of(MINUS_ONE, infinity)), bound)));
            case '>' -> Optional.of(new Group('(', ')', List.of(bound, infinity)));
            case '\u2265' -> Optional.of(new Group('[', ')', List.of(bound, infinity)));
            default -> Optional.empty();
        };
    }

    /// Two relations of two sides say the same if the differences of their sides are proportional: by any number for
    /// `=` and `≠`, by a positive one for inequalities of the same direction, by a negative one for opposite
    /// directions.
    static boolean same(Relation gold, Relation answer, Formulas formulas) {
        if (gold.sides().size() != 2 || answer.sides().size() != 2) {
            return false;
        }
        char a = gold.operators().charAt(0);
        char b = answer.operators().charAt(0);
        if (a != b && a != turned(b)) {
            return false;
        }
        OptionalInt sign = formulas.proportion(difference(gold), difference(answer));
        if (sign.isEmpty()) {
            return false;
        }
        return turned(a) == a || (sign.getAsInt() > 0) == (a == b);
    }

    private static MathTerm difference(Relation relation) {
        MathTerm right = relation.sides().get(1);
        return right.equals(ZERO) ? relation.sides().get(0)
                : new Sum(List.of(relation.sides().get(0), new Product(List.of(MINUS_ONE, right))));
    }

    private static boolean isLess(char sign) {
        return sign == '<' || sign == '\u2264';
    }

    private static char turned(char sign) {
        return switch (sign) {
            case '<' -> '>';
            case '>' -> '<';
            case '\u2264' -> '\u2265';
            case '\u2265' -> '\u2264';
            default -> sign;
        };
    }
}
