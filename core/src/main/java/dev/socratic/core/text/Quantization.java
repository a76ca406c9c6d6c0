package dev.socratic.core.text;

/// In how few bits the matrices of a local model are kept that only answers.
public enum Quantization {
    /// As they are loaded.
    NONE,
    /// Weights in whole numbers of 8 bits with one scale a row, activations as they are: a quarter of float32's memory.
    /// Norms, biases, learned positions and the routers of experts stay as they are.
    INT8
}
