package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tasks that score, by the embedded teacher as a folder and behind our own endpoint.
class EndpointTasksTest {
    private static final Path EMBEDDED = Path.of("..", "recipes", "embedded", "teacher").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    @Test
    void anEndpointScoresAsItsWeightsDo() throws IOException {
        Shell shell = new Shell(folder, Map.of());
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            rows.append(("{\"question\": \"Tom has %s apples and buys %s more. How many has he?\", \"choices\": [\"%s\", "
                    + "\"%s apples\", \"none at all\"], \"gold\": 0}%n").formatted(i, i + 2, 2 * i + 2, 3 * i + 1));
        }
        shell.file("data/test.jsonl", rows.toString()).file("t.yaml", """
                task: apples
                dataset_path: json
                dataset_kwargs: {data_files: {test: {}/data/test.jsonl}}
                test_split: test
                output_type: multiple_choice
                doc_to_text: "{{question}} "
                doc_to_choice: "{{choices}}"
                doc_to_target: gold
                metric_list: [{metric: acc}, {metric: acc_norm}]
                """);
        Shell.Result local = shell.run("eval", EMBEDDED.toString(), "--tasks", "{}/t.yaml", "--out", "{}/local");
        assertEquals(0, local.code(), local::toString);
        try (ServedFixture.Server server = ServedFixture.Server.over(EMBEDDED)) {
            Shell.Result served = shell.run("eval", server.address(), "--model-name", "teacher", "--tasks",
                    "{}/t.yaml", "--out", "{}/served");
            assertEquals(0, served.code(), served::toString);
            Shell.Result chat = shell.run("eval", server.address(), "--model-name", "teacher", "--tasks",
                    "{}/t.yaml", "--apply-chat-template", "--out", "{}/chat");
            assertTrue(chat.err().contains("task 'apples': apply_chat_template: false, for a task that scores, of an "
                    + "endpoint whose chat template is not ours to read; got true"), chat::toString);
        }
        List<JsonNode> here = samples("local");
        List<JsonNode> there = samples("served");
        assertEquals(12, there.size());
        for (int i = 0; i < here.size(); i++) {
            assertEquals(here.get(i).get("arguments"), there.get(i).get("arguments"));
            assertEquals(here.get(i).get("acc"), there.get(i).get("acc"));
            for (int choice = 0; choice < 3; choice++) {
                JsonNode one = here.get(i).at("/resps/" + choice + "/0");
                JsonNode other = there.get(i).at("/resps/" + choice + "/0");
                assertEquals(Double.parseDouble(one.get(0).asText()), Double.parseDouble(other.get(0).asText()), 1e-3);
                assertEquals(one.get(1), other.get(1));
            }
        }
    }

    private List<JsonNode> samples(String out) {
        try (Stream<Path> files = Files.list(folder.resolve(out).resolve("eval/model"))) {
            Path file = files.filter(one -> one.getFileName().toString().startsWith("samples_")).findFirst()
                    .orElseThrow();
            return Files.readAllLines(file).stream().map(line -> Json.read(line, JsonNode.class, "sample")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
