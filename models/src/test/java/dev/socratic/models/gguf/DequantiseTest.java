package dev.socratic.models.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.socratic.core.error.DataException;
import dev.socratic.models.checkpoint.Safetensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every bit as Python's gguf package has it; fixtures by `bench/peers/models/gguf_fixtures.py`.
class DequantiseTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "gguf");

    @ParameterizedTest
    @ValueSource(strings = {"types.gguf", "big_endian.gguf", "split-00001-of-00002.gguf", "split-00002-of-00002.gguf"})
    void everyTypeIsTheReferencesToTheBit(String name) {
        try (Gguf gguf = Gguf.open(FOLDER.resolve(name));
                Safetensors expected = Safetensors.open(FOLDER.resolve("types.safetensors"))) {
            gguf.tensors().keySet().forEach(tensor ->
                    assertArrayEquals(floats(expected, tensor), bits(gguf.rows(tensor)), tensor));
            Set<String> types = gguf.tensors().values().stream().map(tensor -> tensor.type().name())
                    .collect(Collectors.toSet());
            assertEquals(name.startsWith("split") ? Set.of("F16", "Q8_0", "Q4_K", "Q6_K")
                    : Stream.of(GgmlType.values()).filter(GgmlType::readable).map(Enum::name)
                    .collect(Collectors.toSet()), types);
        }
    }

    /// A whole public model: `-Dsocratic.gguf=FILE -Dsocratic.gguf.expected=OUT.safetensors`, where the second was
    /// written by `gguf_fixtures.py --expect FILE OUT.safetensors`.
    @Test
    void aPublicModelIsTheReferencesToTheBit() {
        String file = System.getProperty("socratic.gguf", "");
        assumeTrue(!file.isEmpty(), "needs -Dsocratic.gguf and -Dsocratic.gguf.expected");
        long numbers = 0;
        try (Gguf gguf = Gguf.open(Path.of(file));
                Safetensors expected = Safetensors.open(Path.of(System.getProperty("socratic.gguf.expected")))) {
            for (String tensor : gguf.tensors().keySet()) {
                int[] ours = bits(gguf.rows(tensor));
                assertTrue(Arrays.equals(floats(expected, tensor), ours), tensor);
                numbers += ours.length;
            }
        }
        assertTrue(numbers > 1_000_000, "a model has more than %s numbers".formatted(numbers));
    }

    @Test
    void aTypeWithoutADecoderIsRefusedByName() {
        for (GgmlType type : EnumSet.allOf(GgmlType.class)) {
            if (!type.readable()) {
                assertThrows(IllegalArgumentException.class, () -> Dequantise.row(type, ByteBuffer.allocate(4096), 0,
                        type.block(), new float[type.block()]));
            }
        }
    }

    @Test
    void metadataHasItsTypes() {
        for (String name : new String[] {"types.gguf", "big_endian.gguf"}) {
            try (Gguf gguf = Gguf.open(FOLDER.resolve(name))) {
                Metadata metadata = gguf.metadata();
                assertEquals("llama", metadata.requiredText("general.architecture"));
                assertEquals(77, metadata.whole("llama.context_length").orElseThrow());
                assertEquals(12345.5, metadata.real("llama.rope.freq_base").orElseThrow());
                assertEquals("\u0120b", metadata.texts("tokenizer.ggml.tokens").orElseThrow().get(1));
                assertEquals(3, metadata.numbers("tokenizer.ggml.token_type").orElseThrow().whole(2));
                assertEquals(false, metadata.flag("tokenizer.ggml.add_bos_token", true));
                DataException wrong = assertThrows(DataException.class,
                        () -> metadata.whole("general.architecture"));
                assertEquals(FOLDER.resolve(name) + ": general.architecture: a whole number; got the text 'llama'; "
                        + "take the file from where the model was published, or convert the model again",
                        wrong.getMessage());
            }
        }
    }

    private static int[] bits(TensorRows rows) {
        int width = rows.width();
        int[] bits = new int[(int) rows.tensor().rows() * width];
        float[] row = new float[width];
        for (int r = 0; r < rows.tensor().rows(); r++) {
            rows.read(r, row);
            for (int i = 0; i < width; i++) {
                bits[r * width + i] = Float.floatToRawIntBits(row[i]);
            }
        }
        return bits;
    }

    private static int[] floats(Safetensors file, String name) {
        ByteBuffer all = ByteBuffer.allocate((int) (file.tensors().get(name).count() * 4))
                .order(ByteOrder.LITTLE_ENDIAN);
        file.blocks(name, all::put);
        int[] bits = new int[all.capacity() / 4];
        all.flip().asIntBuffer().get(bits);
        return bits;
    }
}
