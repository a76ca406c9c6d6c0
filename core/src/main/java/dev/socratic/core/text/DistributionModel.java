package dev.socratic.core.text;

import java.util.List;

/// A model that says what it expects at every position of a given text: local weights (module `models`) and endpoints
/// that speak `prompt_logprobs` (module `generator`) implement it, and a store of distributions is captured from
/// either.
///
/// Implementations are safe to call from `card().parallel()` threads at once.
public interface DistributionModel extends AutoCloseable {
    /// Asks for every token of the vocabulary.
    int ALL = -1;

    ModelCard card();

    /// Reads rows together. The same rows in the same order give the same numbers, from local weights to the last bit.
    ///
    /// @param rows token ids as the model's own tokenizer numbers them, at least two in each row
    /// @param k    how many of the likeliest tokens are named at each position, or [#ALL]; a smaller vocabulary is
    ///             named whole
    /// @return one for each row, in their order
    /// @throws dev.socratic.core.error.DataException       if the model cannot read the rows, or what it says is no
    ///         distribution
    /// @throws dev.socratic.core.error.ConfigException     if it refuses whoever asks
    /// @throws dev.socratic.core.error.RetryLaterException if it cannot be asked just now
    /// @throws InterruptedException if the calling thread was interrupted
    List<Distributions> distributions(List<int[]> rows, int k) throws InterruptedException;

    /// @return how many tokens a whole distribution has; 0 where the model does not say
    default int vocabulary() {
        return 0;
    }

    /// @return a token as the model's own tokenizer reads it; empty where the model does not say
    default String word(int id) {
        return "";
    }

    @Override
    void close();
}
