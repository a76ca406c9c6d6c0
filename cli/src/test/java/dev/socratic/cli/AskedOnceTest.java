package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.cli.recipe.Endpoint;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an endpoint was paid for lies in a run folder once, and is asked for once.
class AskedOnceTest {
    @TempDir
    Path folder;

    private Shell shell(String endpoint) {
        return new Shell(folder, Map.of()).file("q.jsonl", "{\"question\": \"What is 30 + 4?\", \"answer\": \"34\"}\n")
                .file("r.yaml", """
                        name: once
                        generate:
                          questions: {file: {path: q.jsonl}}
                          prompt: plain
                          teacher: {%s}
                        eval:
                          models: {asked: teacher}
                          tasks: [{name: sums, prompt: plain, questions: {file: {path: q.jsonl}}}]
                        """.formatted(endpoint));
    }

    /// @return files that an answer's text stands in as the server sent it
    private long copies() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("run"))) {
            return files.filter(Files::isRegularFile).filter(AskedOnceTest::asSent).count();
        }
    }

    private static boolean asSent(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains("\"choices\"");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void withTheCacheOnOrOffAnAnswerIsKeptOnceAndAskedForOnce() throws Exception {
        try (Endpoint endpoint = new Endpoint()) {
            for (String cache : new String[] {"", ", cache: true", ", cache: false"}) {
                Shell.Result ran = shell(endpoint.config(cache)).line("run {}/r.yaml --out {}/run");
                assertEquals(0, ran.code(), ran.toString());
                assertEquals(0, copies(), cache);
                assertFalse(Files.exists(folder.resolve("run/generate/cache")), cache);
                assertEquals(2, endpoint.asked().size(), "one for generate and one for eval: " + cache);
            }
        }
    }

    /// One dollar an answer: three samples in one request are three, and one more sample asks for one.
    @Test
    void samplesThatShareARequestAreBookedAsTheyAreBilledAndNoneIsAskedTwice() throws Exception {
        try (Endpoint endpoint = new Endpoint()) {
            String run = "run {}/r.yaml --out {}/run --only generate --set generate.samples=";
            assertEquals(0, shell(endpoint.config(", n: 3")).line(run + 3).code());
            assertEquals(1, endpoint.bodies().size());
            assertEquals(3, endpoint.bodies().getFirst().path("n").asInt());
            assertEquals(3.0, spent(), 1e-9);
            assertEquals(3, endpoint.billed());
            assertEquals(0, shell(endpoint.config(", n: 3")).line(run + 4).code());
            assertEquals(2, endpoint.bodies().size(), endpoint.bodies().toString());
            assertFalse(endpoint.bodies().getLast().has("n"), "one alone needs none");
            assertEquals(endpoint.billed(), spent(), 1e-9);
            assertEquals(4, Files.readAllLines(folder.resolve("run/generate/answers.jsonl")).size());
        }
    }

    private double spent() {
        return Json.read(folder.resolve("run/manifest.json"), JsonNode.class).at("/spent/generate/cost_usd")
                .doubleValue();
    }

    @Test
    void aCacheThatIsSwitchedOffIsAnsweredWithWhatIsTrue() throws Exception {
        try (Endpoint endpoint = new Endpoint()) {
            String words = "generate.teacher.endpoint.cache: answers are kept in the run's folder asked/ whatever this "
                    + "says, so that none is paid for twice; leave it out, and delete asked/ to ask anew";
            Shell.Result off = shell(endpoint.config(", cache: false")).line("run {}/r.yaml --out {}/run");
            assertTrue(off.err().contains(words), off.err());
            assertFalse(shell(endpoint.config("")).line("run {}/r.yaml --out {}/run").err().contains(".cache:"));
            endpoint.forget();
            try (Stream<Path> files = Files.walk(folder.resolve("run/asked"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.delete(file);
                }
            }
            shell(endpoint.config("")).line("run {}/r.yaml --out {}/run --set generate.samples=2");
            assertTrue(endpoint.asked().size() >= 2, "deleted, and so asked anew: " + endpoint.asked());
        }
    }
}
