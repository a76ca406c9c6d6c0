package dev.socratic.models.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDManager;
import dev.socratic.models.decoder.Decoder;
import dev.socratic.models.engine.Engines;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Adapters that PEFT wrote, merged here, against what PEFT makes of them (`bench/peers/models/checkpoint_fixtures.py`).
class PeftParityTest {
    private static final Path ADAPTERS = Path.of("src/test/resources/adapters");

    @TempDir
    Path folder;

    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "rank_stabilised", "patterns", "saved_modules", "magnitudes", "transposed", "transposed_magnitudes"})
    void theMergedModelIsPeftsAndLoads(String name) {
        Path base = ADAPTERS.resolve(name.startsWith("transposed") ? "base_gpt2" : "base_llama");
        LoraMerge.merge(base, ADAPTERS.resolve(name), folder);
        try (NDManager manager = Engines.manager(); Checkpoint merged = Checkpoint.open(folder); Checkpoint before = Checkpoint.open(base);
                Safetensors changed = Safetensors.open(ADAPTERS.resolve(name).resolve("merged.safetensors")); Decoder loaded = Decoder.load(folder, manager)) {
            assertEquals(before.tensors().keySet(), merged.tensors().keySet());
            before.tensors().keySet().forEach(tensor -> assertArrayEquals(
                    (changed.tensors().containsKey(tensor) ? changed.read(tensor, manager) : before.read(tensor, manager)).toFloatArray(),
                    merged.read(tensor, manager).toFloatArray(), 2e-6f, tensor));
            assertEquals(1, loaded.config().layers());
        }
    }
}
