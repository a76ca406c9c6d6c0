package dev.socratic.cli.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.JsonLines;
import dev.socratic.models.engine.Compute;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A student that answers the recipe's tasks while it learns, and is chosen by their score.
class ScoredWhileTrainingTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void rows() throws IOException {
        List<String> rows = new ArrayList<>();
        List<String> questions = new ArrayList<>();
        for (int i = 2; i < 5; i++) {
            rows.add(("{\"messages\": [{\"role\": \"user\", \"content\": \"What is %s + 1?\"}, "
                    + "{\"role\": \"assistant\", \"content\": \"The answer is %s.\"}]}").formatted(i, i + 1));
            questions.add("{\"question\": \"What is %s + 1?\", \"answer\": \"%s\"}".formatted(i, i + 1));
        }
        Files.write(folder.resolve("rows.jsonl"), rows);
        Files.write(folder.resolve("questions.jsonl"), questions);
    }

    private String recipe(String tasks, String by) {
        return """
                name: scored
                train:
                  - name: small
                    student: {folder: "%2$s"}
                    data: {file: {path: "%1$s/rows.jsonl"}}
                    budget: {steps: {n: 24}}
                    batch_tokens: 100
                    micro_tokens: 100
                    max_seq: 64
                    optimizer: {learning_rate: 0.003, decay: constant}
                    evaluate: {source: {file: {path: "%1$s/rows.jsonl"}}, every: 8, tasks: [%3$s]}
                    keep_best: {by: %4$s}
                eval:
                  models: {small: {student: small}}
                  tasks:
                    - {name: sums, questions: {file: {path: "%1$s/questions.jsonl"}}, prompt: plain, max_tokens: 12}
                """.formatted(folder, Path.of("../recipes/embedded/base").toAbsolutePath(), tasks, by);
    }

    private int run(String recipe) throws Exception {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Runner(ConfigReader.read(recipe, "recipe", Recipe.class), folder.resolve("run"),
                new Console(stream, stream, false, false, Map.of()), Clock.systemUTC(), 1, Compute.CPU)
                .run(EnumSet.allOf(Stage.class));
    }

    @Test
    void theScoreRisesWhileItLearnsAndTheBestIsWhatTheEvaluationThenFinds() throws Exception {
        assertEquals(ExitCode.DONE, run(recipe("sums", "sums")), err::toString);
        List<Double> scores = new ArrayList<>();
        List<JsonNode> lines = new ArrayList<>();
        JsonLines.each(folder.resolve("run/train/small/metrics.jsonl"), 1 << 20, line -> {
            if (line.has("eval_score_sums")) {
                scores.add(line.path("eval_score_sums").asDouble());
                lines.add(line);
            }
        });
        assertEquals(3, scores.size(), lines.toString());
        double best = scores.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        assertTrue(best > scores.getFirst() || best == 1, scores.toString());
        assertEquals(best, lines.getLast().path("best").asDouble());
        String card = Files.readString(folder.resolve("run/train/small/README.md"));
        assertTrue(card.contains("the best of the evaluations by sums: "), card);
        assertTrue(Files.readString(folder.resolve("run/summary.json")).contains("sums"), err::toString);
    }

    @Test
    void aTaskThatTheRecipeDoesNotHaveIsRefusedBeforeAnythingRuns() {
        assertEquals("recipe:3:3: train: evaluate.tasks of student 'small' names tasks of eval; got 'sum'; write 'sums'",
                assertThrows(ConfigException.class, () -> run(recipe("sum", "held_out_loss"))).getMessage());
    }
}
