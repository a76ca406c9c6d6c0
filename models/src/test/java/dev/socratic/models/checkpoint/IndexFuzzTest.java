package dev.socratic.models.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.SocraticException;
import dev.socratic.models.engine.Engines;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Seeded damage to a good index and to a good adapter: tensors of this folder, or a few short lines.
class IndexFuzzTest {
    private static final String INDEX =
            "{\"metadata\":{\"total_size\":8},\"weight_map\":{\"a\":\"model-00001-of-00002.safetensors\","
            + "\"b\":\"model-00002-of-00002.safetensors\"}}";
    private static final List<String> SPLICES = List.of("../", "..", "/", "\\", "\\u0000", "\\u002e\\u002e\\u002f",
            "C:", "~", "null", "7", "[", "]",
            "{", "}", "\"", ",", ":", "\n", "\u0000", "\u00e9", "[[[[[[[[[[", "-1", "1e999",
            "model-00001-of-00002.safetensors",
            "(a+)+$", "NaN", "true", "\"a\":\"\",", "x".repeat(300));

    @TempDir
    Path folder;

    @Test
    void aDamagedIndexReachesNothingOutsideItsFolder() throws Exception {
        Path model = Files.createDirectory(folder.resolve("model"));
        try (NDManager manager = Engines.manager()) {
            SafetensorsWriter.write(model.resolve("model-00001-of-00002.safetensors"), Map.of("a", manager.create(1f)),
                    DType.F32);
            SafetensorsWriter.write(model.resolve("model-00002-of-00002.safetensors"), Map.of("b", manager.create(2f)),
                    DType.F32);
            SafetensorsWriter.write(folder.resolve("model-00001-of-00002.safetensors"),
                    Map.of("a", manager.create(666f)), DType.F32);
        }
        SplittableRandom random = new SplittableRandom(3);
        int refused = 0;
        for (int round = 0; round < 600; round++) {
            Files.write(model.resolve(Checkpoint.INDEX), damaged(INDEX, random));
            try (Checkpoint checkpoint = Checkpoint.open(model)) {
                assertTrue(List.of("a", "b").containsAll(checkpoint.tensors().keySet()));
            } catch (SocraticException refusal) {
                refused++;
                shortLines(refusal);
            }
        }
        assertTrue(refused > 300, "refused only " + refused);
    }

    @Test
    void aDamagedAdapterIsAFewLines() throws Exception {
        try (NDManager manager = Engines.manager()) {
            LoraAdapter.write(folder, LoraConfig.of("base", 1, 2, List.of("q")), Map.of("m.q",
                    new LoraAdapter.Pair(manager.create(new float[][] {{1, 2}}),
                            manager.create(new float[][] {{3}, {4}}))), DType.F32);
        }
        Path config = folder.resolve(LoraConfig.NAME);
        String good = Files.readString(config).replace("\"rank_pattern\" : { }", "\"rank_pattern\" : {\"^m.*q$\" : 1}");
        SplittableRandom random = new SplittableRandom(4);
        int refused = 0;
        for (int round = 0; round < 600; round++) {
            Files.write(config, damaged(good, random));
            try (LoraAdapter adapter = LoraAdapter.open(folder)) {
                assertEquals(1, adapter.adapted().size());
            } catch (SocraticException refusal) {
                refused++;
                shortLines(refusal);
            }
        }
        assertTrue(refused > 200, "refused only " + refused);
    }

    private static void shortLines(SocraticException refusal) {
        assertTrue(refusal.problems().size() <= 10, refusal.getMessage());
        refusal.problems().forEach(problem -> {
            assertEquals(1, problem.toString().lines().count(), problem.toString());
            assertTrue(problem.toString().length() < 800, problem.toString());
        });
    }

    private static byte[] damaged(String good, SplittableRandom random) {
        StringBuilder json = new StringBuilder(good);
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int at = random.nextInt(json.length());
            json.replace(at, Math.min(json.length(), at + random.nextInt(4)),
                    SPLICES.get(random.nextInt(SPLICES.size())));
        }
        byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
        return random.nextInt(8) > 0 ? bytes : java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }
}
