package dev.socratic.models.gguf;

import java.util.List;

/// What a header says about one tensor.
///
/// @param shape sizes of the axes, from the outermost, as in safetensors; the file has them the other way round
/// @param part  which file of a split model holds it, from 0
/// @param begin first byte in that file
public record GgufTensor(String name, GgmlType type, List<Long> shape, int part, long begin) {
    public GgufTensor {
        shape = List.copyOf(shape);
    }

    /// @return numbers of a row
    public long width() {
        return shape.getLast();
    }

    /// @return how many rows, over all outer axes
    public long rows() {
        return shape.subList(0, shape.size() - 1).stream().reduce(1L, Math::multiplyExact);
    }

    /// @return bytes in the file
    public long bytes() {
        return Math.multiplyExact(rows(), type.rowBytes(width()));
    }
}
