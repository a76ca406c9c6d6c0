package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChooseCommandTest {
    @TempDir
    Path folder;

    @Test
    void eachChoiceOfEachQuestionIsScoredAndWhatCannotBeIsCounted() throws Exception {
        ServedFixture.teacher(folder.resolve("model"));
        Shell shell = new Shell(folder, Map.of()).file("q.jsonl", """
                {"question": "What is 2 + 3?", "choices": ["4", "5", "6"], "answer": "B"}
                {"question": "What is 1 + 1?", "choices": {"text": ["two", "3"], "label": ["A", "B"]}, "answer": "A"}
                {"question": "What is 7?", "answer": "7"}
                """).file("examples.txt", "Question: What is 1 + 2?\nAnswer: 3\n");
        Shell.Result result = shell.run("choose", "{}/model", "--data", "{}/q.jsonl", "--examples", "{}/examples.txt",
                "--out", "{}/scored.jsonl", "--threads", "1", "--json");
        assertEquals(0, result.code(), result::toString);
        JsonNode found = Json.read(result.out(), JsonNode.class, "stdout");
        assertEquals(2, found.get("questions").asInt());
        assertEquals(1, found.get("without_choices_or_gold").asInt());
        assertEquals(2, found.get("acc_ci95").size());
        JsonNode first = Json.read(Files.readAllLines(folder.resolve("scored.jsonl")).getFirst(), JsonNode.class, "");
        assertEquals(1, first.get("gold").asInt());
        assertEquals(3, first.get("log_probabilities").size());
        Shell.Result none = shell.file("n.jsonl", "{\"question\": \"What is 7?\", \"answer\": \"7\"}\n")
                .run("choose", "{}/model", "--data", "{}/n.jsonl");
        assertEquals(1, none.code(), none::toString);
        assertTrue(none.err().contains("{}/n.jsonl: a question with at least two choices and a gold answer among them; "
                + "got 1 without; name them choices and answer in the rows"), none::toString);
    }
}
