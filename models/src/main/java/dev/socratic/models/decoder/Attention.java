package dev.socratic.models.decoder;

/// The shape of a layer's attention.
///
/// @param heads   query heads
/// @param kvHeads key and value heads; each serves `heads / kvHeads` query heads
/// @param dim     width of a head
/// @param bias    whether query, key and value add a bias
/// @param qkNorm  whether queries and keys are normed before they turn
/// @param window  how many positions back a position sees; 0 sees all
/// @param softCap bound of the scores, `cap * tanh(score / cap)`; 0 has none
public record Attention(int heads, int kvHeads, int dim, boolean bias, boolean qkNorm, int window, double softCap) {
    /// Attention without any of the extras.
    public static Attention plain(int heads, int kvHeads, int dim) {
        return new Attention(heads, kvHeads, dim, false, false, 0, 0);
    }
}
