package dev.socratic.trainer.config;

import dev.socratic.core.config.Aka;
import dev.socratic.core.config.Default;

/// A run ends before its budget where evaluations get no better, by the measure of `keep_best`, or by held-out loss
/// where that is left out. The learning rate's schedule stays that of the budget.
///
/// @param patience evaluations in a row that are no better
/// @param minDelta by how much one has to be better to count as such
public record EarlyStop(@Default("3") @Aka("early_stopping_patience") int patience,
        @Default("0.0") @Aka({"early_stopping_threshold", "threshold"}) double minDelta) {
    public EarlyStop {
        Limits.atLeast("patience", patience, 1);
        if (!(minDelta >= 0)) {
            throw new IllegalArgumentException("min_delta must not be negative; got " + minDelta);
        }
    }
}
