package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.Checkpoint;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.SafetensorsWriter;
import dev.socratic.models.engine.Engines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Folders as they are found in the wild.
class FamilyFolderTest {
    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    @TempDir
    Path folder;

    private static Path fixture(String name) {
        return FamilyFixture.ALL.resolve(name);
    }

    /// The fixture with other tensor names.
    private void renamed(Path fixture, UnaryOperator<String> names, NDManager manager, Map<String, NDArray> more)
            throws Exception {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        try (Checkpoint checkpoint = Checkpoint.open(fixture)) {
            checkpoint.tensors().keySet()
                    .forEach(name -> weights.put(names.apply(name), checkpoint.read(name, manager)));
        }
        weights.putAll(more);
        SafetensorsWriter.write(folder.resolve("model.safetensors"), weights, DType.F32);
        Files.copy(fixture.resolve("config.json"), folder.resolve("config.json"));
    }

    private ModelConfig changed(String name, String field, String value) throws Exception {
        ObjectNode config = Json.read(fixture(name).resolve("config.json"), ObjectNode.class);
        config.set(field, Json.mapper().readTree(value));
        Files.writeString(folder.resolve("config.json"), Json.pretty(config));
        return ConfigJson.read(folder.resolve("config.json"));
    }

    @Test
    void anOldGpt2WithoutThePrefixAndWithItsCausalMaskLoads() throws Exception {
        try (NDManager manager = Engines.manager()) {
            renamed(fixture("gpt2"), name -> name.replaceFirst("^transformer\\.", ""), manager,
                    Map.of("h.0.attn.bias", manager.ones(
                    new Shape(1, 1, 64, 64))));
            try (Decoder old = Decoder.load(folder, manager); Decoder plain = Decoder.load(fixture("gpt2"), manager)) {
                plain.weights()
                        .forEach((name, weight) ->
                                assertArrayEquals(weight.toFloatArray(), old.weights().get(name).toFloatArray(), name));
            }
        }
    }

    @Test
    void anOldBertWhoseNormsHaveGammaAndBetaLoads() throws Exception {
        Path bert = Path.of("src/test/resources/encoders/bert");
        try (NDManager manager = Engines.manager()) {
            renamed(bert,
                    name -> name.replace("LayerNorm.weight", "LayerNorm.gamma")
                            .replace("LayerNorm.bias", "LayerNorm.beta"), manager,
                    Map.of("bert.pooler.dense.weight", manager.ones(new Shape(32, 32))));
            try (Encoder old = Encoder.load(folder, manager); Encoder plain = Encoder.load(bert, manager)) {
                plain.weights()
                        .forEach((name, weight) ->
                                assertArrayEquals(weight.toFloatArray(), old.weights().get(name).toFloatArray(), name));
            }
        }
    }

    @Test
    void newerFilesKeepTheRopeOfEachKindOfLayerUnderRopeParameters() throws Exception {
        ModelConfig plain = ModelConfig.read(fixture("gemma3"));
        ObjectNode config = Json.read(fixture("gemma3").resolve("config.json"), ObjectNode.class);
        config.remove(List.of("rope_theta", "rope_local_base_freq", "rope_scaling"));
        config.set("rope_parameters", Json.mapper().readTree("""
                {"full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 1000.0},
                 "sliding_attention": {"rope_type": "default", "rope_theta": 100.0}}"""));
        Files.writeString(folder.resolve("config.json"), Json.pretty(config));
        assertEquals(plain, ConfigJson.read(folder.resolve("config.json")));
        ModelConfig partial = changed("gpt_neox", "rope_parameters",
                "{\"rope_theta\": 50.0, \"partial_rotary_factor\": 1.0}");
        assertEquals(8, partial.attention().rotated());
        assertEquals(List.of(new Rope.Plain(50)), partial.ropes());
    }

    @Test
    void aWindowOfNullIsNoWindowAndAnAbsentOneIsTheFamilysDefault() throws Exception {
        assertEquals(0, changed("mistral", "sliding_window", "null").window());
        ObjectNode config = Json.read(fixture("mistral").resolve("config.json"), ObjectNode.class);
        config.remove("sliding_window");
        Files.writeString(folder.resolve("config.json"), Json.pretty(config));
        assertEquals(4096, ConfigJson.read(folder.resolve("config.json")).window());
    }

    @Test
    void whatTheFamilysProgramCannotComputeIsRefusedUnderItsOwnName() {
        for (List<String> wrong : List.of(
                List.of("gpt2", "scale_attn_by_inverse_layer_idx", "true",
                        "a value this version can compute; got true; known: false"),
                List.of("gemma2", "layer_types", "[\"full_attention\"]", "one entry for each of the 3 layers; got 1"),
                List.of("gpt_neox", "layer_norm_eps", "\"small\"", "a number; got \"small\""),
                List.of("phi3_long", "rope_scaling",
                        "{\"type\": \"longrope\", \"short_factor\": [1.0], \"long_factor\": [1.0, 1.0, 1.0, 1.0]}",
                        "one number for each of the 4 pairs of a head; got 1"))) {
            DataException refusal = assertThrows(DataException.class,
                    () -> changed(wrong.get(0), wrong.get(1), wrong.get(2)));
            String problem = refusal.problems().getFirst().toString();
            assertTrue(problem.contains(folder.resolve("config.json") + ": " + wrong.get(1))
                    && problem.contains(wrong.get(3)), problem);
        }
    }

