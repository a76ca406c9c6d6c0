package dev.socratic.models.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/// Cosines and sines on the native side, each `[positions, dim]`; grown when a longer sequence comes.
record RopeCache(int positions, NDArray cos, NDArray sin) {
    static RopeCache of(ModelConfig config, NDManager manager, int positions) {
        int dim = config.attention().dim();
        Rope.Table table = config.rope().table(positions, dim);
        Shape shape = new Shape(positions, dim);
        return new RopeCache(positions, manager.create(table.cos(), shape), manager.create(table.sin(), shape));
    }

    void close() {
        cos.close();
        sin.close();
    }
}
