package dev.socratic.generator;

import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.Sampling;
import dev.socratic.datasets.source.QuestionSource;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.generator.verify.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Configs, contexts and files of test runs.
final class Runs {
    static final List<String> FILES = List.of("answers.jsonl", "rejected.jsonl", "failed.jsonl");

    private Runs() {}

    /// @return a file of `n` sums with their answers
    static Path sums(Path folder, int n) throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            rows.add("{\"question\": \"What is %s + %s?\", \"answer\": \"%s\"}".formatted(i, 2 * i + 1, 3 * i + 1));
        }
        return questions(folder, rows);
    }

    static Path questions(Path folder, List<String> rows) throws IOException {
        return Files.write(folder.resolve("questions.jsonl"), rows);
    }

    static GenerateConfig config(Path questions, int samples) {
        return config(questions, samples, new TeacherConfig.Weights(Path.of("adder"), 4, Optional.empty()),
                new BudgetConfig(Optional.empty(), Optional.empty()));
    }

    static GenerateConfig config(Path questions, int samples, TeacherConfig teacher, BudgetConfig budget) {
        return new GenerateConfig(
                QuestionSource.File.of(questions), "plain", Optional.empty(), teacher, samples,
                new GenerationParameters(new Sampling(0.8, 1), 64),
                List.of(Check.values()), Optional.empty(), budget, 1.0, 42);
    }

    static StageContext context(Path folder) throws IOException {
        return context(folder, Progress.SILENT);
    }

    static StageContext context(Path folder, Progress progress) throws IOException {
        return new StageContext(Files.createDirectories(folder), progress, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                2);
    }

    /// @return the three files of a run, by name
    static Map<String, String> files(Path folder) {
        Map<String, String> files = new LinkedHashMap<>();
        for (String name : FILES) {
            try {
                files.put(name, Files.readString(folder.resolve(name)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }
}
