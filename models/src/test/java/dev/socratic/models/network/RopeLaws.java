package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Positions turn as the reference turns them, bit for bit (`bench/peers/models/rope_fixtures.py`).
class RopeLaws {
    private static final Path FIXTURES = Path.of("src/test/resources/ropes/frequencies.json");

    @TempDir
    Path folder;

    /// Powers are libtorch's own vectorised ones, whose last bit differs between kinds of processors, for the
    /// reference as for us.
    @Test
    @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64",
            disabledReason = "the stored bits are those of x86-64 with AVX2")
    void frequenciesOfEveryKindAreTheReferencesBits() throws Exception {
        List<String> different = new ArrayList<>();
        try (NDManager manager = Engines.manager(); Program program = Program.resource(
                manager, RopeLaws.class, "/programs/rope.ts.py")) {
            JsonNode all = Json.read(FIXTURES, JsonNode.class);
            assertTrue(all.size() >= 30, "settings: " + all.size());
            for (JsonNode entry : all) {
                Files.writeString(folder.resolve("config.json"), Json.pretty(entry.get("config")));
                ModelConfig config = ModelConfig.read(folder);
                float[] ours = new Frequencies(program)
                        .of(config.ropes().getFirst(), config.attention().rotated(), entry.get("length").asInt(),
                                manager).toFloatArray();
                assertEquals(entry.get("bits").size(), ours.length);
                for (int i = 0; i < ours.length; i++) {
                    if (Float.floatToRawIntBits(ours[i]) != (int) entry.get("bits").get(i).asLong()) {
                        different.add(entry.get("config").get("rope_scaling") + " pair " + i);
                    }
                }
            }
        }
        assertEquals(List.of(), different);
    }

    /// Angles are products in float32, so a table's number at position n is the cosine of what the reference takes the
    /// cosine of.
    @Test
    void aTableHoldsTheCosineOfEachAngle() {
        ModelConfig config = ModelConfig.llama(16, 16, 1, 2, 2, 16, 200_000, true, SpecialTokens.none());
        try (NDManager manager = Engines.manager(); Program program = Program.resource(
                manager, RopeLaws.class, "/programs/rope.ts.py")) {
            RopeCache cache = RopeCache.ofShort(config, program, manager, 131_073);
            float[] frequencies = new Frequencies(program).of(config.ropes().getFirst(), 8, 1, manager).toFloatArray();
            for (int position : new int[] {0, 1, 1_000, 131_072}) {
                NDArray row = cache.tables().getFirst().get(position);
                for (int i = 0; i < 8; i++) {
                    float angle = position * frequencies[i % 4];
                    assertEquals(Math.cos(angle), row.getFloat(i), 1.2e-7,
                            "position " + position + ", coordinate " + i);
                }
            }
        }
    }
}
