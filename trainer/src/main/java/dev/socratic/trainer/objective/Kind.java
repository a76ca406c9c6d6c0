package dev.socratic.trainer.objective;

/// What the last axis of a signal means. A view maps kind to kind, a distance lists the kinds it takes, so a senseless pair is refused when the
/// config is read: no weights, no tensors.
public enum Kind {
    /// Unnormalised log probabilities over the vocabulary.
    LOGITS
}
