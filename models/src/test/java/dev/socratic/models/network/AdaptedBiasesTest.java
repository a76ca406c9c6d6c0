package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.ConfigException;
import dev.socratic.models.checkpoint.Biases;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.LoraAdapter;
import dev.socratic.models.checkpoint.LoraConfig;
import dev.socratic.models.checkpoint.LoraTargets;
import dev.socratic.models.checkpoint.Safetensors;
import dev.socratic.models.engine.Engines;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Biases that learn beside factors, PEFT's `bias`.
class AdaptedBiasesTest {
    private static final Path FAMILIES = Path.of("src/test/resources/families").toAbsolutePath();
    private static final LoraTargets VALUES = new LoraTargets.Modules(List.of("v_proj", "o_proj"));

    @TempDir
    Path folder;

    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    private static Decoder adapted(String family, Biases biases, LoraTargets targets, NDManager manager) {
        Path base = FAMILIES.resolve(family);
        return Decoder.load(base, manager).adapted(LoraConfig.of(base.toString(), 2, 4, List.of()).withBiases(biases),
                targets, 3);
    }

    private static Set<String> ends(Set<String> names) {
        return names.stream().filter(name -> name.endsWith(".bias")).map(name -> name.split("\\.")[
                name.split("\\.").length - 2]).collect(Collectors.toCollection(TreeSet::new));
    }

    /// Qwen2 has biases at queries, keys and values, none behind.
    @Test
    void thoseThatLearnAreAllOrThoseOfModulesWithFactors() {
        try (NDManager manager = Engines.manager();
                Decoder none = adapted("qwen2", Biases.NONE, VALUES, manager);
                Decoder some = adapted("qwen2", Biases.LORA_ONLY, VALUES, manager);
                Decoder all = adapted("qwen2", Biases.ALL, VALUES, manager);
                Decoder norms = adapted("gpt2", Biases.ALL, new LoraTargets.AllLinear(), manager)) {
            assertEquals(Set.of(), ends(none.trainable().keySet()));
            assertEquals(Set.of("v_proj"), ends(some.trainable().keySet()));
            assertEquals(Set.of("q_proj", "k_proj", "v_proj"), ends(all.trainable().keySet()));
            assertTrue(ends(norms.trainable().keySet()).containsAll(Set.of("ln_1", "ln_f", "c_attn")),
                    norms.trainable()::toString);
        }
    }

    @Test
    void theyAreSavedWhereAPeftModelHasThemAndComeBack() {
        try (NDManager manager = Engines.manager(); Decoder student = adapted("qwen2", Biases.ALL, VALUES, manager)) {
            student.trainable().forEach((name, array) -> array.addi(0.25f));
            student.save(folder, DType.F32);
            try (Safetensors file = Safetensors.open(folder.resolve(LoraAdapter.WEIGHTS));
                    Decoder loaded = Decoder.load(folder, manager)) {
                String layer = "base_model.model.model.layers.0.self_attn.";
                assertTrue(file.tensors().keySet().containsAll(List.of(layer + "q_proj.bias", layer
                        + "v_proj.base_layer.bias")), () -> file.tensors().keySet().toString());
                NDArray prompt = manager.create(new long[][] {{3, 1, 4, 1, 5}});
                assertArrayEquals(logits(student, prompt), logits(loaded, prompt), 1e-6f);
                assertEquals(Biases.ALL, loaded.lora().orElseThrow().besides().biases());
                assertEquals(student.trainable().keySet(), loaded.trainable().keySet());
            }
        }
    }

    private static float[] logits(Decoder decoder, NDArray prompt) {
        return decoder.logits(decoder.forward(prompt, Set.of(), false).states(), false).toFloatArray();
    }

    /// The base, which a run compares with, is not what its copies become.
    @Test
    void theStartKeepsItsOwn() {
        try (NDManager manager = Engines.manager(); Decoder base = Decoder.load(FAMILIES.resolve("qwen2"), manager);
                Decoder student = adapted("qwen2", Biases.ALL, VALUES, manager);
                Decoder start = student.asItIs(manager)) {
            student.trainable().forEach((name, array) -> array.addi(0.25f));
            NDArray prompt = manager.create(new long[][] {{3, 1, 4, 1, 5}});
            assertArrayEquals(logits(base, prompt), logits(start, prompt), 1e-6f);
            assertTrue(!Arrays.equals(logits(start, prompt), logits(student, prompt)));
        }
    }

    @Test
    void whereThereAreNoneTheyAreRefused() {
        try (NDManager manager = Engines.manager()) {
            assertEquals("adapter.lora.bias: biases of the student, or none; got all, and it has no biases; write bias: "
                    + "none", assertThrows(ConfigException.class, () ->
                    adapted("mistral", Biases.ALL, VALUES, manager)).problems().getFirst().toString());
            assertEquals("adapter.lora.bias: biases of the student, or none; got lora_only, and no module with factors "
                    + "has one; write bias: none", assertThrows(ConfigException.class, () -> adapted("qwen2",
                    Biases.LORA_ONLY, new LoraTargets.Modules(List.of("o_proj")), manager)).problems().getFirst()
                    .toString());
        }
    }
}
