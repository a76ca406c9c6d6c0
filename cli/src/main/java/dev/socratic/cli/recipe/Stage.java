package dev.socratic.cli.recipe;

/// The stages of a recipe, in the order they run.
public enum Stage {
    GENERATE,
    CURATE,
    LOGITS,
    TRAIN,
    EVAL,
    REPORT
}
