package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.MathTerm.BothSigns;
import dev.socratic.datasets.answer.MathTerm.Call;
import dev.socratic.datasets.answer.MathTerm.Group;
import dev.socratic.datasets.answer.MathTerm.Listing;
import dev.socratic.datasets.answer.MathTerm.Matrix;
import dev.socratic.datasets.answer.MathTerm.Power;
import dev.socratic.datasets.answer.MathTerm.Product;
import dev.socratic.datasets.answer.MathTerm.Quantity;
import dev.socratic.datasets.answer.MathTerm.Ratio;
import dev.socratic.datasets.answer.MathTerm.Relation;
import dev.socratic.datasets.answer.MathTerm.SetOf;
import dev.socratic.datasets.answer.MathTerm.Sum;
import dev.socratic.datasets.answer.MathTerm.Sym;
import dev.socratic.datasets.answer.MathTerm.Union;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// The variables of a term: its symbols without `pi`, `e` and `infinity`.
final class FreeVariables {
    private static final Set<String> CONSTANTS = Set.of("pi", "e", "infinity");

    private FreeVariables() {}

    static SortedSet<String> of(MathTerm term) {
        SortedSet<String> found = new TreeSet<>();
        collect(term, found);
        return found;
    }

    private static void collect(MathTerm term, Set<String> into) {
        if (term instanceof Sym sym && !CONSTANTS.contains(sym.name())) {
            into.add(sym.name());
        }
        if (term instanceof Call call && call.isSeries()) {
            SortedSet<String> inside = of(call.arguments().get(3));
            inside.remove(((Sym) call.arguments().getFirst()).name());
            into.addAll(inside);
            call.arguments().subList(1, 3).forEach(end -> collect(end, into));
            return;
        }
        parts(term).forEach(part -> collect(part, into));
    }

    /// @return the terms directly inside a term
    static List<MathTerm> parts(MathTerm term) {
        return switch (term) {
            case Sum sum -> sum.terms();
            case Product product -> product.factors();
            case Power power -> List.of(power.base(), power.exponent());
            case Call call -> call.arguments();
            case BothSigns both -> List.of(both.of());
            case Quantity quantity -> List.of(quantity.value());
            case Group group -> group.items();
            case SetOf set -> set.items();
            case Listing listing -> listing.items();
            case Union union -> union.parts();
            case Ratio ratio -> ratio.parts();
            case Relation relation -> relation.sides();
            case Matrix matrix -> matrix.rows().stream().flatMap(List::stream).toList();
            case Sym sym -> List.of();
            case MathTerm.Num num -> List.of();
            case MathTerm.Words words -> List.of();
            case MathTerm.Based based -> List.of();
        };
    }
}
