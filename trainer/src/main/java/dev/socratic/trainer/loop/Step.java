package dev.socratic.trainer.loop;

import dev.socratic.trainer.batch.MicroBatch;
import java.util.List;

/// The micro-batches of one optimiser step.
record Step(List<MicroBatch> batches) {
    Step {
        batches = List.copyOf(batches);
    }

    /// @return the divisors of its losses
    Sizes sizes() {
        int given = batches.stream().mapToInt(batch -> batch.given().length).sum();
        int second = batches.stream().filter(MicroBatch::paired).mapToInt(MicroBatch::secondSamples).sum();
        int pairs = batches.stream().mapToInt(MicroBatch::pairs).sum();
        return new Sizes(counting(), samples(), given, counting() - given, pairs, samples() - second);
    }

    /// @return input tokens that are no padding
    int tokens() {
        return batches.stream().mapToInt(MicroBatch::tokens).sum();
    }

    /// @return samples with a prediction that counts
    int samples() {
        return batches.stream().mapToInt(MicroBatch::samples).sum();
    }

    /// @return predictions that count: the divisor of the step's loss
    int counting() {
        return batches.stream().mapToInt(MicroBatch::counting).sum();
    }
}
