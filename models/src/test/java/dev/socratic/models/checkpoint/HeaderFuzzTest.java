package dev.socratic.models.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Seeded damage to a good file: the answer is always the tensors or one line, never anything else.
class HeaderFuzzTest {
    private static final String GOOD =
            "{\"__metadata__\":{\"format\":\"pt\"},\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                    + "\"b\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[24,32]},\"c\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[32,40]}}";
    private static final List<String> SPLICES = List.of("-1", "9223372036854775807", "9223372036854775808", "1e99", "0",
            "[", "]", "{", "}",
            "null", "\"", "\u0000", "\\ud800", ",", "[[[[[[[[",
            "\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},",
            "4611686018427387904,4", "\"F64\"", "\"U8\"", "999999999999999999999999999999", "\n", "é");

    @TempDir
    Path folder;

    @Test
    void aDamagedFileGivesOneLineOrTheTensors() throws Exception {
        SplittableRandom random = new SplittableRandom(11);
        Path file = folder.resolve("model.safetensors");
        int refused = 0;
        for (int round = 0; round < 3000; round++) {
            byte[] bytes = damaged(random);
            Files.write(file, bytes);
            try (Safetensors read = Safetensors.open(file)) {
                long data = read.tensors().values().stream().mapToLong(t -> t.count() * t.dtype().bytes()).sum();
                assertTrue(data <= bytes.length);
            } catch (DataException refusal) {
                refused++;
                assertEquals(1, refusal.problems().size());
                assertEquals(1, refusal.getMessage().lines().count(), refusal.getMessage());
                assertTrue(refusal.getMessage().length() < 700, refusal.getMessage());
            }
        }
        assertTrue(refused > 2000, "refused only " + refused);
    }

    private static byte[] damaged(SplittableRandom random) {
        StringBuilder json = new StringBuilder(GOOD);
        byte[] text;
        if (random.nextInt(3) > 0) {
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                int at = random.nextInt(json.length());
                json.replace(at, Math.min(json.length(), at + random.nextInt(4)),
                        SPLICES.get(random.nextInt(SPLICES.size())));
            }
            text = json.toString().getBytes(StandardCharsets.UTF_8);
        } else {
            text = GOOD.getBytes(StandardCharsets.UTF_8);
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                text[random.nextInt(text.length)] = (byte) random.nextInt(256);
            }
        }
        long length = random.nextInt(4) > 0 ? text.length : random.nextLong() >>> random.nextInt(64);
        int data = random.nextInt(4) > 0 ? 40 : random.nextInt(64);
        byte[] whole = ByteBuffer.allocate(8 + text.length + data).order(ByteOrder.LITTLE_ENDIAN).putLong(length)
                .put(text).array();
        return random.nextInt(8) > 0 ? whole : java.util.Arrays.copyOf(whole, random.nextInt(whole.length));
    }
}
