package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Answers of real, random weights that have to be of a format: whatever such a model would say, it is of it.
class ServedStructureTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String TOOL = """
            {"type": "function", "function": {"name": "%s", "parameters": {"type": "object", "required": ["unit"],
             "properties": {"unit": {"$ref": "#/$defs/unit"}}, "$defs": {"unit": {"enum": ["C", "F"]}}}}}""";

    @TempDir
    static Path folder;

    private static ServedFixture.Server server;

    @BeforeAll
    static void serve() throws IOException {
        Path teacher = ServedFixture.teacher(folder.resolve("teacher"));
        Files.writeString(teacher.resolve("chat_template.jinja"), """
                {% if tools %}{{ tools | length }} <tool_call>{% endif %}
                {%- for message in messages %}{{ message.content }}
                {% endfor %}""");
        server = ServedFixture.Server.over(teacher);
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static JsonNode ask(String more, int status) throws Exception {
        String body = "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}], \"temperature\": 2, %s}".formatted(more);
        HttpResponse<String> response = CLIENT.send(HttpRequest.newBuilder(
                URI.create(server.address() + "/chat/completions")).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
        assertEquals(status, response.statusCode(), response.body());
        return Json.read(response.body(), JsonNode.class, "reply");
    }

    @Test
    void answersAreOfTheFormat() throws Exception {
        for (int seed = 0; seed < 4; seed++) {
            String seeded = "\"seed\": %s, ".formatted(seed);
            String json = ask(seeded + """
                    "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object",
                     "properties": {"sure": {"type": "boolean"}, "unit": {"enum": ["C", "F"]}},
                     "required": ["sure", "unit"], "additionalProperties": false}}}""", 200)
                    .at("/choices/0/message/content").asText();
            JsonNode read = Json.read(json, JsonNode.class, "answer");
            assertTrue(read.path("sure").isBoolean() && read.path("unit").asText().matches("[CF]") && read.size() == 2, json);
            String word = ask(seeded + "\"guided_choice\": [\"yes\", \"no\"]", 200).at("/choices/0/message/content").asText();
            assertTrue(word.equals("yes") || word.equals("no"), word);
            String number = ask(seeded + "\"structured_outputs\": {\"regex\": \"[0-9]{3}\"}", 200)
                    .at("/choices/0/message/content").asText();
            assertTrue(number.matches("[0-9]{3}"), number);
        }
    }

    @Test
    void aToolThatMustBeCalledIsCalled() throws Exception {
        String tools = "\"tools\": [%s, %s], ".formatted(TOOL.formatted("weather"), TOOL.formatted("sun"));
        for (int seed = 0; seed < 4; seed++) {
            JsonNode choice = ask("\"seed\": %s, %s \"tool_choice\": \"required\"".formatted(seed, tools), 200)
                    .at("/choices/0");
            assertEquals("tool_calls", choice.path("finish_reason").asText());
            assertTrue(choice.at("/message/tool_calls/0/function/name").asText().matches("weather|sun"), choice.toString());
            assertTrue(choice.at("/message/tool_calls/0/function/arguments").asText().matches("\\{\"unit\":\"[CF]\"}"),
                    choice.toString());
        }
        JsonNode named = ask(tools + "\"tool_choice\": {\"type\": \"function\", \"function\": {\"name\": \"sun\"}}", 200);
        assertEquals("sun", named.at("/choices/0/message/tool_calls/0/function/name").asText());
    }

    @Test
    void aSchemaThatNothingSatisfiesOrThatIsNotKnownIsRefused() throws Exception {
        String impossible = ask("\"guided_json\": {\"type\": \"string\", \"enum\": [3]}", 400).at("/error/message").asText();
        String unknown = ask("\"guided_json\": {\"type\": \"string\", \"format\": \"date\"}", 400)
                .at("/error/message").asText();
        assertTrue(!impossible.isBlank() && !impossible.contains("\n"), impossible);
        assertTrue(unknown.contains("format"), unknown);
    }
}
