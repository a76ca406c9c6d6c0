package dev.socratic.eval;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Files of sums to ask, configs that ask them, and folders to evaluate in.
public final class Sums {
    private Sums() {}

    /// @return a file of the sums 3 + 1, 3 + 2, ...
    public static Path file(Path folder, int count) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            lines.add("{\"question\": \"What is 3 + %s?\", \"answer\": \"%s\"}".formatted(i, 3 + i));
        }
        return lines(folder, "sums.jsonl", lines);
    }

    static Path lines(Path folder, String name, List<String> lines) throws IOException {
        Files.createDirectories(folder);
        return Files.write(folder.resolve(name), lines);
    }

    /// @param more further fields of the task, in YAML's flow style
    public static EvalConfig config(Path questions, String more) {
        return ConfigReader.read(
                "tasks: [{name: sums, questions: {file: {path: \"%s\"}}%s}]".formatted(questions.toAbsolutePath(),
                        more), "test", EvalConfig.class);
    }

    public static StageReport run(EvalConfig config, Calculator model, Path folder)
            throws IOException, InterruptedException {
        return run(config, model, folder, Progress.SILENT);
    }

    static StageReport run(EvalConfig config, Calculator model, Path folder, Progress progress)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Clock clock = Clock.fixed(Instant.parse("2026-11-05T10:15:30.5Z"), ZoneOffset.UTC);
        return EvalStage.run(config, model.name(), model, new StageContext(folder, progress, clock, 1));
    }

    /// @return what the stage wrote, by name; the journal is not part of it
    static SortedMap<String, String> written(Path folder) throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.filter(f -> f.toString().matches(".*\\.jsonl?")).toList()) {
                files.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return files;
    }
}
