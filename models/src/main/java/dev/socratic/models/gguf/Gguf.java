package dev.socratic.models.gguf;

import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.io.RegularFiles;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A model in a GGUF file, or in the parts of a split one, open for reading.
///
/// Opening reads headers only; tensors come row by row through mappings ([#rows]). Versions 2 and 3, either byte order.
/// Not for two threads at once.
public final class Gguf implements AutoCloseable {
    /// Headers of real models, which hold the vocabulary, stay below 20 MB.
    static final long LONGEST_HEADER = 256 << 20;

    private final List<Part> parts;
    private final Metadata metadata;
    private final Map<String, GgufTensor> tensors;

    private record Part(Path file, FileChannel channel, ByteOrder order) {}

    private Gguf(List<Part> parts, Metadata metadata, Map<String, GgufTensor> tensors) {
        this.parts = parts;
        this.metadata = metadata;
        this.tensors = tensors;
    }

    /// @param file of a model, or any part of a split one (`name-00002-of-00003.gguf`)
    /// @throws DataException with one line if a part is missing, damaged or hostile
    public static Gguf open(Path file) {
        List<Part> parts = new ArrayList<>();
        try {
            Map<String, GgufTensor> tensors = new LinkedHashMap<>();
            List<Path> files = SplitFiles.of(file);
            HeaderReader.Header first = null;
            for (Path each : files) {
                HeaderReader.Header header = add(each, parts);
                first = first == null ? header : first;
                merge(header.tensors(), tensors, each);
            }
            Metadata metadata = new Metadata(files.getFirst(), first.values());
            SplitFiles.check(file, metadata, files.size(), tensors.size());
            return new Gguf(parts, metadata, tensors);
        } catch (RuntimeException failed) {
            close(parts);
            throw failed;
        }
    }

    private static HeaderReader.Header add(Path file, List<Part> parts) {
        try {
            RegularFiles.require(file);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            parts.add(new Part(file, channel, ByteOrder.LITTLE_ENDIAN));
            long size = channel.size();
            HeaderReader.Header header = new HeaderReader(channel.map(FileChannel.MapMode.READ_ONLY, 0,
                    Math.min(size, LONGEST_HEADER)), size, parts.size() - 1, file.toString()).read();
            parts.set(parts.size() - 1, new Part(file, channel, header.order()));
            return header;
        } catch (IOException failed) {
            throw IoProblems.reading(file, failed);
        } catch (InternalError fault) { // how the JVM says that mapped bytes are gone
            throw shorter(file);
        }
    }

    private static void merge(Map<String, GgufTensor> part, Map<String, GgufTensor> all, Path file) {
        part.forEach((name, tensor) -> {
            if (all.put(name, tensor) != null) {
                throw HeaderReader.broken(file.toString(), "each tensor once",
                        "'%s' in an earlier part too".formatted(HeaderReader.shown(name)));
            }
        });
    }

    static DataException shorter(Path file) {
        return HeaderReader.broken(file.toString(), "its data", "a file that became shorter while it was read");
    }

    public Metadata metadata() {
        return metadata;
    }

    /// @return every tensor by name, in the order of the file
    public Map<String, GgufTensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /// @return the first file
    public Path file() {
        return parts.getFirst().file();
    }

    /// @return the files of the model
    public List<Path> files() {
        return parts.stream().map(Part::file).toList();
    }

    /// @param name of a tensor that is there
    /// @return its rows
    /// @throws DataException if there is no such tensor, or if its numbers cannot be read
    public TensorRows rows(String name) {
        GgufTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new DataException(file().toString(), "a tensor '%s'".formatted(name), "none",
                    "the file is of another kind of model, or not whole");
        }
        Part part = parts.get(tensor.part());
        if (!tensor.type().readable()) {
            throw new DataException(part.file().toString(),
                    "a tensor type this version reads for '%s'".formatted(HeaderReader.shown(name)),
                    tensor.type().name(), "known: %s; take the model in one of these"
                            .formatted(String.join(", ", GgmlType.known())));
        }
        return new TensorRows(tensor, part.file(), part.channel(), part.order());
    }

    @Override
    public void close() {
        close(parts);
    }

    private static void close(List<Part> parts) {
        for (Part part : parts) {
            try {
                part.channel().close();
            } catch (IOException failed) {
                throw IoProblems.reading(part.file(), failed);
            }
        }
    }
}
