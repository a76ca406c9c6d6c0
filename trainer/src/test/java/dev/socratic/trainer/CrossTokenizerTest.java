package dev.socratic.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.models.text.BpeTrainer;
import dev.socratic.models.text.TokenizerFolder;
import dev.socratic.models.text.TokenizerRecipe;
import dev.socratic.trainer.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole trainings of a student whose teacher has another tokenizer, vocabulary, chat template and width.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrossTokenizerTest {
    private static final String RUN = """
            name: student
            student: {random: {hidden: 16, layers: 1, heads: 2, kv_heads: 1, intermediate: 32, context: 256}}
            tokenizer: {train_bpe: {vocab: 300, source: {word_problems: {count: 20}}, rows: 20}}
            data: {word_problems: {count: 24, seed: 1, form: direct}}
            budget: {steps: {n: 8}}
            batch_tokens: 1600
            micro_tokens: 1024
            max_seq: 256
            shuffle_buffer: 24
            checkpoint_every: 4
            optimizer: {learning_rate: 0.02, decay: constant}
            seed: 5
            """;

    @TempDir
    static Path folder;

    private Path teacher;

    @BeforeAll
    void teacher() throws IOException {
        teacher = Files.createDirectories(folder.resolve("teacher"));
        TokenizerRecipe recipe = new TokenizerRecipe(
                280, List.of("[PAD]", "[INST]", "[/INST]", "</s>"), List.of(), "[PAD]", "</s>",
                "{%- for m in messages -%}{%- if m['role'] == 'assistant' -%}{%- generation -%}{{- ' ' + "
                        + "m['content'] | trim + '</s>' -}}{%- endgeneration -%}"
                        + "{%- else -%}{{- '[INST]' + m['content'] + '[/INST]' -}}{%- endif -%}{%- endfor -%}");
        TokenizerFolder.write(
                BpeTrainer.train(recipe,
                        Stream.of("the answer is the number of apples in the basket and the total is 12 answers")),
                                teacher);
        try (NDManager manager = Engines.manager();
                Decoder decoder = Decoder.random(
                        ModelConfig.llama(288, 24, 2, 2, 2, 32, 512, false,
                                new SpecialTokens(OptionalLong.empty(), List.of(3L), OptionalLong.of(0))), 3,
                                        manager)) {
            decoder.weights().values().stream().filter(weight -> weight.getShape().dimension() == 2)
                    .forEach(weight -> weight.muli(8));
            decoder.save(teacher, DType.F32);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uld", "gold_off_policy", "min_edit", "dskd_cma"})
    void aFewStepsLowerWhatTheTeacherIsComparedBy(String objective) throws IOException {
        List<String> losses = Files.readAllLines(run(objective, objective, Progress.SILENT).resolve("metrics.jsonl"))
                .stream()
                .filter(line -> line.contains("\"terms\"")).toList();
        assertEquals(8, losses.size());
        double[] first = terms(losses.getFirst());
        double[] last = terms(losses.getLast());
        assertTrue(first[0] > 0, losses.getFirst());
        assertTrue(last[0] < first[0], objective + ": " + losses.getFirst() + " then " + losses.getLast());
    }

    @Test
    void aRunWithLearnedMapsGoesOnFromItsCheckpointAsIfUndisturbed() {
        Path calm = run("dskd_cma", "calm", Progress.SILENT);
        assertThrows(TrainStageTest.Stopped.class, () -> run("dskd_cma", "stopped", new TrainStageTest.StopAfter(6)));
        assertEquals(TrainStageTest.results(calm), TrainStageTest.results(run("dskd_cma", "stopped", Progress.SILENT)));
    }

    /// What the student writes at first is noise of odd bytes, and both sides read it.
    @Test
    void theStudentsOwnTextIsReadByBothAndTheRunGoesOnAsIfUndisturbed() throws IOException {
        Path objective = Files.writeString(folder.resolve("short.yaml"), """
                name: short
                rollout: {student: {max_new_tokens: 12}}
                terms:
                  - {views: [softmax, spans, matched], distance: jsd}
                  - {views: [softmax, spans, unmatched, sort], distance: {l1: {reduce: sum}}}
                """);
        Path calm = run(objective.toString(), "own", Progress.SILENT);
        List<String> steps = Files.readAllLines(calm.resolve("metrics.jsonl")).stream()
                .filter(line -> line.contains("\"terms\"")).toList();
        assertEquals(8, steps.size());
        for (String step : steps) {
            assertTrue(terms(step)[0] > 0 && terms(step)[1] > 0, step);
            int counted = Integer.parseInt(step.replaceAll(".*\"counted\":([0-9]+).*", "$1"));
            assertTrue(counted <= (steps.indexOf(step) + 1) * 12 * 24, "at most twelve tokens a row: " + step);
        }
        assertThrows(TrainStageTest.Stopped.class,
                () -> run(objective.toString(), "own_stopped", new TrainStageTest.StopAfter(6)));
        assertEquals(TrainStageTest.results(calm),
                TrainStageTest.results(run(objective.toString(), "own_stopped", Progress.SILENT)));
    }

    @Test
    void whatComparesIdByIdIsRefusedWithTheObjectivesThatDoNot() {
        ConfigException refused = assertThrows(ConfigException.class,
                () -> run("forward_kl", "refused", Progress.SILENT));
        String message = refused.getMessage();
        assertTrue(message.startsWith("teacher: a tokenizer with the student's tokens; got "), message);
        assertTrue(message.contains(
                "take an objective that compares across tokenizers (dskd_cma, gold, gold_off_policy, min_edit, uld)"),
                        message);
        assertFalse(message.contains("\n"), message);
    }

    private Path run(String objective, String name, Progress progress) {
        Path stage = folder.resolve(name);
        String yaml = RUN + "objective: %s\nteacher: \"%s\"\n".formatted(objective, teacher);
        try {
            Files.createDirectories(stage);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        TrainStage.run(ConfigReader.read(yaml, "run.yaml", TrainConfig.class),
                new StageContext(stage, progress, Clock.systemUTC(), 1), Compute.CPU);
        return stage;
    }

    private static double[] terms(String line) {
        return Stream.of(line.replaceAll(".*\"terms\":\\[([^\\]]*)\\].*", "$1").split(","))
                .mapToDouble(Double::parseDouble).toArray();
    }

    @AfterAll
    void nothingIsLeftOfTheMapsInTheStudentsFolder() throws IOException {
        Path model = folder.resolve("dskd_cma/model.safetensors");
        if (Files.exists(model)) {
            assertFalse(new String(Files.readAllBytes(model), java.nio.charset.StandardCharsets.ISO_8859_1)
                    .contains("objective.projection"));
        }
    }
}
