package dev.socratic.models.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IOConsumer;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.io.RegularFiles;
import dev.socratic.models.engine.FloatType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// A safetensors file, open for reading; of any size, tensor by tensor, through mappings that last no longer than
/// they are needed.
///
/// Opening reads the header only. Tensors come as arrays ([#read], [#stored]) or as raw bytes ([#blocks]), which
/// needs no tensor engine. Not for two threads at once.
public final class Safetensors implements AutoCloseable {
    /// A multiple of every number's size.
    private static final long WINDOW = 64 << 20;

    private final Path file;
    private final FileChannel channel;
    private final Header header;
    private final long data;
    private final MappedTensors mapped;

    private Safetensors(Path file, FileChannel channel, Header header, long data, MappedTensors mapped) {
        this.mapped = mapped;
        this.file = file;
        this.channel = channel;
        this.header = header;
        this.data = data;
    }

    /// @throws DataException with one line if the file is missing, damaged, hostile, or a pickle
    public static Safetensors open(Path file) {
        return open(file, new MappedTensors());
    }

    /// @param mapped shared by the files of a checkpoint; closed with the first of them, for they are closed together
    static Safetensors open(Path file, MappedTensors mapped) {
        Pickles.refuse(file);
        try {
            RegularFiles.require(file);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            try {
                return open(file, channel, mapped);
            } catch (IOException | RuntimeException failed) {
                channel.close();
                throw failed;
            }
        } catch (IOException failed) {
            throw IoProblems.reading(file, failed);
        }
    }

    private static Safetensors open(Path file, FileChannel channel, MappedTensors mapped) throws IOException {
        String place = file.toString();
        long size = channel.size();
        if (size < Long.BYTES + 2) {
            throw Header.broken(place, "a length and an object", size + " bytes");
        }
        ByteBuffer start = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        fill(channel, start, 0, file);
        long length = start.getLong(0);
        if (length < 2 || length > size - Long.BYTES) {
            throw Header.broken(place, "a length of 2 to %s bytes".formatted(size - Long.BYTES),
                    Long.toUnsignedString(length));
        }
        if (length > Header.LONGEST) {
            throw Header.broken(place, "at most %s bytes".formatted(Header.LONGEST), "%s".formatted(length));
        }
        ByteBuffer json = ByteBuffer.allocate((int) length);
        fill(channel, json, Long.BYTES, file);
        long data = Long.BYTES + length;
        return new Safetensors(file, channel, Header.parse(json.array(), size - data, place), data, mapped);
    }

    private static void fill(FileChannel channel, ByteBuffer buffer, long position, Path file) throws IOException {
        long at = position;
        while (buffer.hasRemaining()) {
            int read = channel.read(buffer, at);
            if (read < 0) {
                throw shorter(file);
            }
            at += read;
        }
    }

    /// @return what is in the file, in the order of the header
    public Map<String, TensorInfo> tensors() {
        return header.tensors();
    }

    public Map<String, String> metadata() {
        return header.metadata();
    }

    /// @return a tensor as float32, on `manager`; shorter formats are widened
    /// @throws DataException if the tensor is not there, or its type has no float32 reading
    public NDArray read(String name, NDManager manager) {
        return read(name, FloatType.FLOAT32, manager);
    }

    /// @return a tensor in a type, on `manager`: rounded or widened on its way from the file, so that it is in memory
    ///         in that type only
    /// @throws DataException as above
    public NDArray read(String name, FloatType type, NDManager manager) {
        TensorInfo tensor = tensor(name);
        if (!tensor.dtype().readable()) {
            throw new DataException(file.toString(), "'%s' as floating-point numbers".formatted(name),
                    tensor.dtype().name(),
                    "whole numbers are read as they are stored, or the weights want to be converted");
        }
        return array(tensor, manager, Optional.of(type));
    }

    /// @return a tensor in its own type, on `manager`. What the file holds is not copied: it is read when it is used,
    ///         the file must stay, and changing the array changes no file. Types the array library has no name for
    ///         (BF16, F8) are for programs only.
    /// @throws DataException if the tensor is not there
    public NDArray stored(String name, NDManager manager) {
        return array(tensor(name), manager, Optional.empty());
    }

