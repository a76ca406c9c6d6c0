package dev.socratic.trainer.run.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.core.json.JsonLines;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.TrainStage;
import dev.socratic.trainer.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `rows.jsonl` says is what was learned from. That it is the same for a run that was stopped is part of the laws
/// of `TrainStageTest`, which compare it with replayed answers, further updates and rollouts too.
class SeenRowsTest {
    private static final int ROWS = 20;

    @TempDir
    Path folder;

    @Test
    void everyStepNamesTheRowsWhoseTokensItRead() throws IOException {
        Path student = train("budget: {epochs: {n: 2}}");
        List<Long> cumulative = new ArrayList<>(List.of(0L));
        JsonLines.each(student.resolve("metrics.jsonl"), 1 << 20, line -> cumulative.add(line.path("tokens").asLong()));
        List<String> texts = Files.readAllLines(folder.resolve("rows.jsonl"));
        List<Integer> all = new ArrayList<>();
        try (Tokenizer tokenizer = Tokenizer.open(student)) {
            JsonLines.each(student.resolve("rows.jsonl"), 1 << 20, line -> {
                long tokens = 0;
                for (JsonNode row : line.path("rows")) {
                    all.add(row.asInt());
                    // of text and EOS, the last is no input
                    tokens += tokenizer.encode(Json.read(texts.get(row.asInt()), JsonNode.class, "row").path("text")
                            .asText()).length;
                }
                int step = line.path("step").asInt();
                assertEquals(cumulative.get(step) - cumulative.get(step - 1), tokens, "step " + step);
            });
        }
        assertEquals(IntStream.range(0, 2 * ROWS).map(i -> i / 2).boxed().toList(), all.stream().sorted().toList(),
                "each row once in each pass");
    }

    @Test
    void aRowKnowsItsStepsAndWhetherItsAnswerWasWrittenAnew() throws IOException {
        Files.writeString(folder.resolve("own.yaml"), """
                name: own
                rollout: {student: {fraction: 1, max_new_tokens: 4}}
                terms: [{against: labels, distance: kl}]
                """);
        Path student = train("budget: {steps: {n: 3}}\nloss_on: assistant\nobjective: \"%s\"".formatted(
                folder.resolve("own.yaml")));
        List<Integer> first = new ArrayList<>();
        JsonLines.each(student.resolve("rows.jsonl"), 1 << 20, line -> {
            if (line.path("step").asInt() == 1) {
                line.path("rows").forEach(row -> first.add(row.asInt()));
            }
        });
        assertTrue(first.size() > 1, first.toString());
        assertEquals(new SeenRows.Seen(1, true, Optional.empty()), SeenRows.of(student, first.getLast()).getFirst());
        assertEquals(List.of(), SeenRows.of(student, ROWS), "a row that is not there");
    }

    private Path train(String more) throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < ROWS; i++) {
            String text = "x ".repeat(1 + i * 7 % ROWS).strip();
            rows.append(more.contains("assistant")
                    ? "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"},{\"role\":\"assistant\",\"content\":\"ok\"}]}"
                            .formatted(text)
                    : "{\"text\":\"%s\"}".formatted(text)).append('\n');
        }
        Files.writeString(folder.resolve("rows.jsonl"), rows);
        Path student = Files.createDirectories(folder.resolve("student"));
        TrainConfig config = ConfigReader.read("""
                student: {random: {hidden: 16, layers: 1, heads: 2, kv_heads: 1, intermediate: 32, context: 128}}
                tokenizer: {train_bpe: {vocab: 300, source: {word_problems: {count: 5}}, rows: 5}}
                data: {file: {path: "%s"}}
                batch_tokens: 100
                micro_tokens: 64
                shuffle_buffer: 8
                bos: never
                optimizer: {learning_rate: 0.01}
                %s
                """.formatted(folder.resolve("rows.jsonl"), more), "config", TrainConfig.class);
        TrainStage.run(config, new StageContext(student, Progress.SILENT, Clock.systemUTC(), 1), Compute.CPU);
        return student;
    }
}
