package dev.socratic.datasets.answer;

import java.util.List;

/// An answer, read.
sealed interface MathTerm {
    /// @param decimals how many digits stood after the point; -1 if there was no point
    record Num(Rational value, int decimals) implements MathTerm {}

    /// A variable or a constant: `x`, `a_37`, `pi`, `infinity`.
    record Sym(String name) implements MathTerm {}

    /// Words that are no formula: `Evelyn`, `The midpoints form a regular hexagon`.
    record Words(String text) implements MathTerm {}

    /// Digits with a base: `204_5`. Compared as written.
    record Based(String digits, String base) implements MathTerm {}

    record Sum(List<MathTerm> terms) implements MathTerm {}

    record Product(List<MathTerm> factors) implements MathTerm {}

    record Power(MathTerm base, MathTerm exponent) implements MathTerm {}

    /// `sqrt`, `root` (of, n), `sin`, `ln`, `abs`, `factorial`, `binomial`, `sum`, ...
    record Call(String function, List<MathTerm> arguments) implements MathTerm {
        /// @return whether it is `sum` or `prod`, of its variable, first and last value, and term
        boolean isSeries() {
            return function.equals("sum") || function.equals("prod");
        }
    }

    /// `+-x`, or `-+x`: one sign for all of them in an answer, `minusFirst` the opposite one.
    record BothSigns(MathTerm of, boolean minusFirst) implements MathTerm {}

    /// A value with a unit; `%` is one.
    record Quantity(MathTerm value, String unit) implements MathTerm {}

    /// `(a, b)`, `[a, b)`: a tuple or an interval, brackets as written.
    record Group(char open, char close, List<MathTerm> items) implements MathTerm {}

    /// `\{a, b\}`.
    record SetOf(List<MathTerm> items) implements MathTerm {}

    /// `a, b and c` without brackets.
    record Listing(List<MathTerm> items) implements MathTerm {}

    record Union(List<MathTerm> parts) implements MathTerm {}

    /// `a : b`.
    record Ratio(List<MathTerm> parts) implements MathTerm {}

    /// `a < b = c`; `operators` has one less than `sides`: `=`, `<`, `>`, `≤`, `≥`, `≠`, `≈`, `∈`.
    record Relation(List<MathTerm> sides, String operators) implements MathTerm {}

    record Matrix(List<List<MathTerm>> rows) implements MathTerm {}
}
