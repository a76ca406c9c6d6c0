package dev.socratic.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.trainer.config.TrainConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A short training of a tiny decoder of every family, from random weights, through the whole stage: the loss falls,
/// and what was saved loads again as the model that was trained.
class FamilyTrainingTest {
    private static final Path CONFIGS = Path.of("../models/src/test/resources/families");
    private static final int VOCAB = 300;
    private static final String SHORT = """
            name: short
            student: {folder: {path: "%s"}}
            tokenizer: {train_bpe: {vocab: 300, source: {file: {path: "%s"}}, rows: 40}}
            data: {file: {path: "%2$s"}}
            budget: {steps: {n: 12}}
            batch_tokens: 200
            micro_tokens: 256
            max_seq: 40
            shuffle_buffer: 40
            checkpoint_every: 12
            optimizer: {learning_rate: 0.02, warmup: {steps: {n: 0}}}
            dtype: float32
            """;

    @TempDir
    Path folder;

    /// @return a fixture of each family
    static Collection<String> families() {
        Map<String, String> first = new TreeMap<>();
        try (Stream<Path> folders = Files.list(CONFIGS)) {
            folders.sorted().forEach(one -> first.putIfAbsent(
                    Json.read(one.resolve("config.json"), JsonNode.class).get("model_type").asText(), one.getFileName()
                            .toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertTrue(first.size() >= 14, first.toString());
        return first.values();
    }

    @ParameterizedTest
    @MethodSource("families")
    void aShortTrainingLowersTheLossAndItsFolderLoadsAgain(String family) {
        Path student = train(SHORT.formatted(start(family, 5), rows()), "student");
        List<Double> losses = losses(student);
        assertEquals(12, losses.size());
        assertTrue(losses.getLast() < 0.8 * losses.getFirst(), family + ": " + losses);
        assertLoads(student, family);
    }

    /// The bound of its logits is part of the teacher's distribution and of the student's gradient.
    @Test
    void aModelThatBoundsItsLogitsTeachesAndLearns() {
        Path teacher = train(SHORT.formatted(start("gemma2", 5), rows()), "teacher");
        String distil = SHORT.formatted(start("gemma2", 6), rows())
                .replaceAll("tokenizer: .*", "tokenizer: {folder: {path: \"%s\"}}".formatted(teacher))
                + "objective: forward_kl\nteacher: \"%s\"\n".formatted(teacher);
        List<Double> losses = losses(train(distil, "student"));
        assertTrue(losses.getLast() < 0.8 * losses.getFirst(), losses.toString());
        String same = distil.replaceAll("student: .*", "student: {folder: {path: \"%s\"}}".formatted(teacher))
                .replace("n: 12", "n: 1");
        assertEquals(0, losses(train(same, "same")).getFirst(), 1e-6);
    }

    /// @return a folder with a model of the fixture's shape and random weights
    private Path start(String family, long seed) {
        Path start = folder.resolve("start_" + seed);
        try (NDManager manager = Engines.manager()) {
            ObjectNode config = (ObjectNode) Json.read(CONFIGS.resolve(family).resolve("config.json"), JsonNode.class);
            config.put("vocab_size", VOCAB);
            Files.createDirectories(start);
            Files.writeString(start.resolve("config.json"), Json.pretty(config));
            try (Decoder random = Decoder.random(ModelConfig.read(start).withInitializerRange(0.15), seed, manager)) {
                random.save(start, DType.F32);
            }
            return start;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Sums of small numbers.
    private Path rows() {
        List<String> lines = IntStream.range(0, 40)
                .mapToObj(i ->
                        ("{\"messages\": [{\"role\": \"user\", \"content\": \"%s + %s\"}, {\"role\": "
                                + "\"assistant\", \"content\": \"%s\"}]}")
                        .formatted(i % 7, i % 5, i % 7 + i % 5))
                .toList();
        try {
            return Files.write(folder.resolve("rows.jsonl"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path train(String yaml, String name) {
        try {
            Path stage = Files.createDirectories(folder.resolve(name));
            TrainStage.run(ConfigReader.read(yaml, "config", TrainConfig.class),
                    new StageContext(stage, Progress.SILENT, Clock.systemUTC(), 1), Compute.CPU);
            return stage;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Double> losses(Path stage) {
        try {
            return Files.readAllLines(stage.resolve("metrics.jsonl")).stream()
                    .filter(line -> line.contains("\"loss\""))
                    .map(line -> Double.parseDouble(line.replaceAll(".*\"loss\":([-0-9.E]+).*", "$1")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertLoads(Path student, String family) {
        try (NDManager manager = Engines.manager(); Decoder saved = Decoder.load(student, manager);
                Decoder first = Decoder.load(folder.resolve("start_5"), manager)) {
            assertEquals(first.config().family(), saved.config().family(), family);
            assertEquals(first.weights().keySet(), saved.weights().keySet(), family);
            NDArray ids = manager.create(new long[][] {{5, 9, 12, 40}});
            NDArray logits = saved.logits(saved.forward(ids, Set.of(), false).states(), false);
            NDArray before = first.logits(first.forward(ids, Set.of(), false).states(), false);
            assertEquals(4L * VOCAB,
                    logits.isNaN().logicalNot().sum().toType(ai.djl.ndarray.types.DataType.INT64, false)
                            .getLong(), family);
            assertTrue(logits.sub(before).abs().max().getFloat() > 0.1f, family);
        }
    }
}
