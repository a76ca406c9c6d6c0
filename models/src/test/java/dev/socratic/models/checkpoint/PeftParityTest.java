package dev.socratic.models.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Adapters that PEFT wrote, merged here, against what PEFT makes of them
/// (`bench/peers/models/checkpoint_fixtures.py`).
class PeftParityTest {
    private static final Path ADAPTERS = Path.of("src/test/resources/adapters");

    @TempDir
    Path folder;

    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"plain", "rank_stabilised", "patterns", "saved_modules", "magnitudes", "transposed",
                    "transposed_magnitudes"})
    void theMergedModelIsPeftsAndLoads(String name) {
        Path base = ADAPTERS.resolve(name.startsWith("transposed") ? "base_gpt2" : "base_llama");
        LoraMerge.merge(base, ADAPTERS.resolve(name), folder, Compute.CPU);
        try (NDManager manager = Engines.manager(); Checkpoint merged = Checkpoint.open(folder);
                Checkpoint before = Checkpoint.open(base);
                Safetensors changed = Safetensors.open(ADAPTERS.resolve(name)
                        .resolve("merged.safetensors")); Decoder loaded = Decoder.load(folder, manager)) {
            assertEquals(before.tensors().keySet(), merged.tensors().keySet());
            before.tensors().keySet().forEach(tensor -> assertArrayEquals(
                    (changed.tensors().containsKey(tensor)
                            ? changed.read(tensor, manager)
                            : before.read(tensor, manager)).toFloatArray(),
                    merged.read(tensor, manager).toFloatArray(), 2e-6f, tensor));
            assertEquals(1, loaded.config().layers());
        }
    }

    @Test
    void whatWeWriteIsLaidOutAsPeftLaysItOut() {
        Path theirs = ADAPTERS.resolve("plain");
        try (NDManager manager = Engines.manager();
                Safetensors read = Safetensors.open(theirs.resolve(LoraAdapter.WEIGHTS))) {
            Map<String, LoraAdapter.Pair> factors = new LinkedHashMap<>();
            for (String module : List.of("model.layers.0.self_attn.q_proj", "model.layers.0.mlp.down_proj")) {
                String name = "base_model.model." + module;
                factors.put(module,
                        new LoraAdapter.Pair(read.read(name + ".lora_A.weight", manager),
                                read.read(name + ".lora_B.weight", manager)));
            }
            LoraAdapter.write(folder, LoraConfig.of("", 4, 6, List.of("q_proj", "down_proj")), factors, DType.F32);
            try (Safetensors written = Safetensors.open(folder.resolve(LoraAdapter.WEIGHTS))) {
                assertEquals(read.tensors().keySet(), written.tensors().keySet());
                read.tensors().keySet().forEach(tensor -> assertArrayEquals(
                        read.read(tensor, manager).toFloatArray(), written.read(tensor, manager)
                                .toFloatArray(), 0, tensor));
            }
        }
        JsonNode peft = Json.read(theirs.resolve(LoraConfig.NAME), JsonNode.class);
        Json.read(folder.resolve(LoraConfig.NAME), JsonNode.class).properties().forEach(field -> {
            JsonNode other = peft.path(field.getKey());
            boolean same = field.getValue().isNumber()
                    ? other.asDouble() == field.getValue().asDouble()
                    : other.equals(field.getValue());
            assertTrue(same, "%s: %s, and PEFT writes %s".formatted(field.getKey(), field.getValue(), other));
        });
    }
}
