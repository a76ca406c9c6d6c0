package dev.socratic.models.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.error.DataException;
import dev.socratic.models.engine.Engines;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every type of number, as libtorch reads it and as Java does.
class DTypesTest {
    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    @TempDir
    Path folder;

    private Path file(String json, ByteBuffer data) throws Exception {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        Path file = folder.resolve("a 'strange\\name\" \u00e9\u6570.safetensors");
        Files.write(file, ByteBuffer.allocate(8 + text.length + bytes.length).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length).put(text).put(bytes).array());
        return file;
    }

    private static String entry(String name, DType dtype, String shape, long begin, long end) {
        return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%s,%s]}".formatted(name, dtype, shape, begin,
                end);
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// All values of the formats of one and two bytes, bit by bit; the longer ones by their edges.
    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2"})
    void floatsOfEveryFormatWidenAsJavaSays(DType dtype) throws Exception {
        int count = dtype.bytes() == 1 ? 256 : 65536;
        ByteBuffer data = little(count * dtype.bytes());
        for (int i = 0; i < count; i++) {
            switch (dtype.bytes()) {
                case 1 -> data.put((byte) i);
                case 2 -> data.putShort((short) i);
                case 4 -> data.putInt(i * 65521);
                default -> data.putDouble(Math.scalb(1 + i / 65536.0, i % 200 - 100));
            }
        }
        IntToDoubleFunction java = Widening.reader(dtype, data.flip().duplicate().order(ByteOrder.LITTLE_ENDIAN));
        // One byte of padding before the second object moves the data off every alignment.
        for (String blank : new String[] {"", " "}) {
            Path file = file(
                    "{" + blank + entry("a", dtype, "[" + count / 2 + ",2]", 0, (long) count * dtype.bytes()) + "}",
                            data.duplicate());
            try (NDManager manager = Engines.manager(); Safetensors read = Safetensors.open(file)) {
                NDArray array = read.read("a", manager);
                assertEquals(new Shape(count / 2, 2), array.getShape());
                assertEquals(DataType.FLOAT32, array.getDataType());
                float[] got = array.toFloatArray();
                for (int i = 0; i < count; i++) {
                    float want = (float) java.applyAsDouble(i);
                    if (Float.isNaN(want)) {
                        assertTrue(Float.isNaN(got[i]), dtype + " " + i);
                    } else {
                        assertEquals(Float.floatToRawIntBits(want), Float.floatToRawIntBits(got[i]), dtype + " " + i);
                    }
                }
            }
        }
    }

    @Test
    void wholeNumbersAreReadAsTheyAreStored() throws Exception {
        ByteBuffer data = little(64);
        data.putLong(Long.MIN_VALUE).putLong(7).putInt(-1).putInt(1 << 30).put((byte) -128).put((byte) 127)
                .put((byte) 0).put((byte) 255)
                .put((byte) 1).put((byte) 0);
        int used = data.position();
        Path file = file(
                "{" + String.join(",", entry("l", DType.I64, "[2]", 0, 16), entry("i", DType.I32, "[2,1]", 16, 24),
                entry("b", DType.I8, "[2]", 24, 26), entry("u", DType.U8, "[2]", 26, 28),
                entry("t", DType.BOOL, "[1,2]", 28, 30)) + "}",
                data.flip().limit(used));
        try (NDManager manager = Engines.manager(); Safetensors read = Safetensors.open(file)) {
            assertArrayEquals(new long[] {Long.MIN_VALUE, 7}, read.stored("l", manager).toLongArray());
            assertArrayEquals(new int[] {-1, 1 << 30}, read.stored("i", manager).toIntArray());
            assertEquals(new Shape(2, 1), read.stored("i", manager).getShape());
            assertArrayEquals(new byte[] {-128, 127}, read.stored("b", manager).toByteArray());
            assertArrayEquals(new int[] {0, 255}, read.stored("u", manager).toUint8Array());
            assertArrayEquals(new boolean[] {true, false}, read.stored("t", manager).toBooleanArray());
            DataException refusal = assertThrows(DataException.class, () -> read.read("b", manager));
            assertEquals(
                    file + ": 'b' as floating-point numbers; got I8; whole numbers are read as they are stored, or "
                            + "the weights want to be converted",
                    refusal.getMessage());
        }
    }

    @Test
    void changingAMappedTensorChangesNoFileAndNoOtherReader() throws Exception {
        Path file = file("{" + entry("a", DType.F32, "[2]", 0, 8) + "}    ", little(8).putFloat(1).putFloat(2).flip());
        byte[] before = Files.readAllBytes(file);
        try (NDManager manager = Engines.manager(); Safetensors read = Safetensors.open(file)) {
            NDArray mapped = read.stored("a", manager);
            NDArray copied = read.read("a", manager);
            copied.setRequiresGradient(true); // refused for what was made without a graph
            copied.setRequiresGradient(false);
            mapped.muli(3);
            copied.muli(5);
            assertArrayEquals(new float[] {3, 6}, mapped.toFloatArray());
            assertArrayEquals(new float[] {5, 10}, copied.toFloatArray());
            assertArrayEquals(new float[] {1, 2}, read.read("a", manager).toFloatArray());
            assertArrayEquals(before, Files.readAllBytes(file));
        }
    }

    /// Sparse: three gibibytes of nothing take no room on the disk.
    @Test
    void tensorsBehindTwoGibibytesAreReached() throws Exception {
        long large = 3L << 30;
        byte[] json =
                ("{" + entry("a", DType.U8, "[" + large + "]", 0, large) + ","
                        + entry("b", DType.BF16, "[2]", large, large + 4) + "}  ")
                .getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("large.safetensors");
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.write(little(8).putLong(json.length).array());
            raw.write(json);
            raw.seek(8 + json.length + large);
            raw.write(little(4).putShort((short) 0x3fc0).putShort((short) 0xc000).array());
        }
        try (NDManager manager = Engines.manager(); Safetensors read = Safetensors.open(file)) {
            assertArrayEquals(new float[] {1.5f, -2}, read.read("b", manager).toFloatArray());
            assertEquals(large, read.stored("a", manager).size());
            long[] seen = new long[1];
            read.blocks("a", block -> seen[0] += block.remaining());
            assertEquals(large, seen[0]);
        }
    }

    @Test
    void aFileThatIsCutShortAfterOpeningIsOneLine() throws Exception {
        Path file = file("{" + entry("a", DType.F32, "[20000]", 0, 80_000) + "}", little(80_000));
        try (NDManager manager = Engines.manager(); Safetensors read = Safetensors.open(file)) {
            try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
                raw.setLength(30_000);
            }
            String why =
                    file + ": a safetensors header with its data; got a file that became shorter while it was read; "
                    + "the file is damaged or not safetensors; fetch or write it again";
            assertEquals(why, assertThrows(DataException.class, () -> read.read("a", manager)).getMessage());
            assertEquals(why, assertThrows(DataException.class, () -> read.blocks("a", block -> { })).getMessage());
        }
    }
}
