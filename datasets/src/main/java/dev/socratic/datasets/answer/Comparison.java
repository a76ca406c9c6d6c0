package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.MathTerm.Based;
import dev.socratic.datasets.answer.MathTerm.Group;
import dev.socratic.datasets.answer.MathTerm.Listing;
import dev.socratic.datasets.answer.MathTerm.Matrix;
import dev.socratic.datasets.answer.MathTerm.Num;
import dev.socratic.datasets.answer.MathTerm.Power;
import dev.socratic.datasets.answer.MathTerm.Product;
import dev.socratic.datasets.answer.MathTerm.Quantity;
import dev.socratic.datasets.answer.MathTerm.Ratio;
import dev.socratic.datasets.answer.MathTerm.Relation;
import dev.socratic.datasets.answer.MathTerm.SetOf;
import dev.socratic.datasets.answer.MathTerm.Sym;
import dev.socratic.datasets.answer.MathTerm.Union;
import dev.socratic.datasets.answer.MathTerm.Words;
import dev.socratic.datasets.answer.Relations.Named;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// Whether two answers that were read mean the same; containers and relations are taken apart here, formulas go to
/// [Formulas].
final class Comparison {
    private final Formulas formulas;
    private int left = Bounds.ELEMENTS * Bounds.ELEMENTS;

    Comparison(Formulas formulas) {
        this.formulas = formulas;
    }

    /// @throws Refusal if it cannot be said
    boolean same(MathTerm goldTerm, MathTerm answerTerm) {
        MathTerm gold = joined(Matrices.evaluated(goldTerm));
        MathTerm answer = joined(Matrices.evaluated(answerTerm));
        if (--left < 0) {
            throw new Refusal("too many comparisons");
        }
        if (isSize(gold) && answer instanceof Listing && united(answer) instanceof Union union) {
            return FreeVariables.of(gold).equals(FreeVariables.of(answer))
                    && same(intervalOf(gold).orElseThrow(), union);
        }
        if (isSize(answer) && gold instanceof Listing && united(gold) instanceof Union) {
            return same(answer, gold);
        }
        if (gold instanceof Relation || answer instanceof Relation) {
            return relations(gold, answer);
        }
        if (gold instanceof Quantity || answer instanceof Quantity) {
            return quantities(gold, answer);
        }
        if (isMany(gold) || isMany(answer)) {
            return unordered(gold, answer);
        }
        return switch (gold) {
            case Group g -> answer instanceof Group a && g.open() == a.open() && g.close() == a.close()
                    && ordered(g.items(), a.items())
                    || answer instanceof Listing l && g.open() == '(' && g.close() == ')'
                            && ordered(g.items(), l.items());
            case Ratio g -> answer instanceof Ratio a && ratios(g.parts(), a.parts());
            case Matrix g -> answer instanceof Matrix a && matrices(g, a);
            case Based g -> g.equals(answer);
            case Words g -> bare(g).equalsIgnoreCase(letters(answer));
            case MathTerm g when answer instanceof Words a -> bare(a).equalsIgnoreCase(letters(g));
            case MathTerm g when answer instanceof Group || answer instanceof Ratio || answer instanceof Matrix
                    || answer instanceof Based -> false;
            case MathTerm g -> infinite(g) || infinite(answer) ? infinity(g).equals(infinity(answer))
                    : formulas.equal(g, answer);
        };
    }

    /// The union of sets that are written out is a set, and the sign of the empty set is one.
    private static MathTerm joined(MathTerm term) {
        return switch (term) {
            case Union(List<MathTerm> parts) when parts.stream().map(Comparison::joined)
                    .allMatch(SetOf.class::isInstance) -> {
                List<MathTerm> items = parts.stream().map(Comparison::joined)
                        .flatMap(part -> ((SetOf) part).items().stream()).toList();
                Bounds.checkElements(items.size());
                yield new SetOf(items);
            }
            case Sym(String name) when name.equals("emptyset") || name.equals("varnothing") -> new SetOf(List.of());
            case MathTerm other -> other;
        };
    }

    /// Lists without brackets, sets, unions and values with both signs are compared as sets of values.
    private static boolean isMany(MathTerm term) {
        return term instanceof Listing || term instanceof SetOf || term instanceof Union || Signs.apart(term)
                .size() > 1;
    }

    private boolean unordered(MathTerm given, MathTerm said) {
        MathTerm gold = said instanceof Union ? united(given) : given;
        MathTerm answer = given instanceof Union ? united(said) : said;
        boolean union = gold instanceof Union || answer instanceof Union;
        if (union && !(gold instanceof Union && answer instanceof Union)) {
            return false;
        }
        if (answer instanceof Group tuple && gold instanceof Listing listing) {
            return tuple.open() == '(' && tuple.close() == ')' && ordered(inOrder(listing.items()), tuple.items());
        }
        if (gold instanceof Group tuple && answer instanceof Listing listing) {
            return tuple.open() == '(' && tuple.close() == ')' && ordered(tuple.items(), inOrder(listing.items()));
        }
        List<MathTerm> a = elements(gold);
        List<MathTerm> b = elements(answer);
        return a.stream().allMatch(x -> among(b, y -> same(x, y))) && b.stream().allMatch(y -> among(a,
                x -> same(x, y)));
    }

