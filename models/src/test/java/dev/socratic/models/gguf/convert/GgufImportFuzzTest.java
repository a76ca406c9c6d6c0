package dev.socratic.models.gguf.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.SocraticException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Seeded damage to the metadata of a good model: a folder, or a refusal in lines, before any weight is written.
class GgufImportFuzzTest {
    private static final Path GOOD = Path.of("src", "test", "resources", "gguf", "small_llama.gguf");
    private static final long[] ABSURD = {0, 1, 3, -1, 1L << 20, 1L << 31, 1L << 40, Long.MAX_VALUE, 0x7f800000L,
            0x7fc000007fc00000L};

    @TempDir
    Path folder;

    @Test
    void aDamagedModelGivesAFolderOrLines() throws IOException {
        byte[] good = Files.readAllBytes(GOOD);
        SplittableRandom random = new SplittableRandom(3);
        int refused = 0;
        for (int round = 0; round < 150; round++) {
            byte[] bytes = good.clone();
            // The beginning holds the numbers of the architecture, what follows mostly tokens.
            int end = random.nextBoolean() ? 1200 : 10_000;
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                int at = random.nextInt(24, end);
                if (random.nextBoolean()) {
                    bytes[at] = (byte) random.nextInt(256);
                } else {
                    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(at,
                            ABSURD[random.nextInt(ABSURD.length)]);
                }
            }
            refused += imports(bytes) ? 0 : 1;
        }
        assertTrue(refused > 75, "refused only " + refused);
    }

    private boolean imports(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("model.gguf"), bytes);
        Path out = folder.resolve("out");
        try {
            GgufImport.run(file, out, WeightType.LOSSLESS);
            return true;
        } catch (SocraticException refusal) {
            assertTrue(refusal.problems().size() <= 30, refusal::getMessage);
            assertEquals(refusal.problems().size(), refusal.getMessage().lines().count(), refusal.getMessage());
            refusal.getMessage().lines().forEach(line -> assertTrue(line.length() < 1500, line));
            assertFalse(Files.exists(out.resolve("model.safetensors")));
            return false;
        } finally {
            if (Files.exists(out)) {
                try (var made = Files.walk(out)) {
                    for (Path part : made.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(part);
                    }
                }
            }
        }
    }
}
