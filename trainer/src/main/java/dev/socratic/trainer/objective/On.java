package dev.socratic.trainer.objective;

import dev.socratic.core.config.Alias;

/// Which rows of a step a term looks at, where a step has two of each: pairs of answers, or the data's rows beside
/// what the student writes.
public enum On {
    /// The rows of the step; of two answers to one prompt the chosen one, or the data's.
    @Alias("given")
    DATA,
    /// The rejected answers of pairs.
    REJECTED,
    /// What the student wrote beside the data's rows.
    @Alias("own")
    ON_POLICY
}
