package dev.socratic.models.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.socratic.core.io.CountedOutput;
import dev.socratic.core.io.IOConsumer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// A tensor on its way into a file: what the header says of it, and where its bytes come from when their turn has
/// come. So a checkpoint of any size is written with one tensor in memory.
///
/// @param body writes exactly as many bytes as type and shape need
public record Outgoing(String name, DType dtype, List<Long> shape, IOConsumer<OutputStream> body) {
    private static final int BLOCK = 1 << 20;

    public Outgoing {
        shape = List.copyOf(shape);
    }

    /// Weights that are resident, in the order of the map.
    ///
    /// @param weights of any floating-point type; each is widened, and rounded to `dtype`, so that bfloat16 weights
    ///                written as BF16 keep every bit
    /// @param dtype   F32, F16 or BF16
    public static List<Outgoing> of(Map<String, NDArray> weights, DType dtype) {
        List<Outgoing> tensors = new ArrayList<>();
        weights.forEach((name, array) -> {
            List<Long> shape = Arrays.stream(array.getShape().getShape()).boxed().toList();
            tensors.add(new Outgoing(name, dtype, shape, out -> narrow(array, dtype, out)));
        });
        return tensors;
    }

    /// A tensor that is made when it is written, and closed afterwards.
    ///
    /// @param array float32 of that shape
    public static Outgoing made(String name, DType dtype, List<Long> shape, Supplier<NDArray> array) {
        return new Outgoing(name, dtype, shape, out -> {
            try (NDArray once = array.get()) {
                narrow(once, dtype, out);
            }
        });
    }

    /// The very bytes of a tensor in another file, whatever their type.
    public static Outgoing copied(Safetensors file, String name) {
        TensorInfo tensor = file.tensors().get(name);
        return new Outgoing(name, tensor.dtype(), tensor.shape(), out -> {
            byte[] bytes = new byte[BLOCK];
            file.blocks(name, block -> {
                while (block.hasRemaining()) {
                    int part = Math.min(bytes.length, block.remaining());
                    block.get(bytes, 0, part);
                    out.write(bytes, 0, part);
                }
            });
        });
    }

    /// @return the same under another name
    Outgoing named(String other) {
        return new Outgoing(other, dtype, shape, body);
    }

    long bytes() {
        return shape.stream().reduce((long) dtype.bytes(), Math::multiplyExact);
    }

    /// @throws IllegalStateException if the body wrote more or less than announced, which would shift everything
    ///         behind it
    void writeTo(OutputStream out) throws IOException {
        CountedOutput counted = new CountedOutput(out);
        body.accept(counted);
        if (counted.count() != bytes()) {
            throw new IllegalStateException("tensor '%s': %s bytes for %s of shape %s; got %s".formatted(name, bytes(),
                    dtype, shape, counted.count()));
        }
    }

    private static void narrow(NDArray weight, DType dtype, OutputStream out) throws IOException {
        long count = weight.size();
        try (NDArray plain = weight.stopGradient(); NDArray flat = plain.reshape(-1)) {
            for (long at = 0; at < count; at += BLOCK) {
                int part = (int) Math.min(BLOCK, count - at);
                ByteBuffer bytes = ByteBuffer.allocate(part * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
                try (NDArray slice = flat.get(at + ":" + (at + part));
                        NDArray copy = slice.toType(DataType.FLOAT32, true)) {
                    Widening.narrow(dtype, copy.toByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer(), bytes);
                }
                out.write(bytes.array());
            }
        }
    }
}
