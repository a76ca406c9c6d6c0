package dev.socratic.models.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.DataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Seeded damage to a good file, and absurd ones by hand: the answer is always the tensors or one line, in little
/// memory.
class GgufFuzzTest {
    private static final Path GOOD = Path.of("src", "test", "resources", "gguf", "types.gguf");
    private static final long[] ABSURD = {0, 1, 2, -1, 255, 1L << 31, 1L << 32, 1L << 40, 1L << 62, Long.MAX_VALUE,
            Long.MIN_VALUE, 0xffffffffL, 0x7fffffffffffffe0L};

    @TempDir
    Path folder;

    @Test
    void aDamagedFileGivesOneLineOrTheTensors() throws IOException {
        byte[] good = Files.readAllBytes(GOOD);
        int header = 1500;
        SplittableRandom random = new SplittableRandom(13);
        int refused = 0;
        for (int round = 0; round < 1500; round++) {
            refused += opens(damaged(good, header, random)) ? 0 : 1;
        }
        assertTrue(refused > 750, "refused only " + refused);
    }

    private boolean opens(byte[] bytes) throws IOException {
        Path file = folder.resolve("model.gguf");
        Files.write(file, bytes);
        try (Gguf gguf = Gguf.open(file)) {
            long data = gguf.tensors().values().stream().mapToLong(GgufTensor::bytes).sum();
            assertTrue(data <= bytes.length);
            gguf.tensors().values().stream().filter(tensor -> tensor.type().readable()).forEach(tensor -> {
                TensorRows rows = gguf.rows(tensor.name());
                rows.read(tensor.rows() - 1, new float[rows.width()]);
            });
            return true;
        } catch (DataException refusal) {
            assertEquals(1, refusal.problems().size());
            assertEquals(1, refusal.getMessage().lines().count(), refusal.getMessage());
            assertTrue(refusal.getMessage().length() < 700, refusal.getMessage());
            return false;
        }
    }

    private static byte[] damaged(byte[] good, int header, SplittableRandom random) {
        byte[] bytes = good.clone();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int at = random.nextInt(header - 8);
            if (random.nextBoolean()) {
                bytes[at] = (byte) random.nextInt(256);
            } else {
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(at, ABSURD[random.nextInt(ABSURD.length)]);
            }
        }
        return random.nextInt(4) > 0 ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }

    @Test
    void absurdFilesAreRefusedWithPlaceAndRemedy() throws IOException {
        refused(new Bytes().text("GGUX").whole(3).wide(0).wide(0), "'GGUF' as its first bytes; got something else");
        refused(new Bytes().text("GGUF").whole(1).wide(0).wide(0), "version 2 or 3; got 1");
        refused(new Bytes().text("GGUF").whole(3).wide(1L << 60).wide(0),
                "a number of tensors that fits into the file; got 1152921504606846976");
        refused(new Bytes().text("GGUF").whole(3).wide(0).wide(-1),
                "a number of values that fits into the file; got 18446744073709551615");
        refused(start(0, 1).name("k").whole(8).wide(1L << 40),
                "a length of a text in 'k' that fits into the file; got 1099511627776");
        refused(start(0, 1).name("k").whole(9).whole(9).wide(1), "lists of plain values for 'k'; got lists of lists");
        refused(start(0, 1).name("k").whole(9).whole(10).wide(1L << 61),
                "a length of 'k' that fits into the file; got 2305843009213693952");
        refused(start(0, 1).name("k\nl").whole(77), "a known type for 'k?l'; got type 77");
        refused(tensor(0, 99, 0, 32), "a tensor type this version knows for 't'; got type 99");
        refused(tensor(0, 2, 0, 33), "rows of whole blocks of 32 for 't', Q4_0; got 33");
        refused(tensor(0, 0, 7, 32), "an offset that is a multiple of 32 for 't'; got 7");
        refused(tensor(0, 0, 1L << 50, 32), "a file of ");
        refused(tensor(0, 0, 0, 1 << 20, 1L << 39, 1L << 39), "a possible shape for 't'; got [");
        refused(tensor(0, 0, 0, 1L << 33), "rows of at most 16777216 numbers for 't'; got 8589934592");
        refused(tensor(1, 0, 0, 32), "each tensor once; got 't' twice");
    }

    @Test
    void aTypeWithoutADecoderIsRefusedWhenItsNumbersAreWanted() throws IOException {
        Path file = folder.resolve("model.gguf");
        Files.write(file, tensor(0, 16, 0, 256).array());
        try (Gguf gguf = Gguf.open(file)) {
            assertEquals(file + ": a tensor type this version reads for 't'; got IQ2_XXS; known: F32, F16, Q4_0, Q4_1, "
                    + "Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, BF16; take the model in one of "
                    + "these", assertThrows(DataException.class, () -> gguf.rows("t")).getMessage());
        }
    }

    @Test
    void aPartThatIsMissingIsNamed() throws IOException {
        Path part = folder.resolve("m-00002-of-00002.gguf");
        Files.copy(GOOD.resolveSibling("split-00002-of-00002.gguf"), part);
        assertEquals(folder.resolve("m-00001-of-00002.gguf") + ": part 1 of 2; got none there; put all parts into one "
                + "folder", assertThrows(DataException.class, () -> Gguf.open(part)).getMessage());
        Path renamed = folder.resolve("m.gguf");
        Files.copy(GOOD.resolveSibling("split-00001-of-00002.gguf"), renamed);
        assertEquals(renamed + ": a model in 2 files, as its split.count says; got 1 of that name; give parts the names "
                + "they had: NAME-00001-of-00002.gguf",
                assertThrows(DataException.class, () -> Gguf.open(renamed)).getMessage());
    }

    private void refused(Bytes bytes, String message) throws IOException {
        Path file = folder.resolve("model.gguf");
        Files.write(file, bytes.array());
        String got = assertThrows(DataException.class, () -> Gguf.open(file)).getMessage();
        assertTrue(got.startsWith(file.toString()) && got.contains(message), got);
        assertTrue(got.endsWith("the file is damaged or not GGUF; fetch or write it again")
                || got.endsWith("take the model in one of these"), got);
    }

    private static Bytes start(long tensors, long values) {
        return new Bytes().text("GGUF").whole(3).wide(tensors).wide(values);
    }

    /// @param more times the same tensor again
    private static Bytes tensor(int more, int type, long offset, long... axes) {
        Bytes bytes = start(1 + more, 0);
        for (int i = 0; i <= more; i++) {
            bytes.name("t").whole(axes.length);
            for (long axis : axes) {
                bytes.wide(axis);
            }
            bytes.whole(type).wide(offset);
        }
        return bytes;
    }

    /// Little-endian, with 512 bytes behind.
    private static final class Bytes {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Bytes text(String text) {
            out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        Bytes name(String text) {
            return wide(text.length()).text(text);
        }

        Bytes whole(int number) {
            out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array());
            return this;
        }

        Bytes wide(long number) {
            out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array());
            return this;
        }

        byte[] array() {
            return Arrays.copyOf(out.toByteArray(), out.size() + 512);
        }
    }
}
