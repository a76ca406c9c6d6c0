package dev.socratic.trainer.loss;

/// What a model says of some tokens, in three numbers each; over the ids that both sides know.
///
/// @param labels  log probability of the token that follows, nats
/// @param entropy of the distribution over the logarithm of its width, from 0 to 1
/// @param largest probability of the likeliest token
public record TokenStats(float[] labels, float[] entropy, float[] largest) {
    public static final TokenStats UNREAD = new TokenStats(new float[0], new float[0], new float[0]);

    /// @return how many tokens there are
    public int size() {
        return labels.length;
    }
}
