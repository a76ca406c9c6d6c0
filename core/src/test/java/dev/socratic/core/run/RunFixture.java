package dev.socratic.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A run folder that is opened anew for each stage, as each command opens it, and a stage `generate` over one file.
abstract class RunFixture {
    static final String CONFIG =
            "{\"samples\":4,\"sampling\":{\"top_p\":0.9},\"terms\":[{\"w\":1},{\"w\":2}],\"note\":null}";
    static final StageReport REPORT =
            new StageReport(Counts.of(10, 7, Map.of("wrong", 2L), 1), new Usage(100, 50, 0.25),
                    Map.of("rate", 0.5, "best", "x"));

    @TempDir Path folder;
    Path root;
    Path questions;
    final List<String> notes = new ArrayList<>();
    final Clock clock = Clock.fixed(Instant.parse("2024-05-06T07:08:09Z"), ZoneOffset.UTC);

    @BeforeEach
    void writeQuestions() throws IOException {
        root = folder.resolve("runs/one");
        questions = Files.writeString(folder.resolve("questions.jsonl"), "q1");
    }

    StageResult run(StagePlan plan, StageBody body) throws InterruptedException {
        try (RunFolder run = RunFolder.open(root)) {
            return run.run(plan, Progress.telling(notes::add), clock, body);
        }
    }

    StageDecision decide(StagePlan plan) {
        try (RunFolder run = RunFolder.open(root)) {
            return run.decide(plan);
        }
    }

    String say(StagePlan plan) {
        return decide(plan).say(plan.stage());
    }

    StageBody writing(String answers) {
        return writing(answers, "answers.jsonl");
    }

    StageBody writing(String text, String name) {
        return context -> {
            AtomicFiles.write(context.folder().resolve(name), text);
            return REPORT;
        };
    }

    StagePlan plan(String config) {
        return new StagePlan("generate", config(config), inputs(), "v1", seeds(1), new TreeMap<>(Map.of("java", "21")),
                2);
    }

    TreeMap<String, Path> inputs() {
        return new TreeMap<>(Map.of("questions", questions));
    }

    static TreeMap<String, Long> seeds(long seed) {
        return new TreeMap<>(Map.of("run", seed));
    }

    static JsonNode config(String json) {
        return Json.read(json, JsonNode.class, "config");
    }

    String hashInManifest() {
        return hash(CONFIG);
    }

    static String hash(String config) {
        String basis = "{\"config\":%s,\"inputs\":{\"questions\":\"%s\"},"
                + "\"code_version\":\"v1\",\"seeds\":{\"run\":1}}";
        return Hashes.ofJson(config(basis.formatted(config, Hashes.sha256("q1"))));
    }

    Path superseded(String config) {
        return root.resolve("superseded/generate-" + hash(config).substring(0, 12));
    }

    /// Reading inside a stage's body, which may throw no IOException.
    static final class InBody {
        static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        static List<String> names(Path folder) {
            try (var listing = Files.list(folder)) {
                return listing.map(path -> path.getFileName().toString()).sorted().toList();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
