package dev.socratic.core.text;

/// How likely a continuation is.
///
/// @param logProbability sum of the log probabilities of its tokens, in nats
/// @param tokens         how many tokens it has
/// @param greedy         whether every one of them was the likeliest
public record ContinuationScore(double logProbability, int tokens, boolean greedy) {}
