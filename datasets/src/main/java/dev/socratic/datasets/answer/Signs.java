package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.MathTerm.BothSigns;
import dev.socratic.datasets.answer.MathTerm.Call;
import dev.socratic.datasets.answer.MathTerm.Num;
import dev.socratic.datasets.answer.MathTerm.Power;
import dev.socratic.datasets.answer.MathTerm.Product;
import dev.socratic.datasets.answer.MathTerm.Quantity;
import dev.socratic.datasets.answer.MathTerm.Relation;
import dev.socratic.datasets.answer.MathTerm.Sum;
import java.util.List;

/// Takes the signs for plus and minus apart: `1 +- x` stands for two values, `1 + x` and `1 - x`.
final class Signs {
    private Signs() {}

    /// @return the term itself, or the two terms it stands for
    static List<MathTerm> apart(MathTerm term) {
        return has(term) ? List.of(with(term, false), with(term, true)) : List.of(term);
    }

    private static boolean has(MathTerm term) {
        return term instanceof BothSigns
                || isFormula(term) && FreeVariables.parts(term).stream().anyMatch(Signs::has);
    }

    private static boolean isFormula(MathTerm term) {
        return term instanceof Sum || term instanceof Product || term instanceof Power || term instanceof Call
                || term instanceof Quantity || term instanceof Relation;
    }

    private static MathTerm with(MathTerm term, boolean second) {
        return switch (term) {
            case BothSigns both -> both.minusFirst() == second
                    ? with(both.of(), second)
                    : new Product(List.of(new Num(Rational.of(-1), -1), with(both.of(), second)));
            case Sum sum -> new Sum(with(sum.terms(), second));
            case Product product -> new Product(with(product.factors(), second));
            case Power power -> new Power(with(power.base(), second), with(power.exponent(), second));
            case Call call -> new Call(call.function(), with(call.arguments(), second));
            case Quantity quantity -> new Quantity(with(quantity.value(), second), quantity.unit());
            case Relation relation -> new Relation(with(relation.sides(), second), relation.operators());
            case MathTerm other -> other;
        };
    }

    private static List<MathTerm> with(List<MathTerm> terms, boolean second) {
        return terms.stream().map(term -> with(term, second)).toList();
    }
}
