package dev.socratic.models.decoder;

/// The bend of the feed-forward part.
public enum Activation {
    /// x * sigmoid(x)
    SILU,
    /// x * normal cumulative distribution of x, by the tanh approximation
    GELU_TANH
}
