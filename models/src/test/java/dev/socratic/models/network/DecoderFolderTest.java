package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Engines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecoderFolderTest {
    /// Small products gain nothing from a second thread, and on a busy machine each of them waits for it.
    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    private static final SpecialTokens SPECIAL = new SpecialTokens(OptionalLong.empty(), List.of(4L, 5L),
            OptionalLong.of(0));
    private static final ModelConfig SMALL = ModelConfig.llama(64, 32, 2, 4, 2, 48, 64, true, SPECIAL);

    @TempDir
    Path folder;

    @Test
    void whatIsSavedInFloat32LoadsBitForBitAndLeavesNothingElseBehind() throws Exception {
        try (NDManager manager = Engines.manager(); Decoder saved = Decoder.random(SMALL, 3, manager)) {
            saved.trainable(true);
            saved.save(folder, DType.F32);
            try (Decoder loaded = Decoder.load(folder, manager)) {
                assertEquals(SMALL, loaded.config());
                assertEquals(List.copyOf(saved.weights().keySet()), List.copyOf(loaded.weights().keySet()));
                saved.weights()
                        .forEach((name, weight) ->
                                assertArrayEquals(weight.toFloatArray(), loaded.weights().get(name).toFloatArray()));
            }
            try (Stream<Path> files = Files.list(folder)) {
                assertEquals(List.of("config.json", "generation_config.json", "model.safetensors"),
                        files.map(f -> f.getFileName().toString()).sorted().toList());
            }
        }
    }

    @Test
    void bfloat16KeepsEachWeightToOnePartIn256() {
        try (NDManager manager = Engines.manager(); Decoder saved = Decoder.random(SMALL, 3, manager)) {
            saved.save(folder, DType.BF16);
            try (Decoder loaded = Decoder.load(folder, manager)) {
                NDArray before = saved.weights().get("model.embed_tokens.weight");
                NDArray after = loaded.weights().get("model.embed_tokens.weight");
                assertTrue(before.sub(after).abs().lte(before.abs().div(256)).all().getBoolean());
            }
        }
    }

    @Test
    void everythingThatDoesNotFitTheConfigIsNamedAtOnce() throws Exception {
        try (NDManager manager = Engines.manager(); Decoder saved = Decoder.random(SMALL, 3, manager)) {
            saved.save(folder, DType.F32);
            Path config = folder.resolve("config.json");
            Files.writeString(config,
                    Files.readString(config).replace("\"num_hidden_layers\" : 2", "\"num_hidden_layers\" : 1")
                    .replace("\"vocab_size\" : 64", "\"vocab_size\" : 65")
                            .replace("\"tie_word_embeddings\" : true", "\"tie_word_embeddings\" : false"));
            DataException refusal = assertThrows(DataException.class, () -> Decoder.load(folder, manager));
            List<String> problems = refusal.problems().stream().map(Object::toString).toList();
            assertEquals(folder + ": model.embed_tokens.weight: shape (65, 32), as config.json says; got (64, 32); "
                    + "the weights and config.json belong to different models", problems.get(0));
            assertEquals(
                    folder + ": lm_head.weight: a tensor of shape (65, 32); got none; the weights and config.json "
                            + "belong to different models",
                    problems.get(1));
            assertEquals(
                    folder + ": model.layers.1.input_layernorm.weight: only tensors that a llama has; got this one; "
                    + "the model computes something that this version does not", problems.get(2));
            assertEquals(2 + 9, problems.size());
        }
    }

    @Test
    void aConfigIsReadWithAllItsProblems() throws Exception {
        Files.writeString(folder.resolve("config.json"), """
                {"model_type": "llama", "vocab_size": 64, "hidden_size": "wide", "num_hidden_layers": 2, "intermediate_size": 48,
                 "num_attention_heads": 4, "rope_scaling": {"rope_type": "mrope"}, "hidden_act": "quick_gelu"}
                """);
        DataException refusal = assertThrows(DataException.class, () -> ConfigJson.read(folder.resolve("config.json")));
        String place = folder.resolve("config.json") + ": ";
        assertEquals(List.of(
                place + "hidden_size: a whole number; got \"wide\"",
                place + "rope_scaling.rope_type: a value this version can compute; got 'mrope'; "
                        + "known: default, linear, dynamic, llama3, yarn, longrope",
                place + "hidden_act: a value this version can compute; got 'quick_gelu'; "
                        + "known: silu, swish, gelu, gelu_pytorch_tanh, gelu_new, gelu_fast, relu"),
                refusal.problems().stream().map(Object::toString).limit(3).toList());
    }

    @Test
    void aFamilyThatNobodyComparedIsRefusedInOneLine() throws Exception {
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"mamba\", \"hidden_size\": 1}");
        DataException refusal = assertThrows(DataException.class, () -> Decoder.load(folder, null));
        assertEquals(
                folder.resolve("config.json")
                        + ": model_type: a family that was compared with the reference implementation; got 'mamba'; "
                + "known: " + String.join(", ", Family.KNOWN), refusal.getMessage());
    }

    @Test
    void theScaledRopeSurvivesAConfigFile() throws Exception {
        List<Layer> pattern = List.of(Layer.full(new Rope.Llama3(500_000, 8, 1, 4, 8192)));
        ModelConfig scaled = new ModelConfig("llama", 64, 32, 48, 131_072, 131_072, Attention.plain(4, 2, 16),
                FeedForward.swiGlu(),
                new Norm(Norm.Kind.RMS, 1e-6), pattern, false, Scales.NONE, false, 0.02, SpecialTokens.none());
        Files.writeString(folder.resolve("config.json"), ConfigText.config(scaled, "float32"));
        assertEquals(scaled, ConfigJson.read(folder.resolve("config.json")));
    }
}
