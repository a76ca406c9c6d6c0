package dev.socratic.trainer.objective;

/// In which pass of a step a term is read, where an objective's [Edit] makes two.
public enum Pass {
    /// Over the text as it is.
    PLAIN,
    /// After an interchange.
    COUNTERFACTUAL
}
