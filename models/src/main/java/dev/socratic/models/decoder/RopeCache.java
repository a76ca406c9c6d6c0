package dev.socratic.models.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/// Cosines and sines of each of a model's ropes on the native side, each `[positions, rotated]`; replaced by longer ones when a longer sequence
/// comes. A model without ropes has one empty table, for a program takes no empty list.
///
/// They are copies in native memory, which a graph that still needs the old ones keeps alive; an array over a Java buffer would be lost with it.
record RopeCache(int positions, List<NDArray> tables) {
    /// @param reads for each row, how many positions are read at once; the tables of the rows stand one below the other
    static RopeCache of(ModelConfig config, NDManager manager, int positions, int... reads) {
        int rotated = config.attention().rotated();
        int each = Math.multiplyExact(positions, rotated);
        Shape shape = new Shape((long) reads.length * positions, rotated);
        List<NDArray> tables = new ArrayList<>();
        for (Rope rope : config.ropes()) {
            float[] cos = new float[Math.multiplyExact(each, reads.length)];
            float[] sin = new float[cos.length];
            for (int row = 0; row < reads.length; row++) {
                Rope.Table table = rope.table(positions, reads[row], rotated);
                System.arraycopy(table.cos(), 0, cos, row * each, each);
                System.arraycopy(table.sin(), 0, sin, row * each, each);
            }
            tables.add(copy(manager, cos, shape));
            tables.add(copy(manager, sin, shape));
        }
        if (tables.isEmpty()) {
            tables.add(manager.zeros(shape));
        }
        return new RopeCache(positions, List.copyOf(tables));
    }

    private static NDArray copy(NDManager manager, float[] values, Shape shape) {
        try (NDArray borrowed = manager.create(values, shape)) {
            return borrowed.duplicate();
        }
    }

    /// @return the tables of the first positions, on `manager`
    List<NDArray> first(int seq, NDManager manager) {
        return tables.stream().map(table -> {
            NDArray part = table.get(":" + seq);
            part.attach(manager);
            return part;
        }).toList();
    }

    void close() {
        tables.forEach(NDArray::close);
    }
}
