package dev.socratic.trainer.objective;

/// Which rows of a step a term looks at, where a step has two of each: pairs of answers, or the data's rows beside
/// what the student writes.
public enum On {
    /// The rows of the step; of two answers to one prompt the chosen one, or the data's.
    GIVEN,
    /// The rejected answers of pairs.
    REJECTED,
    /// What the student wrote beside the data's rows.
    OWN
}
