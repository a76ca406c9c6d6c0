package dev.socratic.models.checkpoint;

import ai.djl.ndarray.NDArray;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes weights as one safetensors file: tensors in the order given, metadata `{"format": "pt"}`, a header padded
/// to 8 bytes, and under a temporary name until it is whole. The same weights give the same bytes.
public final class SafetensorsWriter {
    private SafetensorsWriter() {}

    /// @param weights float32 arrays by name, in the order in which they are written
    /// @param dtype   F32, F16 or BF16; the short ones round to nearest, ties to even
    public static void write(Path file, Map<String, NDArray> weights, DType dtype) {
        write(file, Outgoing.of(weights, dtype));
    }

    /// @param tensors in the order in which they are written, no name twice
    public static void write(Path file, List<Outgoing> tensors) {
        byte[] header = header(tensors);
        AtomicFiles.write(file, out -> {
            out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, header.length).array());
            out.write(header);
            for (Outgoing tensor : tensors) {
                tensor.writeTo(out);
            }
        });
    }

    private static byte[] header(List<Outgoing> tensors) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(Header.METADATA, Map.of("format", "pt"));
        long at = 0;
        for (Outgoing tensor : tensors) {
            long end = at + tensor.bytes();
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("dtype", tensor.dtype().name());
            entry.put("shape", tensor.shape());
            entry.put("data_offsets", new long[] {at, end});
            if (json.put(tensor.name(), entry) != null) {
                throw new IllegalArgumentException("tensors: each name once; got '%s' twice".formatted(tensor.name()));
            }
            at = end;
        }
        byte[] text = Json.line(json).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(text, (text.length + 7) / 8 * 8);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        return padded;
    }
}
