package dev.socratic.trainer.prepare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.ConfigException;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.decoder.Decoder;
import dev.socratic.models.decoder.ModelConfig;
import dev.socratic.models.decoder.SpecialTokens;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.text.BpeTrainer;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.models.text.TokenizerFolder;
import dev.socratic.models.text.TokenizerRecipe;
import dev.socratic.trainer.config.StudentStart;
import dev.socratic.trainer.config.StudentStart.Keep;
import java.nio.file.Path;
import java.util.List;
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
    void aLayerTheModelLacksIsRefused() {
        ConfigException refused = assertThrows(ConfigException.class, () -> check(new Keep.Layers(List.of(1, 4)), List.of()));
        assertEquals(
                "student.layers_of.keep: layers from 0 to 3; got [1, 4]; the model has 4 layers", refused.getMessage());
    }

    private void check(Keep keep, List<Integer> layers) {
        try (NDManager manager = Engines.manager();
                Tokenizer tokenizer = Tokenizer.open(folder);
                Decoder teacher = Decoder.load(folder, manager);
                Decoder student = Students.start(
                        new StudentStart.LayersOf(folder, keep), 1, tokenizer, SpecialTokens.none(), manager)) {
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
