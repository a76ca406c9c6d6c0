package dev.socratic.trainer.store;

import ai.djl.ndarray.NDArray;

/// What a store kept of a teacher's distributions for some tokens, where it did not keep all of them.
public interface Kept {
    /// KL(kept || student).
    ///
    /// @param logits of the student, `[tokens, vocab]`, divided by the store's temperature
    /// @return nats, `[tokens]`, with their graph
    NDArray kl(NDArray logits);
}
