package dev.socratic.trainer.config;

/// Which tokens the student is taught to predict.
public enum LossOn {
    /// What the assistant says and the mark that ends its turn, as the chat template tells. A `text` row counts whole.
    ASSISTANT,
    /// Every token but the first.
    ALL
}
