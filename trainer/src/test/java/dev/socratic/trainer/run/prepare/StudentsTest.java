package dev.socratic.trainer.run.prepare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.ConfigException;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.models.text.BpeTrainer;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.models.text.TokenizerFolder;
import dev.socratic.models.text.TokenizerRecipe;
import dev.socratic.trainer.config.StudentStart;
import dev.socratic.trainer.config.StudentStart.Keep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudentsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void aTeacherOfFourLayers() throws Exception {
        TokenizerFolder.write(BpeTrainer.train(TokenizerRecipe.embedded(263), Stream.of("a")), folder);
        try (NDManager manager = Engines.manager();
                Decoder teacher = Decoder.random(
                        ModelConfig.llama(263, 8, 4, 2, 1, 16, 32, true, SpecialTokens.none()), 1, manager)) {
            teacher.save(folder, DType.F32);
        }
    }

    @Test
    void everyOtherLayerOfAModelMakesAStudentOfHalfItsDepth() {
        assertEquals(List.of(0, 2), new Keep.EveryOther().of(4));
        check(new Keep.EveryOther(), List.of(0, 2));
    }

    @Test
    void theFirstOrChosenLayersAreKept() {
        check(new Keep.First(3), List.of(0, 1, 2));
        check(new Keep.Layers(List.of(1, 3)), List.of(1, 3));
    }

    @Test
    void aConfigAloneMakesAStudentOfItsFamilyWithWeightsFromTheSeed() throws Exception {
        Path shape = Files.createDirectories(folder.resolve("shape"));
        Files.writeString(shape.resolve("config.json"), """
                {"model_type": "qwen2", "vocab_size": 263, "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1,
                 "intermediate_size": 16, "max_position_embeddings": 32, "hidden_act": "silu", "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "initializer_range": 0.1,
                 "tie_word_embeddings": true}""");
        try (NDManager manager = Engines.manager(); Tokenizer tokenizer = Tokenizer.open(folder)) {
            List<float[]> queries = Stream.of(1L, 1L, 2L).map(seed -> {
                try (Decoder student = Students.start(new StudentStart.Architecture(shape), Optional.empty(), seed,
                        tokenizer,
                        SpecialTokens.none(), manager, FloatType.FLOAT32)) {
                    assertEquals("qwen2", student.config().family());
                    assertArrayEquals(new float[8],
                            student.weights().get("model.layers.0.self_attn.q_proj.bias").toFloatArray());
                    return student.weights().get("model.layers.0.self_attn.q_proj.weight").toFloatArray();
                }
            }).toList();
            assertArrayEquals(queries.get(0), queries.get(1));
            assertNotEquals(queries.get(0)[0], queries.get(2)[0]);
        }
    }

    @Test
    void aLayerTheModelLacksIsRefused() {
        ConfigException refused = assertThrows(ConfigException.class,
                () -> check(new Keep.Layers(List.of(1, 4)), List.of()));
        assertEquals(
                "student.layers_of.keep: layers from 0 to 3; got [1, 4]; the model has 4 layers", refused.getMessage());
    }

    private void check(Keep keep, List<Integer> layers) {
        try (NDManager manager = Engines.manager();
                Tokenizer tokenizer = Tokenizer.open(folder);
                Decoder teacher = Decoder.load(folder, manager);
                Decoder student = Students.start(
                        new StudentStart.LayersOf(folder, keep), Optional.empty(), 1, tokenizer, SpecialTokens.none(),
                        manager, FloatType.FLOAT32)) {
            assertEquals(layers.size(), student.config().layers());
            same(teacher, "model.embed_tokens.weight", student, "model.embed_tokens.weight");
            same(teacher, "model.norm.weight", student, "model.norm.weight");
            for (int i = 0; i < layers.size(); i++) {
                String name = ".mlp.up_proj.weight";
                same(teacher, "model.layers." + layers.get(i) + name, student, "model.layers." + i + name);
            }
        }
    }

    private static void same(Decoder a, String nameA, Decoder b, String nameB) {
        assertArrayEquals(a.weights().get(nameA).toFloatArray(), b.weights().get(nameB).toFloatArray(), nameB);
    }
}
