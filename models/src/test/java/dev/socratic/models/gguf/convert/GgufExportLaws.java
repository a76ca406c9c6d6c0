package dev.socratic.models.gguf.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.Safetensors;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.gguf.GgmlType;
import dev.socratic.models.gguf.Gguf;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.Rope;
import dev.socratic.models.text.BpeTrainer;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.models.text.TokenizerFolder;
import dev.socratic.models.text.TokenizerRecipe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for a GGUF of every family: it comes back as the model it was made of.
class GgufExportLaws {
    private static final Path FAMILIES = Path.of("src", "test", "resources", "families");
    /// Models of known families that llama.cpp cannot compute, and why.
    private static final Map<String, String> REFUSED = Map.of(
            "llama_dynamic", "rope_scaling: positions as llama.cpp computes the family; got dynamic",
            "gemma2", "query_pre_attn_scalar: 12, as llama.cpp computes the family; got 20",
            "smollm3", "no_rope_layers: every fourth layer without positions, as llama.cpp computes the family; got "
                    + "another layer 1");
    /// The same families as llama.cpp knows them, where a fixture is smaller than any published model.
    private static final Map<String, String> AS_PUBLISHED = Map.of(
            "gemma2", "{\"query_pre_attn_scalar\": 12, \"num_hidden_layers\": 4, \"layer_types\": null}",
            "gemma3", "{\"query_pre_attn_scalar\": 12, \"num_hidden_layers\": 6, \"layer_types\": null, "
                    + "\"sliding_window_pattern\": 6}",
            "smollm3", "{\"num_hidden_layers\": 5, \"no_rope_layer_interval\": 4, \"no_rope_layers\": null, "
                    + "\"layer_types\": null, \"use_sliding_window\": false}",
            "llama_llama3", "{\"rope_theta\": 500000, \"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 32.0, \"low_freq_factor\": 1.0, "
                    + "\"high_freq_factor\": 4.0, \"original_max_position_embeddings\": 8192}}");

    @TempDir
    Path folder;

    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    static List<String> models() throws IOException {
        try (Stream<Path> all = Files.list(FAMILIES)) {
            return all.filter(place -> GgufFamily.ofModelType(type(place)).isPresent())
                    .map(place -> place.getFileName().toString())
                    .filter(name -> !REFUSED.containsKey(name) || AS_PUBLISHED.containsKey(name)).sorted().toList();
        }
    }

    private static String type(Path place) {
        return Json.read(place.resolve("config.json"), ObjectNode.class).path("model_type").asText();
    }

    /// A random model with the config of a fixture, and a tokenizer of its own.
    private Path model(String name, boolean asPublished) throws IOException {
        Path model = folder.resolve("model");
        Files.createDirectories(model);
        TokenizerFolder.write(BpeTrainer.train(TokenizerRecipe.embedded(280),
                Stream.of("Tom has 12 apples and buys 3 more apples.")), model);
        ObjectNode config = Json.read(FAMILIES.resolve(name).resolve("config.json"), ObjectNode.class);
        if (asPublished) {
            config.setAll(Json.read(AS_PUBLISHED.getOrDefault(name, "{}"), ObjectNode.class, name));
        }
        config.put("vocab_size", 288).put("eos_token_id", 4).put("pad_token_id", 0).remove("bos_token_id");
        Files.writeString(model.resolve("config.json"), Json.pretty(config));
        try (NDManager manager = Engines.manager();
                Decoder decoder = Decoder.random(ModelConfig.read(model), 3, manager)) {
            decoder.save(model, DType.F32);
        }
        return model;
    }

    @ParameterizedTest
    @MethodSource("models")
    void aModelComesBackWithItsWeightsItsConfigAndItsTokens(String name) throws IOException {
        Path model = model(name, true);
        Path back = folder.resolve("back");
        List<String> lines = GgufExport.run(model, folder.resolve("m.gguf"), GgmlType.F32).lines();
        GgufImport.run(folder.resolve("m.gguf"), back, WeightType.LOSSLESS);
        try (Safetensors from = Safetensors.open(model.resolve("model.safetensors"));
                Safetensors made = Safetensors.open(back.resolve("model.safetensors"))) {
            assertEquals(from.tensors().keySet(), made.tensors().keySet());
            from.tensors().keySet().forEach(tensor -> assertArrayEquals(bytes(from, tensor), bytes(made, tensor),
                    tensor));
        }
        ModelConfig expected = ModelConfig.read(model).withInitializerRange(0.02);
        boolean window = lines.stream().anyMatch(line -> line.contains("knows no sliding window"));
        if (window) {
            assertTrue(Set.of("mistral", "qwen2_window", "phi3", "phi3_long").contains(name), name);
        }
        if (!window || expected.family().equals("phi3")) {
            assertEquals(expected, ModelConfig.read(back));
        }
        String text = "Tom has 345 apples,\n  \u00e9 <think>x</think><|end|>";
        try (Tokenizer one = Tokenizer.open(model); Tokenizer other = Tokenizer.open(back)) {
            assertArrayEquals(one.encode(text), other.encode(text));
            assertEquals(one.decode(one.encode(text), true), other.decode(other.encode(text), true));
        }
    }