    /// @return whether all numbers of a tensor are finite as float32; whole numbers are. Each is looked at once
    boolean finite(String name, NDManager manager) {
        DType dtype = tensor(name).dtype();
        if (!dtype.readable()) {
            return true;
        }
        boolean wide = dtype.bytes() > 1; // numbers of 8 bits have no order of their own
        try (NDArray numbers = wide ? stored(name, manager) : read(name, manager)) {
            return mapped.finite(numbers);
        }
    }

    boolean finite(NDArray numbers) {
        return mapped.finite(numbers);
    }

    NDArray rounded(NDArray numbers, FloatType type) {
        return mapped.rounded(numbers, type);
    }

    /// @param type of a copy; empty for what the file holds, mapped
    private NDArray array(TensorInfo tensor, NDManager manager, Optional<FloatType> type) {
        Shape shape = tensor.djlShape();
        if (tensor.count() == 0 && type.isPresent()) {
            return mapped.rounded(manager.create(shape, DataType.FLOAT32), type.get());
        }
        NDArray flat;
        int each = tensor.dtype().bytes();
        if ((data + tensor.begin()) % each == 0) {
            flat = array(file, tensor, (data + tensor.begin()) / each, manager, type);
        } else {
            flat = aligned(tensor, copy -> array(copy, tensor, 0, manager, type));
        }
        if (shape.dimension() == 1) {
            return flat;
        }
        NDArray shaped = flat.reshape(shape);
        flat.close();
        return shaped;
    }

    private NDArray array(Path from, TensorInfo tensor, long at, NDManager manager, Optional<FloatType> type) {
        try {
            if (Files.size(from) < (at + tensor.count()) * tensor.dtype().bytes()) {
                throw shorter(from);
            }
        } catch (IOException failed) {
            throw IoProblems.reading(from, failed);
        }
        return type.map(wanted -> mapped.copied(from, tensor.dtype(), at, tensor.count(), wanted, manager))
                .orElseGet(() -> mapped.stored(from, tensor.dtype(), at, tensor.count(), manager));
    }

    /// The format allows tensors that begin between two numbers of their type; no mapping can. The copy goes when it
    /// is mapped.
    private NDArray aligned(TensorInfo tensor, Function<Path, NDArray> reader) {
        try {
            Path copy = Files.createTempFile("socratic", ".tensor");
            try {
                try (FileChannel out = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                    blocks(tensor.name(), block -> {
                        while (block.hasRemaining()) {
                            out.write(block);
                        }
                    });
                }
                return reader.apply(copy);
            } finally {
                Files.deleteIfExists(copy);
            }
        } catch (IOException failed) {
            throw IoProblems.reading(file, failed);
        }
    }

    /// Hands out a tensor's bytes as they lie in the file, in windows that hold whole numbers.
    ///
    /// @param reader takes each window, little-endian and read-only; it must not keep it
    /// @throws DataException if the tensor is not there, or if the file is cut short meanwhile
    public void blocks(String name, IOConsumer<ByteBuffer> reader) {
        TensorInfo tensor = tensor(name);
        try {
            for (long at = tensor.begin(); at < tensor.end(); at += WINDOW) {
                long size = Math.min(WINDOW, tensor.end() - at);
                if (channel.size() < data + at + size) {
                    throw shorter(file);
                }
                reader.accept(channel.map(FileChannel.MapMode.READ_ONLY, data + at, size)
                        .order(ByteOrder.LITTLE_ENDIAN));
            }
        } catch (IOException failed) {
            throw IoProblems.reading(file, failed);
        } catch (InternalError fault) { // how the JVM says that mapped bytes are gone
            throw shorter(file);
        }
    }

    private TensorInfo tensor(String name) {
        TensorInfo tensor = header.tensors().get(name);
        if (tensor == null) {
            throw new DataException(file.toString(), "a tensor '%s'".formatted(name), "none",
                    "the file belongs to another model");
        }
        return tensor;
    }

    private static DataException shorter(Path file) {
        return Header.broken(file.toString(), "its data", "a file that became shorter while it was read");
    }

    @Override
    public void close() {
        mapped.close();
        try {
            channel.close();
        } catch (IOException failed) {
            throw IoProblems.reading(file, failed);
        }
    }
}
