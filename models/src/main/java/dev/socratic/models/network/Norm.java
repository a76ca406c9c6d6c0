package dev.socratic.models.network;

/// How activations are normed.
///
/// @param epsilon added under the root
public record Norm(Kind kind, double epsilon) {
    public enum Kind {
        /// `x / rms(x) * weight` (Zhang and Sennrich 2019, arXiv:1910.07467)
        RMS,
        /// `x / rms(x) * (1 + weight)` (Gemma)
        RMS_PLUS_ONE,
        /// `(x - mean(x)) / deviation(x) * weight + bias` (Ba et al. 2016, arXiv:1607.06450)
        LAYER
    }
}
