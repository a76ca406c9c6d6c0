package dev.socratic.models.checkpoint;

import ai.djl.ndarray.NDArray;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// Writes weights as one safetensors file: tensors in the order given, metadata `{"format": "pt"}`, a header padded to 8 bytes, and under a
/// temporary name until it is whole. The same weights give the same bytes.
public final class SafetensorsWriter {
    private static final int BLOCK = 1 << 20;

    private SafetensorsWriter() {}

    /// @param weights float32 arrays by name, in the order in which they are written
    /// @param dtype   F32, F16 or BF16; the short ones round to nearest, ties to even
    public static void write(Path file, Map<String, NDArray> weights, DType dtype) {
        byte[] header = header(weights, dtype);
        AtomicFiles.write(file, out -> {
            out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, header.length).array());
            out.write(header);
            for (NDArray weight : weights.values()) {
                write(weight, dtype, out);
            }
        });
    }

    private static byte[] header(Map<String, NDArray> weights, DType dtype) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(Header.METADATA, Map.of("format", "pt"));
        long at = 0;
        for (Map.Entry<String, NDArray> weight : weights.entrySet()) {
            long end = at + weight.getValue().size() * dtype.bytes();
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("dtype", dtype.name());
            entry.put("shape", weight.getValue().getShape().getShape());
            entry.put("data_offsets", new long[] {at, end});
            json.put(weight.getKey(), entry);
            at = end;
        }
        byte[] text = Json.line(json).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(text, (text.length + 7) / 8 * 8);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        return padded;
    }

    private static void write(NDArray weight, DType dtype, OutputStream out) throws IOException {
        long count = weight.size();
        try (NDArray plain = weight.stopGradient(); NDArray flat = plain.reshape(-1)) {
            for (long at = 0; at < count; at += BLOCK) {
                int part = (int) Math.min(BLOCK, count - at);
                ByteBuffer bytes = ByteBuffer.allocate(part * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
                try (NDArray slice = flat.get(at + ":" + (at + part)); NDArray copy = slice.duplicate()) {
                    Widening.narrow(dtype, copy.toByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer(), bytes);
                }
                out.write(bytes.array());
            }
        }
    }
}
