package dev.socratic.models.network;

/// The shape of the attention, the same in every layer.
///
/// @param heads      query heads
/// @param kvHeads    key and value heads; each serves `heads / kvHeads` query heads
/// @param dim        width of a head
/// @param rotated    how many leading coordinates of a head turn with the position
/// @param bias       whether query, key and value add a bias
/// @param outputBias whether the output adds a bias
/// @param headNorm   what is normed in queries and keys before they turn
/// @param multiplier of the scores; 0 is the usual one, `1 / sqrt(dim)`
/// @param softCap    bound of the scores, `cap * tanh(score / cap)`; 0 has none
public record Attention(
        int heads, int kvHeads, int dim, int rotated, boolean bias, boolean outputBias, HeadNorm headNorm,
        double multiplier, double softCap) {
    /// What is normed in queries and keys.
    public enum HeadNorm {
        NONE,
        /// Each head by itself, with one weight per coordinate of a head (Qwen 3, Gemma 3).
        HEAD,
        /// All heads together, with one weight per coordinate of all heads (OLMo 2).
        WHOLE
    }

    /// Attention without any of the extras: whole heads turn, scores are scaled as usual.
    public static Attention plain(int heads, int kvHeads, int dim) {
        return new Attention(heads, kvHeads, dim, dim, false, false, HeadNorm.NONE, 0, 0);
    }

    /// @return what scores are divided by
    double divisor() {
        return multiplier == 0 ? Math.sqrt(dim) : 1 / multiplier;
    }
}
