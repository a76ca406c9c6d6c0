package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.cli.recipe.Endpoint;
import dev.socratic.core.json.Json;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PilotCommandTest {
    @TempDir
    Path folder;

    private Shell shell(String endpoint) {
        StringBuilder questions = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            questions.append("{\"question\": \"What is %s + 4?\"}%n".formatted(10 + i));
        }
        return new Shell(folder, Map.of()).file("q.jsonl", questions.toString()).file("g.yaml", """
                questions: {file: {path: q.jsonl}}
                prompt: plain
                teacher: {%s}
                """.formatted(endpoint));
    }

    @Test
    void aPilotAsksAFewForetellsTheRestAndIsNotPaidAgain() throws Exception {
        try (Endpoint endpoint = new Endpoint()) {
            Shell shell = shell(endpoint.config(""));
            Shell.Result pilot = shell.line("generate {}/g.yaml --out {}/g --dry-run --pilot 4");
            assertEquals(0, pilot.code(), pilot::toString);
            assertEquals(4, endpoint.asked().size());
            assertTrue(pilot.out().startsWith("pilot: 4 answers, 0 failed, 0 cut at "), pilot::toString);
            assertTrue(pilot.out().contains("pilot: 8 answers are left: "), pilot::toString);
            assertTrue(pilot.out().contains("pilot: about "), pilot::toString);
            JsonNode again = Json.mapper().readTree(shell.line("generate {}/g.yaml --out {}/g --dry-run --pilot 4 --json "
                    + "--tokenizer " + Path.of("..", "recipes", "embedded", "base").toAbsolutePath().normalize()).out());
            assertEquals(8, again.path("left").asInt(), again::toString);
            assertTrue(again.path("prompt_tokens_exact").asBoolean() && !again.has("seconds"), again::toString);
            assertEquals(4, endpoint.asked().size(), "the pilot's answers were there");
            assertEquals(0, shell.line("generate {}/g.yaml --out {}/g").code());
            assertEquals(12, endpoint.asked().size(), "and are not paid again");
        }
    }

    @Test
    void aPilotThatDoesNotGoTogetherIsRefused() {
        Shell shell = shell("endpoint: {base_url: 'http://127.0.0.1:9/v1', model: m}");
        assertTrue(shell.line("generate {}/g.yaml --out {}/g --pilot 4").err().contains(
                "--pilot: --dry-run beside it; got nothing; write --dry-run --pilot 4"));
        assertTrue(shell.line("generate {}/g.yaml --out {}/g --dry-run --pilot 1").err().contains(
                "--pilot: at least 2, for a spread; got 1; write --pilot 20"));
        assertTrue(shell.line("generate {}/g.yaml --out {}/g --dry-run --tokenizer {}").err().contains(
                "--tokenizer: --pilot K beside it; got nothing; write --dry-run --pilot 20"));
    }
}
