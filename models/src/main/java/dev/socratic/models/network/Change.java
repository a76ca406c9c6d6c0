package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;

/// A change made inside a forward pass, between two of its layers. Gradients flow through it into whatever it brings
/// along.
public sealed interface Change {
    /// Something added to what enters the first layer.
    ///
    /// @param noise `[batch, seq, hidden]`
    record Added(NDArray noise) implements Change {}

    /// Some positions of the stream after a layer get what other positions hold elsewhere.
    ///
    /// @param layer   after which
    /// @param places  `[n]` int64, in the flattened `[batch * seq]`, each at most once
    /// @param source  a stream of the same width, `[.., hidden]`
    /// @param origins `[n]` int64, rows of the flattened source
    record Swapped(int layer, NDArray places, NDArray source, NDArray origins) implements Change {}

    /// Layers of another decoder of the same width do the work of a layer.
    ///
    /// @param layer that does not run
    /// @param by    whose layers run instead; it stays the caller's
    /// @param first of them
    /// @param last  the one before which to stop, above `first`
    record Replaced(int layer, Decoder by, int first, int last) implements Change {}
}