    /// @throws Refusal if none is the same and one cannot be compared: that three cats are no two dogs is known only
    ///                 once the cats are found
    private static boolean among(List<MathTerm> terms, Predicate<MathTerm> same) {
        Optional<Refusal> refused = Optional.empty();
        for (MathTerm term : terms) {
            try {
                if (same.test(term)) {
                    return true;
                }
            } catch (Refusal e) {
                refused = refused.or(() -> Optional.of(e));
            }
        }
        if (refused.isPresent()) {
            throw refused.get();
        }
        return false;
    }

    /// An inequality about a size, which stands for two intervals.
    private static boolean isSize(MathTerm term) {
        return term instanceof Relation relation && Relations.mirrored(relation).isPresent();
    }

    /// `x < 2 or x > 5` as the union of two intervals.
    private static MathTerm united(MathTerm term) {
        if (!(term instanceof Listing(List<MathTerm> items))
                || !items.stream().allMatch(item -> item instanceof Relation && intervalOf(item).isPresent())) {
            return term;
        }
        return new Union(items.stream().map(item -> intervalOf(item).orElseThrow()).toList());
    }

    /// `y = 1, x = 3` is the point (3, 1): coordinates stand in the order of their names.
    private static List<MathTerm> inOrder(List<MathTerm> items) {
        boolean named = items.stream().allMatch(item -> named(item).filter(n -> n.name().length() == 1).isPresent())
                && items.stream().map(item -> named(item).orElseThrow().name()).distinct().count() == items.size();
        return named ? items.stream().sorted(Comparator.comparing((MathTerm item) -> named(item).orElseThrow().name()))
                .toList() : items;
    }

    private static List<MathTerm> elements(MathTerm term) {
        List<MathTerm> direct = switch (term) {
            case Listing listing -> listing.items();
            case SetOf set -> set.items();
            case Union union -> union.parts();
            case MathTerm one -> List.of(one);
        };
        List<MathTerm> all = new ArrayList<>();
        direct.forEach(item -> all.addAll(Signs.apart(item)));
        return all;
    }

