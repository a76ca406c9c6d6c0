package dev.socratic.trainer.teacher;

import ai.djl.ndarray.NDArray;

/// What a store kept of a teacher's distributions for some tokens, where it did not keep all of them.
public interface PartialDistribution {
    /// KL(kept || student).
    ///
    /// @param logits of the student, `[tokens, vocab]`, divided by the store's temperature
    /// @return nats, `[tokens]`, with their graph
    NDArray kl(NDArray logits);

    /// @return log probability of each label, of a store that knows it; not a number where it does not
    float[] labelLogProbs();

    /// Of a teacher that none of these rows listens to.
    PartialDistribution UNASKED = new PartialDistribution() {
        @Override
        public NDArray kl(NDArray logits) {
            throw new IllegalStateException("a teacher that no row listens to");
        }

        @Override
        public float[] labelLogProbs() {
            throw new IllegalStateException("a teacher that no row listens to");
        }
    };
}
