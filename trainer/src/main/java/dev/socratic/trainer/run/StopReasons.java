package dev.socratic.trainer.run;

import dev.socratic.core.error.DataException;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.trainer.run.checkpoint.TrainState;
import java.util.Optional;

/// Why a run ends before its budget does.
final class StopReasons {
    private StopReasons() {}

    /// @param most steps in a row that may be no numbers
    /// @throws DataException where going on is not worth it
    static void requireFinite(TrainState state, int most) {
        if (state.badInRow() >= most) {
            throw new DataException(
                    "step " + state.step(),
                    "a finite loss and gradient",
                    "%s steps in a row without".formatted(state.badInRow()),
                    "lower optimizer.learning_rate, lengthen optimizer.warmup, and look for damaged rows; the last "
                            + "checkpoint is kept");
        }
    }

    /// @throws DataException naming the alarm that ends the run, where one does
    static void requireNoAlarm(TrainState state) {
        Optional<String> alarm = state.rolloutState().history().stop();
        if (alarm.isPresent()) {
            throw new DataException("step " + state.step(), "no alarm that stops the run", alarm.get(),
                    "change the objective or the learning rate, or write alarms with then: warn; the checkpoint of "
                            + "this step is kept");
        }
    }

    static RetryLaterException interrupted(TrainState state, BudgetTracker budget) {
        return new RetryLaterException(
                "training", "to reach the end of its budget",
                        "an interrupt after step %s (%s of %s %s), which is kept".formatted(
                state.step(), budget.done(state), budget.goal(), budget.unit()),
                        "run the same command: it goes on from there, nothing is lost");
    }
}
