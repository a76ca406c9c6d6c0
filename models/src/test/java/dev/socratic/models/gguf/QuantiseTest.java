package dev.socratic.models.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.models.checkpoint.Safetensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every byte as Python's gguf package has it (F16 to Q5_1) and ggml's reference in C (the k-quants); fixtures by
/// `bench/peers/models/gguf_fixtures.py`.
class QuantiseTest {
    private static final Path EXPECTED = Path.of("src", "test", "resources", "gguf", "quantised.safetensors");
    private static final int WIDTH = 512;

    @ParameterizedTest
    @EnumSource(value = GgmlType.class,
            names = {"F16", "BF16", "Q8_0", "Q4_0", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"})
    void everyByteIsTheReferences(GgmlType type) {
        try (Safetensors file = Safetensors.open(EXPECTED)) {
            float[][] rows = rows(file);
            ByteBuffer expected = bytes(file, type.name());
            for (int row = 0; row < rows.length; row++) {
                ByteBuffer made = ByteBuffer.allocate((int) type.rowBytes(WIDTH)).order(ByteOrder.LITTLE_ENDIAN);
                Quantise.row(type, rows[row], WIDTH, made);
                byte[] wanted = new byte[made.capacity()];
                expected.get(wanted);
                assertArrayEquals(wanted, made.array(), "%s, row %s".formatted(type, row));
            }
        }
    }

    @Test
    void aRowComesBackWithinHalfAStepOfEachType() {
        float[] row = new float[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            row[i] = (float) Math.sin(i * 0.7) * (1 + i % 5);
        }
        for (GgmlType type : List.of(GgmlType.Q8_0, GgmlType.Q4_0, GgmlType.Q5_0, GgmlType.Q5_1, GgmlType.Q4_K,
                GgmlType.Q5_K, GgmlType.Q6_K)) {
            ByteBuffer made = ByteBuffer.allocate((int) type.rowBytes(WIDTH)).order(ByteOrder.LITTLE_ENDIAN);
            Quantise.row(type, row, WIDTH, made);
            float[] back = new float[WIDTH];
            Dequantise.row(type, made, 0, WIDTH, back);
            double levels = type == GgmlType.Q8_0 ? 256 : type == GgmlType.Q6_K ? 64
                    : type.name().startsWith("Q5") ? 32 : 16;
            for (int i = 0; i < WIDTH; i++) {
                assertEquals(row[i], back[i], 12 / levels, "%s, number %s".formatted(type, i));
            }
        }
    }

    @Test
    void aTypeThatIsNotWrittenIsRefused() {
        assertThrows(IllegalArgumentException.class,
                () -> Quantise.row(GgmlType.IQ4_XS, new float[256], 256, ByteBuffer.allocate(256)));
    }

    private static float[][] rows(Safetensors file) {
        ByteBuffer bytes = bytes(file, "rows");
        float[][] rows = new float[6][WIDTH];
        for (float[] row : rows) {
            for (int i = 0; i < WIDTH; i++) {
                row[i] = bytes.getFloat();
            }
        }
        return rows;
    }

    private static ByteBuffer bytes(Safetensors file, String name) {
        long size = file.tensors().get(name).count() * file.tensors().get(name).dtype().bytes();
        ByteBuffer all = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
        file.blocks(name, all::put);
        return all.flip();
    }
}
