package dev.socratic.cli.serve;

import static dev.socratic.cli.serve.Wire.MAPPER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.text.Constraint;
import dev.socratic.models.generate.Prompt;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Tools that are offered, calls that come back, thoughts beside them. The model spells what it was asked.
class ServeToolsTest {
    private static final String TOOLS = """
            "tools": [{"type": "function", "function": {"name": "weather", "description": "d",
             "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}]""";
    private static final String CALL = "<tool_call> {\"name\":\"weather\",\"arguments\":{\"city\":\"Bonn\"}} </tool_call>";

    private final SpellingModel model = new SpellingModel();
    private final OpenAiServer server = OpenAiServer.start(model, 0);
    private final Wire wire = Wire.to(server);

    ServeToolsTest() {
        model.template = "{% if tools %}<tool_call> tool_calls</think>{% endif %}";
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static String ask(String asked, String more) throws Exception {
        return "{\"temperature\": 0, \"messages\": [{\"role\": \"user\", \"content\": %s}], %s}".formatted(
                MAPPER.writeValueAsString(asked), more);
    }

    @Test
    void toolsReachTheTemplateAndCallsComeBackParsed() throws Exception {
        JsonNode reply = wire.chat(ask("<think> hm </think> I look. " + CALL, TOOLS), 200);
        JsonNode message = reply.at("/choices/0/message");
        assertEquals("tool_calls", reply.at("/choices/0/finish_reason").asText());
        assertEquals("I look.", message.path("content").asText());
        assertEquals("hm", message.path("reasoning_content").asText());
        assertEquals("weather", message.at("/tool_calls/0/function/name").asText());
        assertEquals("{\"city\":\"Bonn\"}", message.at("/tool_calls/0/function/arguments").asText());
        assertEquals("function", message.at("/tool_calls/0/type").asText());
        assertTrue(message.at("/tool_calls/0/id").asText().matches("[a-z0-9]{9}"));
        assertEquals("weather", ((Prompt.Chat) model.prompt).variables().get("tools").at("/0/function/name").asText());
        assertTrue(wire.chat(ask(CALL, TOOLS), 200).at("/choices/0/message/content").isNull());
    }

    @Test
    void aStreamSendsCallsAsDeltas() throws Exception {
        List<String> events = wire.stream(ask("I look. " + CALL + " " + CALL, TOOLS + ", \"stream\": true"));
        StringBuilder said = new StringBuilder();
        StringBuilder calls = new StringBuilder();
        String finish = "";
        for (String event : events.subList(0, events.size() - 1)) {
            JsonNode choice = MAPPER.readTree(event).at("/choices/0");
            said.append(choice.at("/delta/content").asText(""));
            for (JsonNode call : choice.at("/delta/tool_calls")) {
                calls.append(call.path("index")).append(call.at("/function/arguments").asText());
            }
            finish = choice.path("finish_reason").asText();
        }
        assertEquals("I look.", said.toString().strip());
        assertEquals("0{\"city\":\"Bonn\"}1{\"city\":\"Bonn\"}", calls.toString());
        assertEquals("tool_calls", finish);
    }

    @Test
    void whoWantsNoCallsGetsNone() throws Exception {
        JsonNode reply = wire.chat(ask(CALL, TOOLS + ", \"tool_choice\": \"none\""), 200);
        assertEquals(CALL, Wire.content(reply, 0));
        assertTrue(!((Prompt.Chat) model.prompt).variables().containsKey("tools"));
        assertEquals("<think> a </think> b", Wire.content(wire.chat(ask("<think> a </think> b",
                "\"reasoning_format\": \"none\""), 200), 0));
    }

    @Test
    void aCallThatIsRequiredIsAllThatTheAnswerCanBe() throws Exception {
        String call = "{\"name\":\"weather\",\"arguments\":{\"city\":\"Bonn\"}}";
        String schema = MAPPER.readTree("{" + TOOLS + "}").at("/tools/0/function/parameters").toString();
        for (String choice : List.of("\"required\"", "{\"type\": \"function\", \"function\": {\"name\": \"weather\"}}")) {
            JsonNode reply = wire.chat(ask(call, TOOLS + ", \"tool_choice\": " + choice), 200);
            assertEquals("<tool_call>", ((Prompt.Chat) model.prompt).messages().getLast().content());
            Constraint.JsonSchema held = (Constraint.JsonSchema) model.parameters.constrain().orElseThrow();
            assertEquals(MAPPER.readTree("""
                    {"anyOf": [{"type": "object", "additionalProperties": false, "required": ["name", "arguments"],
                      "properties": {"name": {"const": "weather"}, "arguments": %s}}]}""".formatted(schema)),
                    MAPPER.valueToTree(held.schema()));
            assertTrue(reply.at("/choices/0/message").has("content"));
        }
        wire.chat(ask("a", TOOLS + ", \"parallel_tool_calls\": false"), 200);
        assertEquals(List.of("</tool_call>"), model.parameters.stop());
        wire.refused(ask("a", TOOLS + ", \"tool_choice\": \"required\", \"guided_regex\": \"a\""), "tool_choice: 'auto' "
                + "or 'none' expected where the answer has to be of a format; leave one of them out");
    }

    @Test
    void whatIsWrongWithToolsIsNamed() throws Exception {
        wire.refused(ask("a", "\"tools\": 3"), "tools: a list of at most 128 tools expected; got 3");
        wire.refused(ask("a", "\"tools\": [{\"type\": \"web_search\"}]"), "tools[0]: {\"type\": \"function\", "
                + "\"function\": {\"name\", \"description\", \"parameters\"}} expected; got {\"type\":\"web_search\"}");
        wire.refused(ask("a", TOOLS.replace("\"description\": \"d\"", "\"strict\": true")), "tools[0].function.strict: "
                + "false expected unless tool_choice is 'required' or names a tool: the model is shown the parameters and "
                + "not held to them; got true");
        wire.refused(ask("a", TOOLS + ", \"tool_choice\": {\"function\": {\"name\": \"rain\"}}"), "tool_choice: 'auto', "
                + "'none', 'required' or {\"type\": \"function\", \"function\": {\"name\": one of the tools}} expected; "
                + "got {\"function\":{\"name\":\"rain\"}}");
        model.template = "{{ tools }}";
        wire.refused(ask("a", TOOLS), "tools: the model's chat template writes calls in a form that this server does "
                + "not read; known: <tool_call>, [TOOL_CALLS], Llama 3's JSON; leave the field out");
    }
}
