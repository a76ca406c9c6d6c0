package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.MathTerm.Num;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Whether two formulas have the same value everywhere.
///
/// Both are evaluated at a few fixed points whose coordinates are fractions with large primes in them. As long as
/// only rational operations happen, values are exact, and two different formulas agree at all points only if the
/// points were chosen against them (Schwartz 1980, Zippel 1979). Where roots, logarithms, pi and the like come in,
/// values are doubles and must agree to [#TOLERANCE], relatively; so two constants that differ by less pass for
/// equal. A formula that is defined at a point where the other is not is another formula.
final class Formulas {
    private static final double TOLERANCE = 1e-11;
    private static final int POINTS = 5;
    private static final int NEEDED = 2;
    private static final int[] PRIMES = {7919, 10007, 12553, 15485, 17389, 20011, 22307, 25013, 27449, 30011, 32003,
            34057};

    private final int decimals;

    /// @param decimals how many digits after the point a rounded number must have to stand for an exact one
    Formulas(int decimals) {
        this.decimals = decimals;
    }

    /// @throws Refusal if one of them cannot be evaluated
    boolean equal(MathTerm gold, MathTerm answer) {
        Value.Steps steps = new Value.Steps();
        SortedSet<String> variables = new TreeSet<>(FreeVariables.of(gold));
        SortedSet<String> others = FreeVariables.of(answer);
        if (variables.isEmpty() && others.isEmpty()) {
            return sameConstant(gold, answer, steps);
        }
        variables.addAll(others);
        int agreed = 0;
        for (int i = 0; i < POINTS; i++) {
            SortedMap<String, Rational> point = point(variables, i);
            Value a = Value.at(gold, point, steps);
            Value b = Value.at(answer, point, steps);
            if (Double.isNaN(a.number()) && Double.isNaN(b.number())) {
                continue;
            }
            if (!same(a, b)) {
                return false;
            }
            agreed++;
        }
        if (agreed < NEEDED) {
            throw new Refusal("a formula that is not defined over the reals");
        }
        return true;
    }

    /// Whether `a = c * b` for one and the same number c: equations may be multiplied by c, inequalities by a
    /// positive one.
    ///
    /// @return the sign of c, or empty if there is none
    OptionalInt proportion(MathTerm gold, MathTerm answer) {
        Value.Steps steps = new Value.Steps();
        SortedSet<String> variables = new TreeSet<>(FreeVariables.of(gold));
        variables.addAll(FreeVariables.of(answer));
        List<Value> ratios = new ArrayList<>();
        for (int i = 0; i < POINTS && !variables.isEmpty(); i++) {
            SortedMap<String, Rational> point = point(variables, i);
            Value a = Value.at(gold, point, steps);
            Value b = Value.at(answer, point, steps);
            if (!Double.isFinite(a.number()) || !Double.isFinite(b.number()) || a.number() == 0 || b.number() == 0) {
                return OptionalInt.empty();
            }
            ratios.add(a.exact().isPresent() && b.exact().isPresent()
                    ? Value.of(a.exact().get().times(b.exact().get().inverse()))
                    : Value.of(a.number() / b.number()));
        }
        if (ratios.isEmpty() || !ratios.stream().allMatch(ratio -> same(ratio, ratios.getFirst()))) {
            return OptionalInt.empty();
        }
        return OptionalInt.of((int) Math.signum(ratios.getFirst().number()));
    }

    private boolean sameConstant(MathTerm gold, MathTerm answer, Value.Steps steps) {
        Value a = Value.at(gold, Map.of(), steps);
        Value b = Value.at(answer, Map.of(), steps);
        if (Double.isNaN(a.number()) || Double.isNaN(b.number())) {
            throw new Refusal("a number that is not real");
        }
        return same(a, b) || rounds(gold, a, b) || rounds(answer, b, a);
    }

    /// A decimal number stands for an exact one that no decimal number can be (1/3, the root of 2), if it has at
    /// least `decimals` digits after the point and rounds to the same there. An integer or a shorter decimal never
    /// does: 17.9999999 is no 18.
    private boolean rounds(MathTerm written, Value rounded, Value exact) {
        boolean decimal = written instanceof Num num && num.decimals() >= decimals;
        boolean endless = exact.exact().map(e -> !e.isTerminating()).orElse(true);
        double size = Math.abs(exact.number());
        return decimal
                && endless
                && rounded.number() != 0
                && Math.abs(rounded.number() - exact.number()) <= 0.5000001 * Math.pow(10, -decimals)
                && Math.abs(rounded.number() - exact.number()) <= size * Math.pow(10, -decimals / 2.0);
    }

    private static boolean same(Value a, Value b) {
        if (a.exact().isPresent() && b.exact().isPresent()) {
            return a.exact().get().equals(b.exact().get());
        }
        double size = Math.max(Math.abs(a.number()), Math.abs(b.number()));
        return Double.isFinite(size) && Math.abs(a.number() - b.number()) <= TOLERANCE * size;
    }

    /// Coordinates between 1/4 and 4, every other point with some of them negative.
    private static SortedMap<String, Rational> point(SortedSet<String> variables, int index) {
        SortedMap<String, Rational> point = new TreeMap<>();
        int i = index * 3;
        for (String variable : variables) {
            long over = PRIMES[i % PRIMES.length] + 2L * (i / PRIMES.length) + 4L * index;
            long under = PRIMES[(i * 5 + 7) % PRIMES.length] + 6L * i;
            boolean negative = index % 2 == 1 && (point.size() + index / 2) % 2 == 0;
            point.put(variable, Rational.of(negative ? -over : over).times(Rational.of(under).inverse()));
            i++;
        }
        return point;
    }
}
