package dev.socratic.trainer.run;

import dev.socratic.trainer.config.Budget;
import dev.socratic.trainer.data.BatchStream;
import dev.socratic.trainer.run.checkpoint.TrainState;

/// How much of a run's budget is used.
///
/// @param stream   what the run reads
/// @param passRows rows of one pass over the data; used by a budget of epochs only
public record BudgetTracker(Budget budget, BatchStream stream, long passRows) {

    /// @return whether the passes of a budget of epochs are read to their end
    public boolean passesDone() {
        return budget instanceof Budget.Epochs epochs && stream.position().epoch() >= epochs.n();
    }

    /// @return whether a step that ends here is the last
    boolean over(long step, long tokens) {
        return over(step, tokens, false);
    }

    /// @param again whether what the step was made of is to be learned from again, which ends no pass
    boolean over(long step, long tokens, boolean again) {
        return switch (budget) {
            case Budget.Steps steps -> step >= steps.n();
            case Budget.Tokens limit -> tokens >= limit.n();
            case Budget.Epochs ignored -> passesDone() && !again;
        };
    }

    /// @return share of the budget that is used when a step ends here, at most 1
    double share(long step, long tokens) {
        return Math.min(1, switch (budget) {
            case Budget.Steps steps -> (double) step / steps.n();
            case Budget.Tokens limit -> (double) tokens / limit.n();
            case Budget.Epochs epochs -> stream.epochs(passRows) / epochs.n();
        });
    }

    /// @return what [#goal] and [#done] count
    String unit() {
        return switch (budget) {
            case Budget.Steps ignored -> "steps";
            case Budget.Tokens ignored -> "tokens";
            case Budget.Epochs ignored -> "rows";
        };
    }

    /// Progress is told in the budget's own unit.
    long goal() {
        return switch (budget) {
            case Budget.Steps steps -> steps.n();
            case Budget.Tokens limit -> limit.n();
            case Budget.Epochs epochs -> epochs.n() * passRows;
        };
    }

    /// @return how much of [#goal] is done
    long done(TrainState state) {
        return Math.min(goal(), switch (budget) {
            case Budget.Steps ignored -> state.step();
            case Budget.Tokens ignored -> state.tokens();
            case Budget.Epochs ignored -> Math.round(stream.epochs(passRows) * passRows); // also inside a window
        });
    }
}
