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

    /// Some of what low-rank factors in the layers read is left out at random, the rest made larger by as much
    /// (`lora_dropout`): each factor draws for itself, and the same again in each pass with this key, so that a layer
    /// that is run again on the way back reads what it read before. It is PEFT's but for the numbers that are drawn,
    /// and that the share is a whole number of 65536 parts. Factors around the layers read everything.
    ///
    /// @param share from 0 to below 1
    /// @param key   of the pass
    record Dropped(double share, long key) implements Change {
        /// @return of 65536
        long parts() {
            return Math.round(65536 * share);
        }
    }

    /// Layers of another decoder of the same width do the work of a layer.
    ///
    /// @param layer that does not run
    /// @param by    whose layers run instead; it stays the caller's
    /// @param first of them
    /// @param last  the one before which to stop, above `first`
    record Replaced(int layer, Decoder by, int first, int last) implements Change {}
}
