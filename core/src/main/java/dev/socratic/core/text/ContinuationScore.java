package dev.socratic.core.text;

/// How likely a continuation is.
///
/// @param logProbability sum of the log probabilities of its tokens, in nats
/// @param tokens         how many tokens it has
/// @param greedy         whether every one of them was the likeliest
/// @param lost           tokens of the context's beginning that the model's context had no room for: 0 where it was
///                       read whole
public record ContinuationScore(double logProbability, int tokens, boolean greedy, int lost) {
    /// Of a context that was read whole.
    public ContinuationScore(double logProbability, int tokens, boolean greedy) {
        this(logProbability, tokens, greedy, 0);
    }
}
