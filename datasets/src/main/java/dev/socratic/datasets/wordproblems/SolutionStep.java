package dev.socratic.datasets.wordproblems;

import java.util.Objects;

/// One line of a worked solution.
///
/// @param result what the operation gives; computed, never stated
public record SolutionStep(int left, Operation operation, int right, int result) {
    public SolutionStep {
        Objects.requireNonNull(operation);
    }

    static SolutionStep of(int left, Operation operation, int right) {
        return new SolutionStep(left, operation, right, operation.apply(left, right));
    }

    /// @return `24 + 16 = 40`
    @Override
    public String toString() {
        return "%s %c %s = %s".formatted(left, operation.symbol(), right, result);
    }
}
