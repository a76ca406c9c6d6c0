package dev.socratic.eval.task;

import dev.socratic.core.config.Default;

/// Asking until the score is known well enough, instead of asking everything: questions come in a drawn order, in
/// lots, and after each the interval of the score ([dev.socratic.eval.stats.ConfidenceSequence]) is looked at. It holds
/// however often one looks, so it is the interval that is stated.
///
/// @param halfWidth half the width of the 95 % interval that is narrow enough, above 0 and below 0.5
/// @param batch     questions asked between two looks, at least 1
public record SequentialStop(double halfWidth, @Default("50") int batch) {
    public SequentialStop {
        if (!(halfWidth > 0 && halfWidth < 0.5)) {
            throw new IllegalArgumentException(
                    "half_width: above 0 and below 0.5; got %s; 0.03 is plus or minus 3 points".formatted(halfWidth));
        }
        if (batch < 1) {
            throw new IllegalArgumentException("batch: at least 1; got %s".formatted(batch));
        }
    }
}
