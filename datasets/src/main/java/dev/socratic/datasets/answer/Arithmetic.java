package dev.socratic.datasets.answer;

import java.util.Map;
import java.util.Optional;

/// The value of an arithmetic expression, by the rules answers are compared with: exact as long as only rational
/// operations happen.
public final class Arithmetic {
    private Arithmetic() {}

    /// @param expression such as `(48 + 2) / 4`
    /// @return its value, a whole number, a fraction as `7/2`, or a decimal where it is none; empty where it is no
    ///         expression of numbers, or beyond what is computed
    public static Optional<String> value(String expression) {
        try {
            Value value = Value.at(Parser.parse(Latex.clean(expression)), Map.of(), new Value.Steps());
            return value.exact().map(Rational::toString)
                    .or(() -> Double.isFinite(value.number()) ? Optional.of(Double.toString(value.number()))
                            : Optional.empty());
        } catch (Refusal refused) {
            return Optional.empty();
        }
    }
}
