package dev.socratic.models.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.models.checkpoint.LoraAdapter.Pair;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoraAdapterTest {
    private static final String QUERY = "model.layers.0.self_attn.q_proj";

    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    private final NDManager manager = Engines.manager();

    @TempDir
    Path folder;

    private Path base;
    private Path adapter;

    @BeforeEach
    void folders() throws IOException {
        base = Files.createDirectory(folder.resolve("base"));
        adapter = Files.createDirectory(folder.resolve("adapter"));
    }

    @AfterEach
    void free() {
        manager.close();
    }

    /// A is [2, 3], B is [2, 2]; with alpha 4 and rank 2 the product [[1, 2, 3], [8, 10, 12]] counts twice.
    private Pair pair() {
        return new Pair(manager.create(new float[][] {{1, 2, 3}, {4, 5, 6}}),
                manager.create(new float[][] {{1, 0}, {0, 2}}));
    }

    private void write(LoraConfig config) {
        LoraAdapter.write(adapter, config, Map.of(QUERY, pair()), DType.F32);
    }

    private float[] delta(String weight) {
        try (LoraAdapter read = LoraAdapter.open(adapter)) {
            return read.delta(weight, manager).orElseThrow().toFloatArray();
        }
    }

    @Test
    void theProductOfTheFactorsIsScaledByAlphaOverRank() {
        write(LoraConfig.of("org/base", 2, 4, List.of("q_proj")));
        try (LoraAdapter read = LoraAdapter.open(adapter)) {
            assertEquals(Set.of(QUERY + ".weight"), read.adapted());
            assertEquals("org/base", read.config().base());
            assertEquals(10, read.parameters());
            assertEquals(Optional.empty(), read.delta("model.norm.weight", manager));
        }
        assertArrayEquals(new float[] {2, 4, 6, 16, 20, 24}, delta(QUERY + ".weight"));
    }

    @Test
    void rankStabilisedAdaptersAreScaledByTheRoot() {
        write(new LoraConfig("", 2, 4, List.of("q_proj"), true, false, Map.of(), Map.of(), false));
        assertArrayEquals(new float[] {1, 2, 3, 8, 10, 12}, over(delta(QUERY + ".weight"), 4 / Math.sqrt(2)), 1e-5f);
    }

    @Test
    void patternsGiveAModuleAnotherRankAndAlpha() {
        write(new LoraConfig("", 7, 4, List.of("q_proj"), false, false, Map.of("layers\\.0\\..*q_proj", 2),
                Map.of("q_proj", 2.0), false));
        assertArrayEquals(new float[] {1, 2, 3, 8, 10, 12}, delta(QUERY + ".weight"));
    }

    @Test
    void weightsThatAreStoredTheOtherWayRoundGetTheTransposedProduct() {
        write(new LoraConfig("", 2, 2, List.of("q_proj"), false, true, Map.of(), Map.of(), false));
        assertArrayEquals(new float[] {1, 8, 2, 10, 3, 12}, delta(QUERY + ".weight"));
    }

    @Test
    void embeddingsAreStoredTheOtherWayRoundToo() throws IOException {
        write(LoraConfig.of("", 2, 2, List.of("embed_tokens")));
        Map<String, NDArray> factors = new LinkedHashMap<>();
        factors.put("base_model.model.model.embed_tokens.lora_embedding_A", pair().a());
        factors.put("base_model.model.model.embed_tokens.lora_embedding_B", pair().b());
        SafetensorsWriter.write(adapter.resolve(LoraAdapter.WEIGHTS), factors, DType.F32);
        assertArrayEquals(new float[] {1, 8, 2, 10, 3, 12}, delta("model.embed_tokens.weight"));
    }

    @Test
    void mergingAddsOnceRoundsOnceAndKeepsEveryOtherBit() throws IOException {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        weights.put(QUERY + ".weight", manager.create(new float[][] {{1, 1, 1}, {256, 0, 0}}));
        weights.put("model.norm.weight", manager.create(new float[] {0.1f, -0f, 3}));
        weights.put("lm_head.weight", manager.create(new float[] {5, 6}));
        SafetensorsWriter.write(base.resolve(Checkpoint.SINGLE), weights, DType.BF16);
        Files.writeString(base.resolve("config.json"), "{}");
        Files.writeString(base.resolve("pytorch_model.bin"), "x");
        write(LoraConfig.of("", 2, 4, List.of("q_proj")));
        Map<String, NDArray> factors = new LinkedHashMap<>();
        factors.put("base_model.model." + QUERY + ".lora_A.weight", pair().a());
        factors.put("base_model.model." + QUERY + ".lora_B.weight", pair().b());
        factors.put("base_model.model.lm_head.weight", manager.create(new float[] {7, 8}));
        SafetensorsWriter.write(adapter.resolve(LoraAdapter.WEIGHTS), factors, DType.F32);

        Path out = folder.resolve("out");
        LoraMerge.merge(base, adapter, out, Compute.CPU);
        try (Checkpoint merged = Checkpoint.open(out); Checkpoint old = Checkpoint.open(base)) {
            assertEquals(List.copyOf(weights.keySet()), List.copyOf(merged.tensors().keySet()));
            // 256 + 16 has no other bf16 within 2 of it
            assertArrayEquals(new float[] {3, 5, 7, 272, 20, 24},
                    merged.read(QUERY + ".weight", manager).toFloatArray());
            assertEquals(DType.BF16, merged.tensors().get(QUERY + ".weight").dtype());
            assertArrayEquals(old.read("model.norm.weight", manager).toFloatArray(),
                    merged.read("model.norm.weight", manager).toFloatArray());
            assertArrayEquals(new float[] {7, 8}, merged.read("lm_head.weight", manager).toFloatArray());
        }
        assertEquals("{}", Files.readString(out.resolve("config.json")));
        assertTrue(Files.notExists(out.resolve("pytorch_model.bin")));
        assertEquals(base + ": a folder of its own for the merged model; got the base's; choose another folder",
                assertThrows(DataException.class, () -> LoraMerge.merge(base, adapter, base, Compute.CPU))
                        .getMessage());
    }

    @Test
    void anAdapterOfAnotherModelIsRefusedBeforeAnythingIsWritten() {
        SafetensorsWriter.write(base.resolve(Checkpoint.SINGLE),
                Map.of(QUERY + ".weight", manager.zeros(new ai.djl.ndarray.types.Shape(3, 2))), DType.F32);
        write(LoraConfig.of("org/base", 2, 4, List.of("q_proj")));
        Path out = folder.resolve("out");
        assertEquals(
                adapter.resolve(LoraAdapter.WEIGHTS) + ": " + QUERY
                        + ".weight: a base with such a weight of shape [2, 3]; got [3, 2]; "
                        + "give the model the adapter was trained on: org/base",
                assertThrows(DataException.class, () -> LoraMerge.merge(base, adapter, out, Compute.CPU)).getMessage());
        assertTrue(Files.notExists(out));
    }

    @Test
    void whatCannotBeMergedIsSaidAtOnce() throws IOException {
        write(LoraConfig.of("", 2, 4, List.of("q_proj")));
        Path file = adapter.resolve(LoraConfig.NAME);
        Files.writeString(file,
                Files.readString(file).replace("\"use_dora\" : false", "\"lora_bias\" : true")
                        .replace("\"LORA\"", "\"IA3\"")
                .replace("\"r\" : 2", "\"r\" : 2.5")
                        .replace("\"rank_pattern\" : { }", "\"rank_pattern\" : {\"(a+)+\" : 3}"));
        assertEquals(List.of(
                        file + ": peft_type: 'LORA', the only kind of adapter that merges here; got 'IA3'; merge it "
                                + "with PEFT",
                        file + ": r: a whole number above 0; got 2.5",
                        file + ": lora_bias: nothing, null or false; got true; factors with biases: merge it with PEFT",
                        file + ": rank_pattern: patterns with a number each; got {'(a+)+':3}"),
                assertThrows(DataException.class, () -> LoraAdapter.open(adapter)).problems().stream()
                        .map(Object::toString).toList());
    }

    @Test
    void aFactorWithoutItsOtherAndAWrongRankAreNamed() {
        write(LoraConfig.of("", 3, 4, List.of("q_proj")));
        Path file = adapter.resolve(LoraAdapter.WEIGHTS);
        assertEquals(
                file + ": " + QUERY
                        + ": A [3, in] and B [out, 3]; got [2, 3] and [2, 2]; adapter_config.json and the weights "
                        + "belong to different adapters",
                assertThrows(DataException.class, () -> LoraAdapter.open(adapter)).getMessage());
        SafetensorsWriter.write(file, Map.of("base_model.model.x.lora_A.weight", pair().a()), DType.F32);
        assertEquals(file + ": x: both factors; got only one; fetch the adapter again",
                assertThrows(DataException.class, () -> LoraAdapter.open(adapter)).getMessage());
    }

    private static float[] over(float[] values, double divisor) {
        float[] quotients = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            quotients[i] = (float) (values[i] / divisor);
        }
        return quotients;
    }
}
