package dev.socratic.trainer.run;

import dev.socratic.core.error.DataException;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.trainer.run.checkpoint.TrainState;

/// Why a run ends before its budget does.
final class StopReasons {
    private StopReasons() {}

    /// @param most steps in a row that may be no numbers
    /// @return the state, as long as it is worth going on
    /// @throws DataException where it is not
    static TrainState guarded(TrainState state, int most) {
        if (state.badInRow() >= most) {
            throw new DataException(
                    "step " + state.step(),
                    "a finite loss and gradient",
                    "%s steps in a row without".formatted(state.badInRow()),
                    "lower optimizer.learning_rate, lengthen optimizer.warmup, and look for damaged rows; the last "
                            + "checkpoint is kept");
        }
        return state;
    }

    static RetryLaterException interrupted(TrainState state, BudgetTracker spending) {
        return new RetryLaterException(
                "training", "to reach the end of its budget",
                        "an interrupt after step %s (%s of %s %s), which is kept".formatted(
                state.step(), spending.done(state), spending.goal(), spending.unit()),
                        "run the same command: it goes on from there, nothing is lost");
    }
}