    private boolean ordered(List<MathTerm> gold, List<MathTerm> answer) {
        if (gold.size() != answer.size()) {
            return false;
        }
        for (int i = 0; i < gold.size(); i++) {
            if (!same(gold.get(i), answer.get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean matrices(Matrix gold, Matrix answer) {
        if (gold.rows().size() != answer.rows().size()) {
            return false;
        }
        for (int i = 0; i < gold.rows().size(); i++) {
            if (!ordered(gold.rows().get(i), answer.rows().get(i))) {
                return false;
            }
        }
        return true;
    }

    /// 7:32 = 14:64, but 12:00 is a time and not 1:0; so a part that is 0 makes every part count.
    private boolean ratios(List<MathTerm> gold, List<MathTerm> answer) {
        if (ordered(gold, answer)) {
            return true;
        }
        if (gold.size() != answer.size()) {
            return false;
        }
        List<MathTerm> quotients = new ArrayList<>();
        for (int i = 0; i < gold.size(); i++) {
            if (formulas.equal(gold.get(i), new Num(Rational.ZERO, -1))
                    || formulas.equal(answer.get(i), new Num(Rational.ZERO, -1))) {
                return false;
            }
            quotients.add(new Product(
                    List.of(gold.get(i), new Power(answer.get(i), new Num(Rational.of(-1), -1)))));
        }
        return quotients.stream().allMatch(q -> formulas.equal(quotients.getFirst(), q));
    }

    private boolean relations(MathTerm gold, MathTerm answer) {
        Optional<Named> a = named(gold);
        Optional<Named> b = named(answer);
        if (a.isPresent() && b.isPresent() && !a.get().name().equals(b.get().name())) {
            return gold instanceof Relation g && answer instanceof Relation h && formulaRelations(g, h);
        }
        if ((a.isPresent() || b.isPresent()) && intervals(gold, answer)) {
            return true;
        }
        if (a.isPresent() || b.isPresent()) {
            MathTerm left = a.map(Named::value).orElse(gold);
            MathTerm right = b.map(Named::value).orElse(answer);
            boolean values = !(left instanceof Relation && FreeVariables.of(left).size() > 0
                    && intervalOf(left).isEmpty()
                            || right instanceof Relation && FreeVariables.of(right).size() > 0 && intervalOf(right)
                                    .isEmpty())
                    && same(left, right);
            return values || gold instanceof Relation g && answer instanceof Relation h && formulaRelations(g, h);
        }
        Optional<MathTerm> computedGold = gold instanceof Relation g ? Relations.computed(g) : Optional.empty();
        Optional<MathTerm> computedAnswer = answer instanceof Relation h ? Relations.computed(h) : Optional.empty();
        if (computedGold.isPresent() || computedAnswer.isPresent()) {
            return same(computedGold.orElse(gold), computedAnswer.orElse(answer));
        }
        if (gold instanceof Relation g && answer instanceof Relation h && formulaRelations(g, h)) {
            return true;
        }
        return intervals(gold, answer);
    }

    /// An interval says less than an inequality: not which variable it is about; so both may be answers to the same
    /// question.
    private boolean intervals(MathTerm gold, MathTerm answer) {
        Optional<MathTerm> left = intervalOf(gold);
        Optional<MathTerm> right = intervalOf(answer);
        boolean bothNamed = gold instanceof Relation && answer instanceof Relation;
        return left.isPresent()
                && right.isPresent()
                && (!bothNamed || FreeVariables.of(gold).equals(FreeVariables.of(answer)))
                && same(left.get(), right.get());
    }

    private boolean formulaRelations(Relation gold, Relation answer) {
        return Relations.same(gold, answer, formulas);
    }

    private static Optional<Named> named(MathTerm term) {
        return term instanceof Relation relation ? Named.of(relation) : Optional.empty();
    }

    private static Optional<MathTerm> intervalOf(MathTerm term) {
        return switch (term) {
            case Relation relation when relation.operators().equals("\u2208") && relation.sides()
                    .get(1) instanceof Group group -> Optional.of(group);
            case Relation relation when relation.operators().equals("\u2208") && relation.sides()
                    .get(1) instanceof Union union -> Optional.of(union);
            case Relation relation -> Relations.interval(relation).map(MathTerm.class::cast)
                    .or(() -> Relations.mirrored(relation));
            case Group group -> Optional.of(group);
            case Union union -> Optional.of(union);
            case MathTerm other -> Optional.empty();
        };
    }

    /// A unit may be left out on one side; two units must be the same one. 28 % is also 0.28.
    private boolean quantities(MathTerm gold, MathTerm answer) {
        String unitOfGold = gold instanceof Quantity q ? Units.normal(q.unit()) : "";
        String unitOfAnswer = answer instanceof Quantity q ? Units.normal(q.unit()) : "";
        MathTerm a = gold instanceof Quantity q ? q.value() : without(unitOfAnswer, gold);
        MathTerm b = answer instanceof Quantity q ? q.value() : without(unitOfGold, answer);
        if (!unitOfGold.isEmpty() && !unitOfAnswer.isEmpty() && !Units.agree(unitOfGold, unitOfAnswer)) {
            throw new Refusal("the units %s and %s, which are not converted".formatted(unitOfGold, unitOfAnswer));
        }
        if (isMany(a) || isMany(b) || a instanceof Group || b instanceof Group) {
            return same(a, b);
        }
        return same(a, b)
                || (unitOfGold + unitOfAnswer).equals("%") && formulas.equal(gold, answer);
    }

    /// Letters alone are factors: `5 m` is 5 times m, but beside five metres the m is a unit.
    private static MathTerm without(String unit, MathTerm term) {
        if (!(term instanceof Product(List<MathTerm> factors))) {
            return term;
        }
        int first = factors.size();
        StringBuilder letters = new StringBuilder();
        while (first > 1 && letters(factors.get(first - 1), letters.isEmpty()).isPresent()) {
            first--;
            letters.insert(0, letters(factors.get(first), letters.isEmpty()).get());
        }
        return first < factors.size() && Units.normal(letters.toString()).equals(unit)
                ? first == 1 ? factors.getFirst() : new Product(factors.subList(0, first)) : term;
    }

    private static Optional<String> letters(MathTerm factor, boolean last) {
        return switch (factor) {
            case Sym sym -> Optional.of(sym.name());
            case Power(Sym sym, Num exponent) when last -> Optional.of(sym.name() + "^" + exponent.value());
            case MathTerm other -> Optional.empty();
        };
    }

    private static boolean infinite(MathTerm term) {
        return infinity(term).isPresent();
    }

    /// @return 1 or -1 for plus or minus infinity
    private static Optional<Integer> infinity(MathTerm term) {
        return switch (term) {
            case Sym sym when sym.name().equals("infinity") -> Optional.of(1);
            case Product(List<MathTerm> factors)
            when factors.size() == 2 && factors.get(0) instanceof Num n && factors.get(1).equals(new Sym("infinity")) ->
                Optional.of(n.value().sign());
            case MathTerm other -> Optional.empty();
        };
    }

    /// A choice is the same with and without brackets: `(C)`.
    private static String bare(Words words) {
        return words.text().matches("\\(.*\\)") ? words.text().substring(1, words.text().length() - 1) : words.text();
    }

    /// @return the letters of a product of letters, as a word is written in a formula; empty text if it is anything
    /// else
    private static String letters(MathTerm term) {
        return switch (term) {
            case Words words -> bare(words);
            case Sym sym -> sym.name();
            case Product product -> {
                StringBuilder word = new StringBuilder();
                for (MathTerm factor : product.factors()) {
                    if (!(factor instanceof Sym letter) || letter.name().length() > 1) {
                        yield "";
                    }
                    word.append(letter.name());
                }
                yield word.toString().toLowerCase(Locale.ROOT);
            }
            case MathTerm other -> "";
        };
    }
}
