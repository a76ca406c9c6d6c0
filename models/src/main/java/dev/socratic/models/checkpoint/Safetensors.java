package dev.socratic.models.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/// A safetensors file, open for reading; of any size, tensor by tensor.
///
/// Data is read in blocks at its place instead of being mapped: a file that shrinks under a mapping ends the process, and a mapping is only
/// given back when the collector runs.
public final class Safetensors implements AutoCloseable {
    private static final int BLOCK = 4 << 20;

    private final Path file;
    private final FileChannel channel;
    private final Header header;
    private final long data;

    private Safetensors(Path file, FileChannel channel, Header header, long data) {
        this.file = file;
        this.channel = channel;
        this.header = header;
        this.data = data;
    }

    /// @throws DataException with one line if the file is missing, damaged, hostile, or a pickle
    public static Safetensors open(Path file) {
        Pickles.refuse(file);
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            try {
                return open(file, channel);
            } catch (IOException | RuntimeException failed) {
                channel.close();
                throw failed;
            }
        } catch (IOException failed) {
            throw IoProblems.reading(file, failed);
        }
    }

    private static Safetensors open(Path file, FileChannel channel) throws IOException {
        String place = file.toString();
        long size = channel.size();
        if (size < Long.BYTES + 2) {
            throw Header.broken(place, "a length and an object", size + " bytes");
        }
        ByteBuffer start = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        fill(channel, start, 0, file);
        long length = start.getLong(0);
        if (length < 2 || length > size - Long.BYTES) {
            throw Header.broken(place, "a length of 2 to %d bytes".formatted(size - Long.BYTES), Long.toUnsignedString(length));
        }
        if (length > Header.LONGEST) {
            throw Header.broken(place, "at most %d bytes".formatted(Header.LONGEST), "%d".formatted(length));
        }
        ByteBuffer json = ByteBuffer.allocate((int) length);
        fill(channel, json, Long.BYTES, file);
        long data = Long.BYTES + length;
        return new Safetensors(file, channel, Header.parse(json.array(), size - data, place), data);
    }

    /// @return what is in the file, in the order of the header
    public Map<String, TensorInfo> tensors() {
        return header.tensors();
    }

    public Map<String, String> metadata() {
        return header.metadata();
    }

    /// @return a tensor as float32, on `manager`; F16 and BF16 are widened
    /// @throws DataException if the tensor is not there, or its type has no float32 reading
    public NDArray read(String name, NDManager manager) {
        TensorInfo tensor = header.tensors().get(name);
        if (tensor == null) {
            throw new DataException(file.toString(), "a tensor '%s'".formatted(name), "none", "the file belongs to another model");
        }
        if (!tensor.dtype().readable()) {
            throw new DataException(file.toString(), "'%s' as F32, F16 or BF16".formatted(name), tensor.dtype().name(), "convert the weights");
        }
        Shape shape = tensor.djlShape();
        if (tensor.count() == 0) {
            return manager.create(shape, DataType.FLOAT32);
        }
        NDArray flat = manager.create(new Shape(tensor.count()), DataType.FLOAT32);
        copy(tensor, flat);
        if (shape.dimension() == 1) {
            return flat;
        }
        NDArray shaped = flat.reshape(shape);
        flat.close();
        return shaped;
    }

    private void copy(TensorInfo tensor, NDArray flat) {
        int each = tensor.dtype().bytes();
        long block = Math.min(BLOCK, tensor.count());
        ByteBuffer stored = ByteBuffer.allocateDirect((int) block * each).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer wide = ByteBuffer.allocateDirect((int) block * Float.BYTES).order(ByteOrder.nativeOrder());
        for (long at = 0; at < tensor.count(); at += block) {
            int count = (int) Math.min(block, tensor.count() - at);
            stored.clear().limit(count * each);
            try {
                fill(channel, stored, data + tensor.begin() + at * each, file);
            } catch (IOException failed) {
                throw IoProblems.reading(file, failed);
            }
            wide.clear().limit(count * Float.BYTES);
            Widening.widen(tensor.dtype(), stored.flip(), wide.asFloatBuffer());
            // The block's array borrows the buffer; index assignment copies out of it into memory of the native side.
            try (NDArray part = flat.getManager().create(wide, new Shape(count), DataType.FLOAT32)) {
                flat.set(new NDIndex("{}:{}", at, at + count), part);
            }
        }
    }

    private static void fill(FileChannel channel, ByteBuffer buffer, long position, Path file) throws IOException {
        long at = position;
        while (buffer.hasRemaining()) {
            int read = channel.read(buffer, at);
            if (read < 0) {
                throw Header.broken(file.toString(), "its data", "a file that became shorter while it was read");
            }
            at += read;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failed) {
            throw IoProblems.reading(file, failed);
        }
    }
}
