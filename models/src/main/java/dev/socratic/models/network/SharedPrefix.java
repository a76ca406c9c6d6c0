package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Program.Arg;
import java.util.List;

/// Keys and values of positions that several rows begin with, held once and attended to by all of them in one product.
/// Only where every layer sees everything before: one with a window would forget them at different times.
///
/// Slabs of several caches may hold rows of it; the last of them frees it.
final class SharedPrefix {
    /// Positions whose reading in one row after the other costs as much as a further slab in every layer.
    private static final int SLAB = 512;

    private final NDManager scope;
    private final int length;
    private final long bytes;
    private final List<NDArray> arrays;
    private int holders;

    private SharedPrefix(NDManager scope, int length, long bytes, List<NDArray> arrays) {
        this.scope = scope;
        this.length = length;
        this.bytes = bytes;
        this.arrays = arrays;
    }

    /// @return room for so many positions, still to be written
    static SharedPrefix of(Decoder decoder, int length, CacheSizes sizes) {
        NDManager scope = decoder.scope();
        return new SharedPrefix(scope, length, sizes.bytes(length), List.copyOf(decoder.program().runIn(scope,
                "empty_slab", Arg.of(1), Arg.of(length), Arg.of(sizes.ring()), Arg.of(decoder.layers()))));
    }

    /// @param tokens that would be held once
    /// @param rows   instead of so many times
    static boolean worth(int tokens, int rows) {
        return (rows - 1L) * tokens >= SLAB;
    }

    int length() {
        return length;
    }

    long bytes() {
        return bytes;
    }

    /// @return keys and values of each layer, `[1, kv_heads, length, dim]`
    List<NDArray> arrays() {
        return arrays;
    }

    void retain() {
        holders++;
    }

    void release() {
        if (--holders == 0) {
            scope.close();
        }
    }
}
