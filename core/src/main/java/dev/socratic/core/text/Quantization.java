package dev.socratic.core.text;

/// In how few bits the matrices of a local model are kept that only answers.
public enum Quantization {
    /// As they are loaded.
    NONE,
    /// Weights in whole numbers of 8 bits with one scale a row, activations as they are: a quarter of float32's memory.
    /// Norms, biases, learned positions and the routers of experts stay as they are.
    INT8,
    /// Matrices within layers in 4 bits, 16 equal steps for each 32 numbers of a row, 5 bits a weight in all; embedding
    /// and head, and matrices that do not divide so, in 8 bits. The rest stays as it is.
    INT4
}
