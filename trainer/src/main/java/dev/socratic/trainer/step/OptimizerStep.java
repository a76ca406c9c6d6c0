package dev.socratic.trainer.step;

import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.loss.StepSizes;
import java.util.List;

/// The micro-batches of one optimiser step.
public record OptimizerStep(List<MicroBatch> batches) {
    public OptimizerStep {
        batches = List.copyOf(batches);
    }

    /// @return the divisors of its losses
    StepSizes sizes() {
        int given = batches.stream().mapToInt(batch -> batch.chosenPositions().length).sum();
        int second = batches.stream().filter(MicroBatch::paired).mapToInt(MicroBatch::rejectedSamples).sum();
        int pairs = batches.stream().mapToInt(MicroBatch::pairs).sum();
        return new StepSizes(lossTokens(), samples(), given, lossTokens() - given, pairs, samples() - second);
    }

    /// @return input tokens that are no padding
    public int tokens() {
        return batches.stream().mapToInt(MicroBatch::tokens).sum();
    }

    /// @return samples with a prediction that counts
    public int samples() {
        return batches.stream().mapToInt(MicroBatch::samples).sum();
    }

    /// @return predictions that count: the divisor of the step's loss
    public int lossTokens() {
        return batches.stream().mapToInt(MicroBatch::lossTokens).sum();
    }
}
