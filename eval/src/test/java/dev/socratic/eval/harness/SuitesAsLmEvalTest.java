package dev.socratic.eval.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import dev.socratic.eval.EvalConfig;
import dev.socratic.eval.EvalStage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The tasks that come with the tool, over small data of our own, beside what lm_eval 0.4.13 made of the same data and
/// the same answers: prompts, choices, targets, what filters leave, figures of each document and of all.
///
/// Data by `bench/peers/eval/suites_data.py`, expected values by `suites_golden.py` beside it.
class SuitesAsLmEvalTest {
    private static final int SHOWN = 300;
    /// Measured there by other choices than those that were asked: of it only the prompts are compared.
    private static final String MIXED = "gpqa_diamond_n_shot";

    @TempDir
    static Path folder;

    private static JsonNode golden;

    /// Answers what is written beside the data; how likely a text is depends on every sign of it, as in the script.
    private record Known(JsonNode answers) implements TextModel {
        @Override
        public ModelCard card() {
            return new ModelCard("known", "weights:1", "1", 100_000, 64, 1, true);
        }

        @Override
        public List<GenerationOutcome> generate(List<GenerationRequest> requests) {
            return requests.stream().<GenerationOutcome>map(request -> {
                String[] place = request.id().split("/");
                String text = answers.path(place[0]).path(Integer.parseInt(place[1])).path(Integer.parseInt(place[2]))
                        .asText();
                return new GenerationOutcome.Completion(request.id(), text, Optional.empty(), FinishReason.STOP,
                        Usage.NONE);
            }).toList();
        }

        @Override
        public List<ContinuationScore> score(List<ScoreRequest> requests) {
            return requests.stream().map(request -> {
                int[] context = request.context().codePoints().toArray();
                long value = 7;
                for (int i = Math.max(0, context.length - 40); i < context.length; i++) {
                    value = (value * 31 + context[i]) % 1_000_003;
                }
                for (int sign : request.continuation().codePoints().toArray()) {
                    value = (value * 31 + sign) % 1_000_003;
                }
                double log = -(1 + value % 1000) / 64.0;
                return new ContinuationScore(log, 1, log > -4);
            }).toList();
        }

        @Override
        public void close() {}
    }

    @BeforeAll
    static void run() throws IOException, InterruptedException {
        Path data = Path.of(System.getProperty("basedir", "."), "src/test/resources/harness/data").toAbsolutePath();
        try (InputStream in = SuitesAsLmEvalTest.class.getResourceAsStream("/harness/golden.json")) {
            golden = Json.mapper().readTree(in);
        }
        Map<Integer, List<String>> byShots = new TreeMap<>();
        Map<String, Integer> asked = Map.of("gpqa_diamond_n_shot", 2, "gpqa_diamond_cot_n_shot", 2,
                "gpqa_diamond_generative_n_shot", 2, "arc_easy", 2, "hellaswag", 1, "boolq", 1, "winogrande", 1);
        golden.fieldNames().forEachRemaining(name -> byShots.computeIfAbsent(asked.getOrDefault(name, -1), none ->
                new ArrayList<>()).add(name));
        List<Suite> suites = byShots.entrySet().stream().map(entry -> ConfigReader.read(
                "{tasks: %s, data: ['%s'], bootstrap_iters: 1000%s}".formatted(entry.getValue(), data,
                entry.getKey() < 0 ? "" : ", num_fewshot: " + entry.getKey()), "suite", Suite.class)).toList();
        EvalConfig config = new EvalConfig(List.of(), 0, BudgetConfig.NONE, suites);
        EvalStage.run(config, "m", new Known(Json.mapper().readTree(data.resolve("answers.json").toFile())),
                new StageContext(folder, Progress.SILENT, Clock.fixed(Instant.parse("2026-12-01T10:15:30Z"),
                ZoneOffset.UTC), 1));
    }

    @TestFactory
    Stream<DynamicTest> whatTheHarnessMakesOfAnswersIsMadeHere() throws IOException {
        JsonNode results = Json.mapper().readTree(folder.resolve("results_2026-12-01T10-15-30.json").toFile());
        assertTrue(golden.size() > 40, "the expected values are there");
        return golden.propertyStream().map(task -> DynamicTest.dynamicTest(task.getKey(), () -> {
            samples(task.getKey(), task.getValue().path("samples"));
            if (task.getKey().equals(MIXED)) {
                return;
            }
            task.getValue().path("results").properties().forEach(figure -> assertEquals(figure.getValue().asDouble(),
                    results.path("results").path(task.getKey()).path(figure.getKey()).asDouble(Double.NaN), 1e-9,
                    figure.getKey()));
            assertEquals(task.getValue().path("shots"), results.path("n-shot").path(task.getKey()));
        }));
    }

    private void samples(String task, JsonNode expected) throws IOException {
        Map<String, JsonNode> found = new TreeMap<>();
        for (String line : Files.readAllLines(folder.resolve("samples_%s_2026-12-01T10-15-30.jsonl".formatted(task)))) {
            JsonNode read = Json.mapper().readTree(line);
            found.put(read.path("filter").asText() + read.path("doc_id").asInt(), read);
        }
        assertEquals(expected.size(), found.size());
        for (JsonNode sample : expected) {
            String where = sample.path("filter").asText() + sample.path("doc_id").asInt();
            JsonNode own = found.get(where);
            List<String> prompts = new ArrayList<>();
            List<String> continuations = new ArrayList<>();
            own.path("arguments").forEach(argument -> {
                String prompt = argument.path("arg_0").asText();
                prompts.add(prompt.codePointCount(0, prompt.length()) < SHOWN ? prompt : Hashes.sha256(prompt));
                if (argument.path("arg_1").isTextual()) {
                    continuations.add(argument.path("arg_1").asText());
                }
            });
            assertEquals(texts(sample.path("prompts")), prompts, where);
            assertEquals(texts(sample.path("continuations")), continuations, where);
            if (task.equals(MIXED)) {
                continue;
            }
            assertEquals(sample.path("target").asText(), own.path("target").asText(), where);
            if (!sample.path("filtered").isEmpty()) {
                assertEquals(sample.path("filtered").toString(), own.path("filtered_resps").toString(), where);
            }
            sample.path("metrics").properties().forEach(metric ->
                    same(metric.getValue(), own.path(metric.getKey()), where + " " + metric.getKey()));
        }
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asText).toList();
    }

    private static void same(JsonNode expected, JsonNode found, String where) {
        if (expected.isArray()) {
            assertEquals(expected.size(), found.size(), where);
            for (int i = 0; i < expected.size(); i++) {
                same(expected.get(i), found.get(i), where);
            }
            return;
        }
        assertEquals(expected.asDouble(), found.asDouble(Double.NaN), 1e-9, where + ": " + found);
    }
}
