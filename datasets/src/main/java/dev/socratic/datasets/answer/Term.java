package dev.socratic.datasets.answer;

import java.util.List;

/// An answer, read.
sealed interface Term {
    /// @param decimals how many digits stood after the point; -1 if there was no point
    record Num(Rational value, int decimals) implements Term {}

    /// A variable or a constant: `x`, `a_37`, `pi`, `infinity`.
    record Sym(String name) implements Term {}

    /// Words that are no formula: `Evelyn`, `The midpoints form a regular hexagon`.
    record Words(String text) implements Term {}

    /// Digits with a base: `204_5`. Compared as written.
    record Based(String digits, String base) implements Term {}

    record Sum(List<Term> terms) implements Term {}

    record Product(List<Term> factors) implements Term {}

    record Power(Term base, Term exponent) implements Term {}

    /// `sqrt`, `root` (of, n), `sin`, `ln`, `abs`, `factorial`, `binomial`, `sum`, ...
    record Call(String function, List<Term> arguments) implements Term {
        /// @return whether it is `sum` or `prod`, of its variable, first and last value, and term
        boolean isSeries() {
            return function.equals("sum") || function.equals("prod");
        }
    }

    /// `+-x`, or `-+x`: one sign for all of them in an answer, `minusFirst` the opposite one.
    record BothSigns(Term of, boolean minusFirst) implements Term {}

    /// A value with a unit; `%` is one.
    record Quantity(Term value, String unit) implements Term {}

    /// `(a, b)`, `[a, b)`: a tuple or an interval, brackets as written.
    record Group(char open, char close, List<Term> items) implements Term {}

    /// `\{a, b\}`.
    record SetOf(List<Term> items) implements Term {}

    /// `a, b and c` without brackets.
    record Listing(List<Term> items) implements Term {}

    record Union(List<Term> parts) implements Term {}

    /// `a : b`.
    record Ratio(List<Term> parts) implements Term {}

    /// `a < b = c`; `operators` has one less than `sides`: `=`, `<`, `>`, `≤`, `≥`, `≠`, `≈`, `∈`.
    record Relation(List<Term> sides, String operators) implements Term {}

    record Matrix(List<List<Term>> rows) implements Term {}
}
