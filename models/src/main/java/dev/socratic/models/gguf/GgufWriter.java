package dev.socratic.models.gguf;

import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.CountedOutput;
import dev.socratic.core.io.IOConsumer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Writes a GGUF of version 3, little-endian: metadata and tensors in the order given, under a temporary name until
/// it is whole. The same content gives the same bytes.
public final class GgufWriter {
    private static final int VERSION = 3;
    private static final int ALIGNMENT = 32;

    private GgufWriter() {}

    /// A tensor on its way into a file.
    ///
    /// @param shape from the outermost axis
    /// @param body  writes exactly as many bytes as type and shape need
    public record Content(String name, GgmlType type, List<Long> shape, IOConsumer<OutputStream> body) {
        public Content {
            shape = List.copyOf(shape);
        }

        /// @return bytes in the file, without padding
        public long bytes() {
            return new GgufTensor(name, type, shape, 0, 0).bytes();
        }
    }

    /// @param values  names with what they stand for; `general.alignment` is not among them
    /// @param tensors no name twice
    /// @throws IllegalStateException if a body wrote more or less than announced
    public static void write(Path file, Map<String, MetadataValue> values, List<Content> tensors) {
        AtomicFiles.write(file, out -> {
            CountedOutput counted = new CountedOutput(out);
            header(new Little(counted), values, tensors);
            for (Content tensor : tensors) {
                pad(counted);
                long begin = counted.count();
                tensor.body().accept(counted);
                if (counted.count() - begin != tensor.bytes()) {
                    throw new IllegalStateException("tensor '%s': %s bytes for %s of shape %s; got %s".formatted(
                            tensor.name(), tensor.bytes(), tensor.type(), tensor.shape(), counted.count() - begin));
                }
            }
            pad(counted);
        });
    }

    private static void header(Little out, Map<String, MetadataValue> values, List<Content> tensors)
            throws IOException {
        out.raw("GGUF".getBytes(StandardCharsets.US_ASCII));
        out.whole(VERSION);
        out.wide(tensors.size());
        out.wide(values.size());
        for (Map.Entry<String, MetadataValue> value : values.entrySet()) {
            out.text(value.getKey());
            value(out, value.getValue());
        }
        long offset = 0;
        for (Content tensor : tensors) {
            out.text(tensor.name());
            out.whole(tensor.shape().size());
            for (long axis : tensor.shape().reversed()) {
                out.wide(axis);
            }
            out.whole(tensor.type().id());
            out.wide(offset);
            offset += (tensor.bytes() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
    }

    private static void value(Little out, MetadataValue value) throws IOException {
        switch (value) {
            case MetadataValue.Whole(MetadataValue.Kind kind, long number) -> {
                out.whole(kind.id());
                out.number(kind, number);
            }
            case MetadataValue.Real(MetadataValue.Kind kind, double number) -> {
                out.whole(kind.id());
                out.real(kind, number);
            }
            case MetadataValue.Flag(boolean flag) -> {
                out.whole(MetadataValue.Kind.BOOL.id());
                out.raw(new byte[] {(byte) (flag ? 1 : 0)});
            }
            case MetadataValue.Text(String text) -> {
                out.whole(MetadataValue.Kind.STRING.id());
                out.text(text);
            }
            case MetadataValue.Texts(List<String> texts) -> {
                out.whole(MetadataValue.Kind.ARRAY.id());
                out.whole(MetadataValue.Kind.STRING.id());
                out.wide(texts.size());
                for (String text : texts) {
                    out.text(text);
                }
            }
            case MetadataValue.Numbers numbers -> {
                out.whole(MetadataValue.Kind.ARRAY.id());
                out.whole(numbers.kind().id());
                out.wide(numbers.size());
                for (int i = 0; i < numbers.size(); i++) {
                    if (numbers.kind().real()) {
                        out.real(numbers.kind(), numbers.real(i));
                    } else {
                        out.number(numbers.kind(), numbers.whole(i));
                    }
                }
            }
        }
    }

    private static void pad(CountedOutput out) throws IOException {
        out.write(new byte[(int) (-out.count() & ALIGNMENT - 1)]);
    }

    /// Little-endian numbers and texts.
    private record Little(OutputStream out) {
        void raw(byte[] bytes) throws IOException {
            out.write(bytes);
        }

        void whole(int number) throws IOException {
            number(MetadataValue.Kind.UINT32, number);
        }

        void wide(long number) throws IOException {
            number(MetadataValue.Kind.UINT64, number);
        }

        void number(MetadataValue.Kind kind, long number) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, number);
            out.write(bytes.array(), 0, kind.bytes());
        }

        void real(MetadataValue.Kind kind, double number) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            out.write((kind == MetadataValue.Kind.FLOAT32 ? bytes.putFloat((float) number) : bytes.putDouble(number))
                    .array(), 0, kind.bytes());
        }

        void text(String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            wide(bytes.length);
            out.write(bytes);
        }
    }
}
