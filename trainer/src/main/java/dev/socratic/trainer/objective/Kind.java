package dev.socratic.trainer.objective;

/// What the last axis of a signal means. A view maps kind to kind, a distance lists the kinds it takes, so a
/// senseless pair is refused when the config is read: no weights, no tensors.
public enum Kind {
    /// Unnormalised log-probabilities: a softmax over the axis makes a distribution of them.
    LOGITS,
    /// Probabilities that sum to 1.
    PROBS,
    /// Coordinates of a point: lengths and angles mean something.
    VECTORS,
    /// Numbers side by side that are compared one by one, such as distances between samples.
    SCALARS
}
