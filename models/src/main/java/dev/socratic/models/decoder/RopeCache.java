package dev.socratic.models.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/// Cosines and sines on the native side, each `[positions, dim]`; replaced by longer ones when a longer sequence comes.
///
/// They are copies in native memory, which a graph that still needs the old ones keeps alive; an array over a Java buffer would be lost with it.
record RopeCache(int positions, NDArray cos, NDArray sin) {
    static RopeCache of(ModelConfig config, NDManager manager, int positions) {
        int dim = config.attention().dim();
        Rope.Table table = config.rope().table(positions, dim);
        Shape shape = new Shape(positions, dim);
        return new RopeCache(positions, copy(manager, table.cos(), shape), copy(manager, table.sin(), shape));
    }

    private static NDArray copy(NDManager manager, float[] values, Shape shape) {
        try (NDArray borrowed = manager.create(values, shape)) {
            return borrowed.duplicate();
        }
    }

    void close() {
        cos.close();
        sin.close();
    }
}
