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
    INT4,
    /// Matrices within layers in NF4, 4 bits on the quantiles of a normal distribution with a scale for each 64
    /// numbers, itself in 8 bits: 4.13 bits a weight, the numbers of bitsandbytes. Embedding and head stay as they are.
    /// Made for a base under an adapter: its products are those of the widened matrix. Source: Dettmers et al. 2023,
    /// arXiv:2305.14314.
    NF4
}
