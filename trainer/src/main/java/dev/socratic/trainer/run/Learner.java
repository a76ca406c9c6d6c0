package dev.socratic.trainer.run;

import dev.socratic.trainer.config.KeepBest;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.rollout.RolloutState;
import dev.socratic.trainer.run.checkpoint.TrainState;
import dev.socratic.trainer.step.Backward;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What learns, as [TrainingLoop] sees it: a decoder or an encoder.
///
/// @param <B> its micro-batches
public interface Learner<B> {
    /// @return what the next step learns from
    StepBatch<B> next(TrainState state);

    /// Forward, loss and backward of a step: adds the gradients of its mean loss to those of the weights.
    ///
    /// @param progress share of the budget used when the step is over, 0 to 1
    StepResult backward(StepBatch<B> batch, double progress);

    /// Waits for what is under way beside the step, for a checkpoint.
    ///
    /// @return the state with it
    default TrainState kept(TrainState state) {
        return state;
    }

    /// @return what the held-out rows say; empty where there are none
    Optional<HeldOutLoss> evaluate(TrainState state);

    /// What a step learns from.
    ///
    /// @param microBatches  in their order
    /// @param tokens        input tokens that are no padding
    /// @param lossTokens    tokens of the loss mask: predictions that count
    /// @param empty         whether there is nothing to learn from
    /// @param reused        whether the next step learns from the same rows again: a pass over the data ends after it
    /// @param before        the state before the step, which remembers these rows
    /// @param metrics       of the rows themselves, such as the mean length of answers the student wrote, by name
    /// @param source        which rows of the data they are
    record StepBatch<B>(List<B> microBatches, int tokens, int lossTokens, boolean empty, boolean reused,
            TrainState before, Map<String, Double> metrics, Source source) {
        public StepBatch {
            microBatches = List.copyOf(microBatches);
        }
    }

    /// Where a step's rows come from.
    ///
    /// @param rows    numbers of the rows of the data, from 0, each once, in the order they stand in the micro-batches
    /// @param written whether a model wrote answers to their prompts, in the place of theirs or beside them
    record Source(List<Integer> rows, boolean written) {
        public Source {
            rows = List.copyOf(rows);
        }

        /// @param written see above
        public static Source of(List<MicroBatch> batches, boolean written) {
            return new Source(batches.stream().flatMap(batch -> batch.tokenRows().stream()).map(TokenRow::number)
                    .filter(number -> number != TokenRow.NONE).distinct().toList(), written);
        }
    }

    /// @param totals  mean loss and accuracy
    /// @param terms   raw mean of each term of the objective
    /// @param metrics of the objective besides, by name
    /// @param rolloutState what the run has learned about itself, after the step
    record StepResult(Backward.Totals totals, List<Double> terms, Map<String, Double> metrics,
            RolloutState rolloutState) {}

    /// @param totals  mean loss and accuracy
    /// @param metrics of the objective besides, by name
    /// @param rolloutState what the run has learned about itself, with the measurement
    record HeldOutLoss(Backward.Totals totals, Map<String, Double> metrics, RolloutState rolloutState) {
        /// What the score of a task stands under among the metrics, before its name.
        static final String SCORE = "score_";

        /// @param by as [KeepBest] names it
        double measure(String by) {
            return switch (by) {
                case KeepBest.LOSS -> totals.loss();
                case KeepBest.ACCURACY -> totals.accuracy();
                default -> metrics.getOrDefault(SCORE + by, Double.NaN);
            };
        }
    }
}
