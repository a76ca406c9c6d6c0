package dev.socratic.trainer.run;

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
    record StepBatch<B>(List<B> microBatches, int tokens, int lossTokens, boolean empty, boolean reused,
            TrainState before, Map<String, Double> metrics) {
        public StepBatch {
            microBatches = List.copyOf(microBatches);
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
    record HeldOutLoss(Backward.Totals totals, Map<String, Double> metrics, RolloutState rolloutState) {}
}
