package dev.socratic.models.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.error.DataException;
import dev.socratic.models.engine.Engines;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    /// Small products gain nothing from a second thread, and on a busy machine each of them waits for it.
    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    private static final String MEND = "; the file is damaged or not safetensors; fetch or write it again";

    @TempDir
    Path folder;

    private Path file(String json, int data) throws Exception {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        return file(text.length, text, data);
    }

    private Path file(long length, byte[] json, int data) throws Exception {
        Path file = folder.resolve("model.safetensors");
        Files.write(file,
                ByteBuffer.allocate(8 + json.length + data).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put(json)
                        .array());
        return file;
    }

    private static String entry(String name, String dtype, String shape, String offsets) {
        return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}".formatted(name, dtype, shape, offsets);
    }

    private void refused(Path file, String message) {
        DataException refusal = assertThrows(DataException.class, () -> Safetensors.open(file));
        assertEquals(file + ": a safetensors header with " + message + MEND, refusal.getMessage());
    }

    @Test
    void whatIsWrittenIsRead() {
        try (NDManager manager = Engines.manager()) {
            Map<String, NDArray> weights = new LinkedHashMap<>();
            weights.put("z",
                    manager.create(new float[] {1.5f, -2, Float.NaN, Float.POSITIVE_INFINITY, 1e-40f, 3.14159265f},
                            new Shape(2, 3)));
            weights.put("a", manager.create(7f));
            Path file = folder.resolve("model.safetensors");
            SafetensorsWriter.write(file, weights, DType.F32);
            try (Safetensors read = Safetensors.open(file)) {
                assertEquals(List.of("z", "a"), List.copyOf(read.tensors().keySet()));
                assertEquals(Map.of("format", "pt"), read.metadata());
                assertEquals(new Shape(2, 3), read.read("z", manager).getShape());
                assertArrayEquals(weights.get("z").toFloatArray(), read.read("z", manager).toFloatArray());
                assertEquals(new Shape(), read.read("a", manager).getShape());
                assertEquals(7f, read.read("a", manager).getFloat());
            }
        }
    }

    @Test
    void theHeaderIsPaddedToEightBytesAndTheBytesAreAlwaysTheSame() throws Exception {
        try (NDManager manager = Engines.manager()) {
            Map<String, NDArray> weights = Map.of("a", manager.create(new float[] {1, 2}));
            Path file = folder.resolve("model.safetensors");
            SafetensorsWriter.write(file, weights, DType.BF16);
            byte[] bytes = Files.readAllBytes(file);
            assertEquals(0, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0) % 8);
            SafetensorsWriter.write(file, weights, DType.BF16);
            assertArrayEquals(bytes, Files.readAllBytes(file));
        }
    }

    @Test
    void shortFormatsRoundToNearestTiesToEvenAndWidenExactly() {
        float[] values = {1f, 1f + 1f / 256, 1f + 3f / 256, -1.00001f, 3e38f, 0f, -0f, 65504f, 1e-3f};
        float[] brain = {1f, 1f, 1f + 2f / 128, -1f, 3.0040553e38f, 0f, -0f, 65536f, 0.0009994507f};
        try (NDManager manager = Engines.manager()) {
            Path file = folder.resolve("model.safetensors");
            SafetensorsWriter.write(file, Map.of("a", manager.create(values)), DType.BF16);
            try (Safetensors read = Safetensors.open(file)) {
                float[] got = read.read("a", manager).toFloatArray();
                for (int i = 0; i < values.length; i++) {
                    assertEquals(brain[i], got[i], Math.abs(brain[i]) * 1e-4, "value " + values[i]);
                }
            }
            SafetensorsWriter.write(file, Map.of("a", manager.create(new float[] {65504f, 0.5f, 6e-8f})), DType.F16);
            try (Safetensors read = Safetensors.open(file)) {
                assertArrayEquals(new float[] {65504f, 0.5f, 5.9604645e-8f}, read.read("a", manager).toFloatArray());
            }
        }
        assertEquals((short) 0x7fc0, Widening.bfloat16(Float.intBitsToFloat(0x7f800001)));
    }

    @Test
    void aTensorLargerThanABlockIsReadWhole() {
        try (NDManager manager = Engines.manager()) {
            int count = (4 << 20) + 1234;
            NDArray large = manager.arange(count).toType(ai.djl.ndarray.types.DataType.FLOAT32, false);
            Path file = folder.resolve("model.safetensors");
            SafetensorsWriter.write(file, Map.of("a", large), DType.F32);
            try (Safetensors read = Safetensors.open(file)) {
                assertArrayEquals(large.toFloatArray(), read.read("a", manager).toFloatArray());
            }
        }
    }

    @Test
    void aHeaderLongerThanTheFileIsRefused() throws Exception {
        refused(file(1L << 40, "{}".getBytes(StandardCharsets.UTF_8), 0),
                "a length of 2 to 2 bytes; got 1099511627776");
        refused(file(-1, "{}".getBytes(StandardCharsets.UTF_8), 0),
                "a length of 2 to 2 bytes; got 18446744073709551615");
        refused(file(0, "{}".getBytes(StandardCharsets.UTF_8), 0), "a length of 2 to 2 bytes; got 0");
    }

    @Test
    void aTruncatedFileIsRefused() throws Exception {
        refused(file("{" + entry("a", "F32", "[4]", "[0,16]") + "}", 12), "16 bytes of data; got 12");
        Path file = folder.resolve("model.safetensors");
        Files.write(file, new byte[5]);
        refused(file, "a length and an object; got 5 bytes");
    }

    @Test
    void overlapsGapsAndOffsetsBehindTheFileAreRefused() throws Exception {
        refused(file("{" + entry("a", "F32", "[2]", "[0,8]") + "," + entry("b", "F32", "[2]", "[4,12]") + "}", 12),
                "tensor 'b' to begin at byte 8 of the data; got 4, which overlaps another");
        refused(file("{" + entry("a", "F32", "[2]", "[0,8]") + "," + entry("b", "F32", "[2]", "[12,20]") + "}", 20),
                "tensor 'b' to begin at byte 8 of the data; got 12, which leaves a gap");
        refused(file("{" + entry("a", "F32", "[2]", "[8,0]") + "}", 8), "data_offsets in order for 'a'; got 8, 0");
        refused(file("{" + entry("a", "F32", "[200]", "[0,800]") + "}", 8), "800 bytes of data; got 8");
    }

    @Test
    void shapesThatDoNotFitTheirBytesAreRefused() throws Exception {
        refused(file("{" + entry("a", "F32", "[3]", "[0,8]") + "}", 8), "12 bytes for 'a', F32 of shape [3]; got 8");
        refused(file("{" + entry("a", "F32", "[4611686018427387904,4]", "[0,0]") + "}", 0),
                "a possible shape for 'a'; got [4611686018427387904, 4]");
        refused(file("{" + entry("a", "F32", "[-1]", "[0,0]") + "}", 0),
                "numbers of at least 0 and below 2^63 as 'a'.shape; got -1");
        refused(file("{" + entry("a", "F99", "[1]", "[0,4]") + "}", 4), "a known dtype for 'a'; got 'F99'");
    }

    @Test
    void aNameThatComesTwiceIsRefused() throws Exception {
        refused(file("{" + entry("a", "F32", "[1]", "[0,4]") + "," + entry("a", "F32", "[1]", "[4,8]") + "}", 8),
                "valid JSON; got Duplicate field 'a'");
    }

    @Test
    void textThatIsNotUtf8IsRefused() throws Exception {
        refused(file(4, new byte[] {'{', (byte) 0xff, (byte) 0xfe, '}'}, 0), "text in UTF-8; got bytes that are none");
    }

    @Test
    void deepNestingAndHugeHeadersAreRefusedBeforeTheyCost() throws Exception {
        String deep = "{\"a\":" + "[".repeat(100_000);
        DataException refusal = assertThrows(DataException.class, () -> Safetensors.open(file(deep, 0)));
        assertEquals(1, refusal.getMessage().lines().count());
        Path file = folder.resolve("huge.safetensors");
        try (var raw = new java.io.RandomAccessFile(file.toFile(), "rw")) { // sparse: 1 GiB of header in no space
            raw.setLength(1L << 30);
            raw.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, (1L << 30) - 8).array());
        }
        refused(file, "at most 33554432 bytes; got 1073741816");
    }

    @Test
    void aPickleIsRefusedByNameAndByItsBytes() throws Exception {
        String why = ": weights as safetensors; got a pickle, which can run code when read; "
                + "convert it to safetensors in a place you can throw away, or take the model.safetensors of the "
                + "same model";
        Path zip = folder.resolve("model.safetensors");
        Files.write(zip, new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0, 0, 0, 0, 0});
        assertEquals(zip + why, assertThrows(DataException.class, () -> Safetensors.open(zip)).getMessage());
        Files.write(zip, new byte[] {(byte) 0x80, 2, 'c', 'o', 's', '\n', 's', 'y'});
        assertEquals(zip + why, assertThrows(DataException.class, () -> Safetensors.open(zip)).getMessage());
        Path bin = folder.resolve("pytorch_model.bin");
        Files.move(zip, bin);
        assertEquals(bin + why, assertThrows(DataException.class, () -> Safetensors.open(bin)).getMessage());
        assertEquals(bin + why, assertThrows(DataException.class, () -> Checkpoint.open(folder)).getMessage());
    }
}