    /// The fields of the published files; weights as counted on their pages.
    @Test
    void theDistilledModelsOfDeepSeekAreReadAsTheyAre() throws Exception {
        String qwen = """
                {"architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 151643, "eos_token_id": 151643, "hidden_act": "silu",
                 "hidden_size": %s, "initializer_range": 0.02, "intermediate_size": %s,
                 "max_position_embeddings": 131072, "max_window_layers": %s,
                 "model_type": "qwen2", "num_attention_heads": %s, "num_hidden_layers": %s,
                 "num_key_value_heads": %s, "rms_norm_eps": 1e-06,
                 "rope_theta": 10000, "sliding_window": 4096, "tie_word_embeddings": false, "torch_dtype": "bfloat16",
                 "transformers_version": "4.44.0", "use_cache": true, "use_mrope": false,
                 "use_sliding_window": false, "vocab_size": %s}""";
        ModelConfig small = published(qwen.formatted(1536, 8960, 21, 12, 28, 2, 151936));
        assertEquals(1_777_088_000L, small.parameters());
        assertEquals(0, small.window(), "use_sliding_window is false");
        assertEquals(List.of(151643L), small.special().eos());
        assertEquals(7_615_616_512L, published(qwen.formatted(3584, 18944, 28, 28, 28, 4, 152064)).parameters());
        ModelConfig llama = published("""
                {"architectures": ["LlamaForCausalLM"], "attention_bias": false, "attention_dropout": 0.0, "bos_token_id": 128000,
                 "eos_token_id": 128001, "hidden_act": "silu", "hidden_size": 4096, "initializer_range": 0.02, "intermediate_size": 14336,
                 "max_position_embeddings": 131072, "mlp_bias": false, "model_type": "llama", "num_attention_heads": 32, "num_hidden_layers": 32,
                 "num_key_value_heads": 8, "pretraining_tp": 1, "rms_norm_eps": 1e-05, "rope_scaling": {"factor": 8.0, "low_freq_factor": 1.0,
                 "high_freq_factor": 4.0, "original_max_position_embeddings": 8192, "rope_type": "llama3"}, "rope_theta": 500000.0,
                 "tie_word_embeddings": false, "torch_dtype": "bfloat16", "transformers_version": "4.43.0.dev0", "use_cache": true,
                 "vocab_size": 128256}""");
        assertEquals(8_030_261_248L, llama.parameters());
        assertEquals(131072, llama.context());
    }

    private ModelConfig published(String config) throws Exception {
        Files.writeString(folder.resolve("config.json"), config);
        return ModelConfig.read(folder);
    }

    @Test
    void aStretchedRopeHasRoomForLongerSequences() throws Exception {
        assertEquals(64, ModelConfig.read(fixture("llama_linear")).context());
        assertEquals(16, ModelConfig.read(fixture("llama_linear")).positions());
        assertEquals(256, changed("llama_yarn", "rope_scaling",
                "{\"type\": \"yarn\", \"factor\": 8.0, \"original_max_position_embeddings\": 32}").context());
        assertEquals(64, ModelConfig.read(fixture("gemma3")).context());
    }

    @Test
    void keptLayersStayOfTheirKind() {
        try (NDManager manager = Engines.manager(); Decoder whole = Decoder.load(fixture("gemma3"), manager);
                Decoder kept = whole.keeping(List.of(2, 0), manager)) {
            assertEquals(List.of(0, 5), kept.config().pattern().stream().map(Layer::window).toList());
            String third = "model.layers.2.self_attn.q_proj.weight";
            assertArrayEquals(whole.weights().get(third).toFloatArray(),
                    kept.weights().get("model.layers.0.self_attn.q_proj.weight").toFloatArray());
            assertEquals(2,
                    kept.forward(manager.create(new long[][] {{1, 2}}), Set.of(), false).states().getShape().get(1));
        }
    }

    @Test
    void logitsAreBoundedAfterTheHead() {
        try (NDManager manager = Engines.manager(); Decoder bounded = Decoder.load(fixture("gemma2"), manager)) {
            NDArray states = bounded.forward(manager.create(new long[][] {{1, 2, 3}}), Set.of(), false).states();
            NDArray product = states.get("0").matMul(bounded.head().transpose());
            NDArray logits = bounded.logits(states, false).get("0");
            assertEquals(0, logits.sub(product.div(8).tanh().mul(8)).abs().max().getFloat(), 1e-6f);
        }
    }

    @Test
    void anExpertThatNoTokenChoseHasAGradientOfZeros() {
        try (NDManager manager = Engines.manager(); Decoder sparse = Decoder.load(fixture("mixtral"), manager)) {
            sparse.trainable(true);
            // 2 of 4 experts a layer
            NDArray states = sparse.forward(manager.create(new long[][] {{5}}), Set.of(), true).states();
            JniUtils.backward((PtNDArray) states, (PtNDArray) manager.ones(states.getShape()), false, false);
            List<String> experts = sparse.weights().keySet().stream()
                    .filter(name -> name.contains("layers.0") && name.endsWith("w2.weight")).toList();
            assertEquals(4, experts.size());
            assertEquals(2,
                    experts.stream().map(name -> sparse.weights().get(name).getGradient().abs().sum().getFloat())
                    .filter(sum -> sum == 0).count());
        }
    }

    @Test
    void randomWeightsLeaveNormsNeutralInEveryFamily() {
        for (String name : List.of("gemma2", "gpt2", "qwen3_moe")) {
            try (NDManager manager = Engines.manager();
                    Decoder random = Decoder.random(ModelConfig.read(fixture(name)), 1, manager)) {
                NDArray states = random.forward(manager.create(new long[][] {{1, 2, 3}}), Set.of(), false).states();
                assertEquals(1, states.square().mean().getFloat(), 0.05, name);
            }
        }
    }
}
