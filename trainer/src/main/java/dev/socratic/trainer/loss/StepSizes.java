package dev.socratic.trainer.loss;

/// What an optimiser step is made of: the divisors of its losses.
///
/// @param tokens         predictions that count
/// @param samples        rows that have any
/// @param chosenTokens   predictions that count on given rows, which are all but the second rows of pairs
/// @param rejectedTokens those on second rows
/// @param pairs          pairs of rows
/// @param chosenSamples  given rows that have a prediction that counts
public record StepSizes(int tokens, int samples, int chosenTokens, int rejectedTokens, int pairs, int chosenSamples) {
    /// A step without pairs.
    static StepSizes single(int tokens, int samples) {
        return new StepSizes(tokens, samples, tokens, 0, 0, samples);
    }
}
