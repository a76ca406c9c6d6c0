package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerplexityCommandTest {
    @TempDir
    Path folder;

    private Shell shell;

    @BeforeEach
    void model() throws IOException {
        ServedFixture.teacher(folder.resolve("model"));
        shell = new Shell(folder, Map.of());
    }

    @Test
    void rowsAndOneTextAreReadInWindows() {
        shell.file("rows.jsonl", """
                {"id": "a", "body": "Tom has 3 apples and buys 4 more apples."}
                {"id": "b", "body": "Anna has 12 pears."}
                {"id": "c", "body": "x"}
                """).file("text.txt", "Tom has 3 apples and buys 4 more apples.");
        Shell.Result rows = shell.run("perplexity", "{}/model", "--data", "{}/rows.jsonl", "--field", "body",
                "--window", "8", "--stride", "4", "--json");
        assertEquals(0, rows.code(), rows::toString);
        JsonNode found = Json.read(rows.out(), JsonNode.class, "stdout");
        assertEquals(2, found.get("documents").asInt());
        assertEquals(1, found.get("too_short").asInt());
        assertEquals("documents", found.get("stderr_over").asText());
        assertEquals(Math.exp(found.get("nll").asDouble()), found.get("perplexity").asDouble(), 1e-9);
        Shell.Result text = shell.run("perplexity", "{}/model", "--data", "{}/text.txt");
        assertEquals(0, text.code(), text::toString);
        assertTrue(text.out().contains(" by token, "), text::toString);
    }

    @Test
    void conversationsAreRefusedWithTheRemedy() {
        shell.file("rows.jsonl", """
                {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]}
                """);
        Shell.Result refused = shell.run("perplexity", "{}/model", "--data", "{}/rows.jsonl");
        assertEquals(1, refused.code(), refused::toString);
        assertTrue(refused.err().contains("{}/rows.jsonl: rows of text; got a conversation in row 0; name the field "
                + "that is to be read: --field NAME"), refused::toString);
    }
}
