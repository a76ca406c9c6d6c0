package dev.socratic.trainer.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Encoder;
import dev.socratic.models.network.EncoderConfig;
import dev.socratic.models.text.BpeTrainer;
import dev.socratic.models.text.TokenizerFolder;
import dev.socratic.models.text.TokenizerRecipe;
import dev.socratic.trainer.SmallRuns;
import dev.socratic.trainer.TrainStage;
import dev.socratic.trainer.TrainStageTest;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.run.card.MetricsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// DistilBERT's recipe on a tiny BERT, from text to a folder that loads.
class EncoderTrainingTest {
    @TempDir
    Path folder;

    private Path teacher;
    private Path rows;

    @BeforeEach
    void models() throws IOException {
        List<String> lines = IntStream.range(0, 60).mapToObj(i -> "%s plus %s is %s and %s plus %s is %s".formatted(
                i % 7, i % 5, i % 7 + i % 5, i % 4, i % 3, i % 4 + i % 3)).toList();
        rows = Files.write(folder.resolve("rows.jsonl"), lines.stream().map("{\"text\": \"%s\"}"::formatted).toList());
        teacher = Files.createDirectories(folder.resolve("bert"));
        TokenizerFolder.write(
                BpeTrainer.train(
                        new TokenizerRecipe(300, List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]"), List.of(), "[PAD]",
                                "[SEP]", "{{ messages }}"),
                lines.stream()), teacher);
        Files.writeString(teacher.resolve("tokenizer_config.json"),
                "{\"cls_token\": \"[CLS]\", \"sep_token\": \"[SEP]\", \"mask_token\": \"[MASK]\", \"pad_token\": "
                        + "\"[PAD]\"}");
        Files.writeString(teacher.resolve("config.json"), """
                {"model_type": "bert", "vocab_size": 300, "hidden_size": 32, "num_hidden_layers": 4, "num_attention_heads": 4, "intermediate_size": 48,
                 "hidden_act": "gelu", "max_position_embeddings": 48, "type_vocab_size": 2, "layer_norm_eps": 1e-12, "initializer_range": 0.15, "pad_token_id": 0}""");
        try (NDManager manager = Engines.manager();
                Encoder random = Encoder.random(EncoderConfig.read(teacher), 4, manager)) {
            random.save(teacher, DType.F32);
        }
    }

    private String config(String objective, String more) {
        return """
                name: distilled
                student: {layers_of: {path: "%s", keep: every_other}}
                data: {file: {path: "%s"}}
                objective: %s
                budget: {steps: {n: 16}}
                batch_tokens: 600
                micro_tokens: 300
                max_seq: 40
                shuffle_buffer: 30
                checkpoint_every: 4
                optimizer: {learning_rate: 0.01, warmup: {steps: {n: 0}}}
                dtype: float32
                %s
                """.formatted(teacher, rows, objective, more);
    }

    private Path train(String yaml, String name, Progress progress) throws IOException {
        Path stage = Files.createDirectories(folder.resolve(name));
        TrainStage.run(ConfigReader.read(yaml, "config", TrainConfig.class),
                new StageContext(stage, progress, Clock.systemUTC(), 1), Compute.CPU);
        return stage;
    }

    private static List<Double> losses(Path stage) throws IOException {
        return Files.readAllLines(stage.resolve("metrics.jsonl")).stream()
                .filter(line -> line.contains("\"loss\""))
                .map(line -> Double.parseDouble(line.replaceAll(".*\"loss\":([-0-9.E]+).*", "$1")))
                .toList();
    }

    @Test
    void maskedTokensAreLearned() throws IOException {
        Path student =
                train(config("sft",
                        "evaluate: {source: {file: {path: \"%s\"}}, every: 8, rows: 20}\n".formatted(rows)
                                + "masking: {mlm_probability: 0.2}"), "plain", Progress.SILENT);
        List<Double> losses = losses(student);
        assertEquals(16, losses.size());
        assertTrue(losses.getLast() < 0.7 * losses.getFirst(), losses.toString());
        List<Double> heldOut = MetricsFile.read(student.resolve("metrics.jsonl")).heldOut();
        assertEquals(2, heldOut.size());
        assertTrue(heldOut.getLast() < heldOut.getFirst() && heldOut.getFirst() < Math.log(300), heldOut.toString());
    }

    /// DistilBERT's own architecture has no token types: a student of another family than its teacher, from a
    /// config.json alone.
    @Test
    void aStudentOfAnotherFamilyStartsFromItsConfigAlone() throws IOException {
        Path shape = Files.createDirectories(folder.resolve("distilbert"));
        for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(teacher.resolve(name), shape.resolve(name));
        }
        Files.writeString(shape.resolve("config.json"), """
                {"model_type": "distilbert", "vocab_size": 300, "dim": 16, "n_layers": 2, "n_heads": 2, "hidden_dim": 32, "activation": "gelu",
                 "max_position_embeddings": 48, "initializer_range": 0.2, "pad_token_id": 0}""");
        String yaml = config("word_kd", "teacher: \"%s\"".formatted(teacher))
                .replaceAll("student: .*", "student: {architecture: {path: \"%s\"}}".formatted(shape));
        Path student = train(yaml, "other_family", Progress.SILENT);
        List<Double> losses = losses(student);
        assertTrue(losses.getLast() < losses.getFirst(), losses.toString());
        assertEquals("distilbert", EncoderConfig.read(student).family());
        assertEquals(losses, losses(train(yaml, "again", Progress.SILENT)), "the same seed, the same start");
    }

    @Test
    void aTeacherWithAnotherTokenizerIsRefused() throws IOException {
        Path other = Files.createDirectories(folder.resolve("other"));
        TokenizerFolder.write(
                BpeTrainer.train(
                        new TokenizerRecipe(290, List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]"), List.of(), "[PAD]",
                                "[SEP]", "{{ messages }}"),
                java.util.stream.Stream.of("other words than those")), other);
        for (String name : List.of("config.json", "model.safetensors", "tokenizer_config.json")) {
            Files.copy(teacher.resolve(name), other.resolve(name), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        ConfigException refused = assertThrows(ConfigException.class,
                () -> train(config("uld", "teacher: \"%s\"".formatted(other)), "refused", Progress.SILENT));
        assertEquals(
                "teacher: a tokenizer with the student's tokens, for an encoder; got another; give the student the "
                        + "teacher's tokenizer, or name no teacher",
                refused.getMessage());
    }

    @Test
    void distilbertsRecipeRunsFromEveryOtherLayerOfItsTeacherToAFolderThatLoads() throws IOException {
        Path taught = train(config("sft", "")
                .replaceAll("student: .*", "student: {folder: {path: \"%s\"}}".formatted(teacher)), "teacher",
                        Progress.SILENT);
        String yaml = config("distilbert", "teacher: \"%s\"".formatted(taught))
                .replaceAll("layers_of: \\{path: \"[^\"]*\"", "layers_of: {path: \"%s\"".formatted(taught));
        Path student = train(yaml, "student", Progress.SILENT);
        List<Double> losses = losses(student);
        assertTrue(losses.getLast() < 0.8 * losses.getFirst(), losses.toString());
        assertTrue(Files.readAllLines(student.resolve("metrics.jsonl")).getFirst().contains("\"terms\""),
                "three of them");
        try (NDManager manager = Engines.manager(); Encoder loaded = Encoder.load(student, manager)) {
            assertEquals(2, loaded.config().layers());
            assertEquals(2, EncoderConfig.read(student).layers());
        }
        assertTrue(Files.readString(student.resolve("README.md")).contains("fill-mask"));

        assertThrows(RetryLaterException.class, () -> train(yaml, "stopped", new StopAfter(6)));
        Path again = train(yaml, "stopped", Progress.SILENT);
        for (String name : List.of("model.safetensors", "metrics.jsonl", "README.md")) {
            assertEquals(-1, Files.mismatch(student.resolve(name), again.resolve(name)), name);
        }
    }

    @Test
    void termsAreSortedByWhereTheyCount() {
        Objective whole = Objective.named("distilbert");
        MaskedObjective parts = MaskedObjective.of(whole);
        assertEquals(List.of(1), parts.onMasked());
        assertEquals(List.of(0, 2), parts.onAll());
        assertEquals(List.of(10.0, 20.0, 30.0), parts.together(List.of(20.0), List.of(10.0, 30.0)));
        assertEquals(List.of(whole.terms().get(1)), parts.masked().orElseThrow().terms());
        assertEquals(List.of(whole.terms().get(0), whole.terms().get(2)), parts.all().orElseThrow().terms());
        assertTrue(MaskedObjective.of(Objective.named("sft")).all().isEmpty());
    }

    /// Averages, groups and rules other than AdamW are the loop's, whatever learns.
    @ParameterizedTest
    @ValueSource(strings = {"optimizer: {learning_rate: 0.01, method: {adamw8bit: {min8bit_size: 64}}, "
            + "groups: [{matching: embeddings, factor: 0.1, weight_decay: 0}]}\nema: {decay: 0.8, every: 2}"})
    void anEncoderWithAnAverageGroupsAndAnotherRuleGoesOnAsIfNothingHadBeen(String more) throws IOException {
        String yaml = config("sft", "").replaceAll("(?m)^optimizer: .*$", more);
        Path calm = train(yaml, "calm", Progress.SILENT);
        assertThrows(RetryLaterException.class, () -> train(yaml, "stopped", new StopAfter(6)));
        assertEquals(SmallRuns.results(calm), SmallRuns.results(train(yaml, "stopped", Progress.SILENT)));
        Path plain = train(config("sft", ""), "adamw", Progress.SILENT);
        assertNotEquals(SmallRuns.results(plain).get("model.safetensors"),
                SmallRuns.results(calm).get("model.safetensors"));
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"optimizer: {learning_rate: 0.01, method: adafactor}\nema: {decay: 0.8}",
        "optimizer: {learning_rate: 0.005, method: muon}", "optimizer: {learning_rate: 0.002, method: lion}",
        "optimizer: {learning_rate: 0.01, method: schedule_free_adamw, decay: constant}"})
    void soDoesOneWithAnyRule(String more) throws IOException {
        anEncoderWithAnAverageGroupsAndAnotherRuleGoesOnAsIfNothingHadBeen(more);
    }

    @Test
    void whatOnlyADecoderCanDoIsRefusedAtOnce() {
        ConfigException refused = assertThrows(ConfigException.class,
                () -> train(config("on_policy", "teacher: \"%s\"".formatted(teacher)), "refused", Progress.SILENT));
        assertEquals(
                "objective 'on_policy'.rollout: data, for an encoder writes no text; got another; take another "
                        + "objective", refused.getMessage());
    }

    @Test
    void anEncoderLearnsFromNoStore() {
        assertEquals(
                "store: a live teacher, for an encoder's masked tokens are drawn anew each pass; got a store; write "
                        + "teacher: <folder> instead",
                assertThrows(ConfigException.class,
                        () -> train(config("distilbert", "store: /nowhere"), "stored", Progress.SILENT)).getMessage());
    }

    /// Interrupts the run after so many steps.
    private static final class StopAfter extends TrainStageTest.StopAfter {
        StopAfter(int steps) {
            super(steps);
        }

        @Override
        protected void stop() {
            Thread.currentThread().interrupt();
        }
    }
}
