package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.Term.BothSigns;
import dev.socratic.datasets.answer.Term.Call;
import dev.socratic.datasets.answer.Term.Group;
import dev.socratic.datasets.answer.Term.Listing;
import dev.socratic.datasets.answer.Term.Matrix;
import dev.socratic.datasets.answer.Term.Power;
import dev.socratic.datasets.answer.Term.Product;
import dev.socratic.datasets.answer.Term.Quantity;
import dev.socratic.datasets.answer.Term.Ratio;
import dev.socratic.datasets.answer.Term.Relation;
import dev.socratic.datasets.answer.Term.SetOf;
import dev.socratic.datasets.answer.Term.Sum;
import dev.socratic.datasets.answer.Term.Sym;
import dev.socratic.datasets.answer.Term.Union;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// The variables of a term: its symbols without `pi`, `e` and `infinity`.
final class FreeVariables {
    private static final Set<String> CONSTANTS = Set.of("pi", "e", "infinity");

    private FreeVariables() {}

    static SortedSet<String> of(Term term) {
        SortedSet<String> found = new TreeSet<>();
        collect(term, found);
        return found;
    }

    private static void collect(Term term, Set<String> into) {
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
    static List<Term> parts(Term term) {
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
            case Term.Num num -> List.of();
            case Term.Words words -> List.of();
            case Term.Based based -> List.of();
        };
    }
}
