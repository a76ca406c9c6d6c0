package dev.socratic.trainer;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.text.Usage;
import dev.socratic.models.engine.Compute;
import dev.socratic.trainer.config.TrainConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;

/// Trainings of six steps, checkpoints behind the third and the last.
public record SmallRuns(Path folder) {
    private static final String CONFIG = """
            name: small
            student: {random: {hidden: 16, layers: 1, heads: 2, kv_heads: 1, intermediate: 32, context: 128}}
            tokenizer: {train_bpe: {vocab: 300, source: {word_problems: {count: 10}}, rows: 10}}
            data: {word_problems: {count: 16, seed: 1, form: direct}}
            budget: {steps: {n: 6}}
            batch_tokens: 400
            micro_tokens: 400
            max_seq: 128
            shuffle_buffer: 16
            checkpoint_every: 3
            """;
    private static final String EVALUATE =
            "evaluate: {source: {word_problems: {count: 4, seed: 2, form: direct}}, every: 2}\n";

    /// @param more lines of the config, which go before those here; `evaluate` is there if they do not say otherwise
    /// @return the student's folder
    public Path run(String name, String more, Progress progress) {
        try {
            Path out = Files.createDirectories(folder.resolve(name));
            String config = CONFIG.lines().filter(line -> !more.contains("\n" + line.replaceAll(":.*", ":"))
                    && !more.startsWith(line.replaceAll(":.*", ":"))
                    && !(line.startsWith("tokenizer") && more.contains("student:"))).collect(Collectors.joining("\n"))
                    + "\n" + (more.contains("evaluate:") ? "" : EVALUATE) + more + "\n";
            TrainStage.run(ConfigReader.read(config, "train.yaml", TrainConfig.class),
                    new StageContext(out, progress, Clock.systemUTC(), 1), Compute.CPU);
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return hashes of a student's files, but for times
    public static SortedMap<String, String> results(Path student) {
        return TrainStageTest.results(student);
    }

    /// @return lines of `metrics.jsonl` that have this field
    public static List<String> metrics(Path student, String field) {
        try {
            return Files.readAllLines(student.resolve("metrics.jsonl")).stream()
                    .filter(line -> line.contains("\"" + field + "\":")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends a run after so many steps.
    public static final class StopAfter extends Notes {
        private final int steps;
        private int seen;

        public StopAfter(int steps) {
            this.steps = steps;
        }

        @Override
        public void spent(Usage usage) {
            if (++seen == steps) {
                throw new Stopped();
            }
        }
    }

    /// A run that was ended.
    public static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
