package dev.socratic.cli.serve;

import static dev.socratic.cli.serve.Wire.CHAT;
import static dev.socratic.cli.serve.Wire.MAPPER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.models.generate.Prompt;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A request of a coding tool replayed: Qwen Code 0.15.10 over the OpenAI client for JavaScript 5.11.0, recorded on the
/// wire, its long texts cut and nothing else changed.
class CodingToolTest {
    private static final Path RECORDED = Path.of("src/test/resources/serve/qwen_code.json");
    private static final String CALL =
            "<tool_call>{\"name\":\"list_directory\",\"arguments\":{\"path\":\"/home/user/project\"}}</tool_call>";

    @Test
    void theModelsCallOfOneOfItsToolsIsStreamedBack() throws Exception {
        ObjectNode request = (ObjectNode) MAPPER.readTree(RECORDED.toFile());
        request.put("max_tokens", 60); // the model of this test has a context of 64
        ((ObjectNode) request.at("/messages/3/content/0")).put("text", CALL);
        SpellingModel model = new SpellingModel();
        model.template = "{% if tools %}<tool_call>{% endif %}</think>";
        try (OpenAiServer server = OpenAiServer.start(model, ServeOptions.of(0).withSeeds(() -> 42))) {
            Wire wire = Wire.to(server);
            HttpResponse<String> reply = wire.send(wire.request(CHAT).header("Content-Type", "application/json")
                    .header("Authorization", "Bearer x").header("User-Agent", "QwenCode/0.15.10 (linux; x64)")
                    .header("Accept", "application/json").header("sec-fetch-mode", "cors")
                    .header("X-Stainless-Lang", "js").POST(BodyPublishers.ofString(request.toString())).build());
            assertEquals(200, reply.statusCode(), reply.body());
            List<String> events = Wire.events(reply.body());
            StringBuilder said = new StringBuilder();
            String finish = "";
            JsonNode call = MAPPER.missingNode();
            for (String event : events.subList(0, events.size() - 1)) {
                JsonNode choice = MAPPER.readTree(event).at("/choices/0");
                said.append(choice.at("/delta/content").asText(""));
                call = choice.at("/delta/tool_calls/0").isMissingNode() ? call : choice.at("/delta/tool_calls/0");
                finish = choice.path("finish_reason").isTextual() ? choice.path("finish_reason").asText() : finish;
            }
            assertEquals("list_directory", call.at("/function/name").asText());
            assertEquals("{\"path\":\"/home/user/project\"}", call.at("/function/arguments").asText());
            assertEquals("tool_calls", finish);
            assertTrue(MAPPER.readTree(events.get(events.size() - 2)).at("/usage/total_tokens").asInt() > 0,
                    "it asks for the counts");
            assertEquals("42", said.toString().strip(), "what stands behind the call: this model signs with its seed");
            Prompt.Chat prompt = (Prompt.Chat) model.prompt;
            assertEquals(11, prompt.variables().get("tools").size());
            assertEquals(List.of("system", "user", "assistant", "user"),
                    prompt.messages().stream().map(message -> message.role()).toList());
        }
    }
}
