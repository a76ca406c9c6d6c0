package dev.socratic.trainer.config;

/// How rows become micro-batches, and whether padding is computed with.
///
/// Loss and gradients of given rows are the same either way but for rounding; which rows meet in a step is not.
public enum Packing {
    /// Rows of similar length side by side, the shorter ones padded.
    NONE,
    /// Best-fit decreasing, TRL's name for it: rows of all lengths fill a micro-batch up to `micro_tokens`, and lie end
    /// to end without padding; positions begin anew with each row, and none sees another.
    BFD
}