    @Test
    void factorsOfPositionsThatNoLlama3HasComeBackAsTheyAre() throws IOException {
        Path model = model("llama_llama3", false);
        GgufExport.run(model, folder.resolve("m.gguf"), GgmlType.F32);
        GgufImport.run(folder.resolve("m.gguf"), folder.resolve("back"), WeightType.LOSSLESS);
        Rope rope = ModelConfig.read(folder.resolve("back")).pattern().getFirst().rope();
        List<Double> factors = List.of(1.5707964, 4.0, 4.0, 4.0);
        assertEquals(new Rope.LongRope(1000, factors, factors, 1, 64), rope);
    }

    @Test
    void whatLlamaCppCannotComputeIsRefusedByName() throws IOException {
        for (Map.Entry<String, String> model : REFUSED.entrySet()) {
            refused(model.getKey(), model.getValue() + "; a GGUF of this model would compute something else");
        }
        refused("gpt2", "model_type: a family that is written as GGUF; got 'gpt2'; known: llama, qwen2, qwen3, gemma2, "
                + "gemma3_text, phi3, smollm3, mistral");
    }

    private void refused(String name, String message) throws IOException {
        Path model = model(name, false);
        DataException refusal = assertThrows(DataException.class,
                () -> GgufExport.run(model, folder.resolve("m.gguf"), GgmlType.F32));
        assertEquals(model.resolve("config.json") + ": " + message, refusal.getMessage());
        assertFalse(Files.exists(folder.resolve("m.gguf")));
        Files.walk(model).sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
    }

    @Test
    void everyTypeIsWrittenByLlamaCppsRulesAndSaysWhatStandsInForWhat() throws IOException {
        Path model = model("llama_llama3", true);
        for (GgmlType type : GgufExport.TYPES) {
            Path file = folder.resolve(type.label() + ".gguf");
            List<String> lines = GgufExport.run(model, file, type).lines();
            try (Gguf gguf = Gguf.open(file)) {
                assertEquals(GgmlType.F32, gguf.tensors().get("output_norm.weight").type());
                assertEquals(GgmlType.F32, gguf.tensors().get("rope_freqs.weight").type());
                Set<GgmlType> types = gguf.tensors().values().stream().map(tensor -> tensor.type())
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(GgmlType.class)));
                types.remove(GgmlType.F32);
                Set<GgmlType> expected = switch (type) {
                    case F32 -> Set.of();
                    case Q4_K -> Set.of(GgmlType.Q5_0, GgmlType.Q8_0, GgmlType.F16);
                    case Q6_K -> Set.of(GgmlType.Q8_0, GgmlType.F16);
                    case Q4_0 -> Set.of(GgmlType.Q4_0, GgmlType.Q8_0, GgmlType.F16);
                    case Q8_0 -> Set.of(GgmlType.Q8_0, GgmlType.F16);
                    default -> Set.of(type);
                };
                assertEquals(expected, types, type.name());
                assertEquals(type == GgmlType.Q8_0, lines.stream().anyMatch(line -> line.matches("[0-9]+ tensors as F16 "
                        + "in place of Q8_0, whose blocks of 32 do not fill rows of 48")), lines::toString);
            }
        }
    }

    @Test
    void theMixtureOfQ4KIsTheOneLlamaCppChooses() {
        TypeRules rules = new TypeRules(GgmlType.Q4_K, GgufFamily.LLAMA, 16, false);
        List<Integer> more = Stream.iterate(0, i -> i + 1).limit(16)
                .filter(i -> rules.of("blk.%s.attn_v.weight".formatted(i), List.of(64L, 256L)) == GgmlType.Q6_K)
                .toList();
        assertEquals(List.of(0, 1, 4, 7, 10, 13, 14, 15), more);
        assertEquals(GgmlType.Q6_K, rules.of("output.weight", List.of(64L, 256L)));
        assertEquals(GgmlType.Q4_K, rules.of("token_embd.weight", List.of(64L, 256L)));
        assertEquals(GgmlType.Q6_K, new TypeRules(GgmlType.Q4_K, GgufFamily.LLAMA, 16, true)
                .of("token_embd.weight", List.of(64L, 256L)));
        assertEquals(GgmlType.Q4_K, rules.of("blk.3.attn_q.weight", List.of(64L, 256L)));
        assertEquals(GgmlType.Q5_0, rules.of("blk.3.attn_q.weight", List.of(64L, 96L)));
        assertEquals(GgmlType.F16, rules.of("blk.3.attn_q.weight", List.of(64L, 100L)));
        assertEquals(GgmlType.F32, rules.of("blk.3.attn_q.bias", List.of(256L)));
    }

    private static byte[] bytes(Safetensors file, String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        file.blocks(name, block -> {
            byte[] part = new byte[block.remaining()];
            block.get(part);
            out.writeBytes(part);
        });
        return out.toByteArray();
    }
}
