package dev.socratic.models.checkpoint;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/// What a header says about one tensor.
///
/// @param shape sizes of the axes, from the outermost; empty for a single number
/// @param begin first byte, counted from the end of the header
/// @param end   one after the last byte
public record TensorInfo(String name, DType dtype, List<Long> shape, long begin, long end) {
    public TensorInfo {
        shape = List.copyOf(shape);
    }

    /// @return how many numbers
    public long count() {
        return (end - begin) / dtype.bytes();
    }

    public Shape djlShape() {
        return new Shape(shape.stream().mapToLong(Long::longValue).toArray());
    }
}
