package dev.socratic.trainer.teacher;

import ai.djl.ndarray.NDArray;
import dev.socratic.trainer.logits.StoreKernel;
import dev.socratic.trainer.logits.StoredDistributions;
import java.util.function.Supplier;

/// What a store kept of a teacher's distributions for some tokens, where it did not keep all of them.
public final class PartialDistribution {
    private final StoreKernel kernel;
    private final StoredDistributions kept;
    private final Supplier<float[]> labels;

    PartialDistribution(StoreKernel kernel, StoredDistributions kept, Supplier<float[]> labels) {
        this.kernel = kernel;
        this.kept = kept;
        this.labels = labels;
    }

    /// KL(kept || student).
    ///
    /// @param logits of the student, `[tokens, vocab]`, divided by the store's temperature
    /// @return nats, `[tokens]`, with their graph
    public NDArray kl(NDArray logits) {
        return kernel.kl(logits, kept);
    }

    /// @return log probability of each label, of a store that knows it; not a number where it does not
    public float[] labelLogProbs() {
        return labels.get();
    }
}
