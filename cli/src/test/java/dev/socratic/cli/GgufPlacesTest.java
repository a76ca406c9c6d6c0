package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A GGUF wherever a model's folder is taken: it is imported once, into a cache that is bounded.
class GgufPlacesTest {
    private static final Path SMALL = Path.of("..", "models", "src", "test", "resources", "gguf", "small_llama.gguf");

    @TempDir
    Path folder;

    private Shell shell;

    @BeforeEach
    void model() throws IOException {
        Files.copy(SMALL, folder.resolve("m.gguf"));
        shell = new Shell(folder, Map.of("SOCRATIC_CACHE", folder.resolve("cache").toString()))
                .file("q.jsonl", "{\"question\": \"1 + 1\", \"answer\": \"2\"}\n")
                .file("a.jsonl", "{\"messages\": [{\"role\": \"user\", \"content\": \"1\"}, {\"role\": \"assistant\", "
                        + "\"content\": \"2\"}]}\n")
                .file("t.yaml", "tasks: [{name: t, questions: {file: {path: q.jsonl}}, max_tokens: 4}]")
                .file("g.yaml", "{questions: {file: {path: q.jsonl}}, teacher: {weights: {path: m.gguf}}, "
                        + "sampling: {max_tokens: 4}}")
                .file("s.yaml", "{student: {folder: m.gguf}, data: {word_problems: {count: 4}}, budget: {steps: 1}}")
                .file("c.json", "{\"messages\": []}");
    }

    @Test
    void everyCommandTakesItAndTheSecondOneFindsItImported() {
        Shell.Result first = shell.line("inspect {}/m.gguf --json");
        assertEquals(ExitCode.DONE, first.code(), first::toString);
        assertTrue(first.err().matches("\\{}/m.gguf is imported into \\{}/cache/gguf/[0-9a-f]{32}/m, once "
                + "\\(1?[0-9]{2},[0-9]{3} bytes\\)\n"), first.err());
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("inspect", "inspect {}/m.gguf --check");
        lines.put("template", "template {}/m.gguf --context {}/c.json");
        lines.put("objective explain", "objective explain sft --student {}/m.gguf");
        lines.put("eval", "eval {}/m.gguf --tasks {}/t.yaml --out {}/e");
        lines.put("generate", "generate {}/g.yaml --out {}/g");
        lines.put("train", "train {}/s.yaml --out {}/s --dry-run");
        lines.put("logits", "logits --teacher {}/m.gguf --data {}/a.jsonl --report-rows 1");
        lines.put("export", "export {}/m.gguf --to hf --out {}/h");
        lines.forEach((name, line) -> {
            Shell.Result result = shell.line(line);
            assertTrue(result.code() == ExitCode.DONE || result.code() == 3, () -> name + ": " + result);
            assertFalse(result.err().contains("is imported"), () -> name + ": " + result);
        });
    }

    @Test
    void aFileThatChangedIsImportedAnewAndOneOfTheSameContentIsNot() throws IOException {
        assertTrue(shell.line("inspect {}/m.gguf").err().contains("is imported"));
        Files.copy(folder.resolve("m.gguf"), folder.resolve("other.gguf"));
        assertTrue(shell.line("inspect {}/other.gguf").err().contains("is imported"), "another name, so another folder");
        Files.setLastModifiedTime(folder.resolve("m.gguf"), FileTime.from(Instant.now().plusSeconds(5)));
        assertEquals("", shell.line("inspect {}/m.gguf").err(), "the same content");
        byte[] bytes = Files.readAllBytes(folder.resolve("m.gguf"));
        bytes[bytes.length - 40]++;
        Files.write(folder.resolve("m.gguf"), bytes);
        Files.setLastModifiedTime(folder.resolve("m.gguf"), FileTime.from(Instant.now().plusSeconds(9)));
        assertTrue(shell.line("inspect {}/m.gguf").err().contains("is imported"), "other content");
    }

    @Test
    void whatAKilledImportLeftIsMadeAnew() throws IOException {
        shell.line("inspect {}/m.gguf");
        Path entry = entries().getFirst();
        Files.move(entry.resolve("m"), entry.resolve(".half"));
        Files.delete(entry.resolve(".half/model.safetensors"));
        Shell.Result again = shell.line("inspect {}/m.gguf --json");
        assertEquals(ExitCode.DONE, again.code(), again::toString);
        assertEquals(29, Json.read(again.out(), JsonNode.class, "inspect").get("tensors").asInt());
        assertFalse(Files.exists(entry.resolve(".half")));
    }

    @Test
    void beyondTheBoundWhatWasNotUsedForLongestGoes() throws IOException {
        shell.line("inspect {}/m.gguf");
        Path old = entries().getFirst();
        Files.setLastModifiedTime(old.resolve("used"), FileTime.from(Instant.now().minus(Duration.ofDays(3))));
        byte[] bytes = Files.readAllBytes(folder.resolve("m.gguf"));
        bytes[bytes.length - 40]++;
        Files.write(folder.resolve("n.gguf"), bytes);
        Shell bounded = new Shell(folder, Map.of("SOCRATIC_CACHE", folder.resolve("cache").toString(),
                "SOCRATIC_CACHE_GIB", "0"));
        Shell.Result result = bounded.line("inspect {}/n.gguf");
        assertTrue(result.err().contains(" and went, for the cache is bounded to 0 bytes"), result::toString);
        assertFalse(Files.exists(old));
        assertEquals(1, entries().size(), "the new one is there");
    }

    private List<Path> entries() throws IOException {
        try (var list = Files.list(folder.resolve("cache/gguf"))) {
            return list.filter(path -> path.getFileName().toString().matches("[0-9a-f]{32}")).toList();
        }
    }
}
