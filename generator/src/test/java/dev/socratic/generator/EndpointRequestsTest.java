package dev.socratic.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.ConfigWriter;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.generator.OddServer.Asked;
import dev.socratic.generator.OddServer.Ran;
import dev.socratic.generator.teacher.TeacherConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the `generate` stage sends: as each provider wants it, by config, and where the config does not say, by what
/// the endpoint refuses.
class EndpointRequestsTest {
    @TempDir
    Path folder;

    @Test
    void whatIsSentIsData() throws Exception {
        try (OddServer server = new OddServer(one -> Optional.empty())) {
            server.generate(folder, """
                    omit: [temperature, top_p, stream], rename: {max_tokens: max_completion_tokens, seed: random_seed},
                    extra_body: {reasoning_effort: high, chat_template_kwargs: {enable_thinking: false}, tags: [a, 1],
                    temperature: 1}
                    """.replace("\n", " "), "{max_tokens: 77, top_k: 20, min_p: 0.05}");
            JsonNode body = server.asked().getFirst().body();
            assertEquals(
                    "[chat_template_kwargs, max_completion_tokens, messages, min_p, model, random_seed, "
                            + "reasoning_effort, tags, temperature, top_k]",
                    names(body));
            assertEquals(77, body.path("max_completion_tokens").asInt());
            assertEquals(20, body.path("top_k").asInt());
            assertEquals(0.05, body.path("min_p").asDouble());
            assertEquals("{\"enable_thinking\":false}", body.path("chat_template_kwargs").toString());
            assertEquals("[\"a\",1]", body.path("tags").toString());
        }
    }

    @Test
    void everyFieldThatSomeServerKnowsIsSentByItsNameWhereItIsSet() throws Exception {
        try (OddServer server = new OddServer(one -> Optional.empty())) {
            server.generate(folder, "", "{typical_p: 0.9, repetition_penalty: 1.2, presence_penalty: 0.5, "
                    + "frequency_penalty: -0.5, logit_bias: {7: -100}, min_tokens: 2, stop_token_ids: [5]}");
            JsonNode body = server.asked().getFirst().body();
            assertEquals("[0.9,1.2,0.5,-0.5,{\"7\":-100.0},2,[5]]", Json.mapper().createArrayNode()
                    .add(body.path("typical_p")).add(body.path("repetition_penalty"))
                    .add(body.path("presence_penalty")).add(body.path("frequency_penalty"))
                    .add(body.path("logit_bias")).add(body.path("min_tokens")).add(body.path("stop_token_ids"))
                    .toString());
        }
    }

    /// Whoever asked for a document would get something else.
    @Test
    void aSchemaIsSentAndNeverLeftOut() throws Exception {
        String sampling = "{constrain: {json_schema: {type: object, properties: {a: {type: integer}}}}}";
        try (OddServer server = new OddServer(one -> Optional.empty())) {
            server.generate(folder, "", sampling);
            assertEquals("{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"answer\",\"schema\":{\"type\":\"object\","
                    + "\"properties\":{\"a\":{\"type\":\"integer\"}}},\"strict\":true}}", sorted(server.asked().getFirst()
                            .body().path("response_format")));
        }
        String refusal = "{\"error\": {\"message\": \"Unsupported parameter: 'response_format' is not supported with "
                + "this model.\", \"param\": \"response_format\", \"code\": \"unsupported_parameter\"}}";
        try (OddServer server = new OddServer(one -> Optional.of(OddServer.status(400, refusal).build()))) {
            Ran ran = server.generate(folder, "", sampling.replace("integer", "string"));
            assertEquals(4, ran.failed().size());
            assertEquals(4, server.asked().size());
            assertTrue(ran.problem().contains("Unsupported parameter: 'response_format'"), ran.problem());
        }
    }

    /// In the order in which we write it, whatever the order of a map.
    private static String sorted(JsonNode format) {
        return Json.mapper().createObjectNode().<com.fasterxml.jackson.databind.node.ObjectNode>set("type",
                format.path("type")).set("json_schema", Json.mapper().createObjectNode()
                        .<com.fasterxml.jackson.databind.node.ObjectNode>set("name", format.at("/json_schema/name"))
                        .<com.fasterxml.jackson.databind.node.ObjectNode>set("schema", format.at("/json_schema/schema"))
                        .set("strict", format.at("/json_schema/strict"))).toString();
    }

    private static String names(JsonNode body) {
        List<String> names = new java.util.ArrayList<>();
        body.fieldNames().forEachRemaining(names::add);
        return names.stream().sorted().toList().toString();
    }

    @Test
    void headersAndQueryAreSentAndAnAddressMayHaveAQueryAsAzuresHas() throws Exception {
        try (OddServer server = new OddServer(one -> Optional.empty())) {
            Ran ran = server.generate(folder, "/openai/deployments/gpt-x/?api-version=2024-10-21",
                    "headers: {api-key: '${TEST_KEY}', x-title: Socratic}, query: {user: '${OTHER_KEY}', 'odd "
                            + "name': 'a&b'}", "{}", 2);
            Asked asked = server.asked().getFirst();
            assertEquals("/openai/deployments/gpt-x/chat/completions", asked.request().getUrl().encodedPath());
            assertEquals("2024-10-21", asked.request().getUrl().queryParameter("api-version"));
            assertEquals("0ther-secret-42", asked.request().getUrl().queryParameter("user"));
            assertEquals("a&b", asked.request().getUrl().queryParameter("odd name"));
            assertEquals(OddServer.KEY, asked.request().getHeaders().get("api-key"));
            assertEquals("Socratic", asked.request().getHeaders().get("x-title"));
            assertEquals("endpoint:" + server.url("/openai/deployments/gpt-x") + "?api-version=2024-10-21",
                    ran.answers().getFirst().path("teacher").path("endpoint").asText("")
                            .replaceFirst("^(endpoint:)?", "endpoint:"));
            assertEquals(List.of(), OddServer.holding(ran.folder(), "0ther-secret-42"));
        }
    }

    /// What some providers say, one row each: the field they refuse, what is sent in its place, their status and words.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "seed | | 422 | {\"message\": {\"detail\": [{\"type\": \"extra_forbidden\", \"loc\": [\"body\", \"seed\"], "
                + "\"msg\": \"Extra inputs are not permitted\"}]}}",
        "seed | random_seed | 400 | {\"error\": {\"message\": \"Unknown parameter: 'seed'. Use 'random_seed' "
                + "instead.\"}}",
        "seed | | 400 | {\"error\": {\"message\": \"Unrecognized request argument supplied: seed\", \"type\": "
                + "\"invalid_request_error\", \"param\": null}}",
        "seed | | 400 | [{\"error\": {\"code\": 400, \"message\": \"Invalid JSON payload received. Unknown name "
                + "\\\"seed\\\": Cannot find field.\"}}]",
        "seed | | 400 | {\"error\": {\"message\": \"property 'seed' is unsupported\", \"type\": "
                + "\"invalid_request_error\"}}",
        "seed | | 422 | {\"detail\": [{\"type\": \"extra_forbidden\", \"loc\": [\"body\", \"seed\"], \"msg\": "
                + "\"Extra inputs are not permitted\"}]}",
        "seed | | 400 | {\"error\": \"seed: Extra inputs are not permitted\"}",
        "seed | | 200 | {\"error\": {\"code\": 400, \"message\": \"Unsupported parameter: 'seed' is not supported "
                + "with this model.\"}}",
        "max_tokens | max_completion_tokens | 400 | {\"error\": {\"message\": \"Unsupported parameter: 'max_tokens' "
                + "is not supported with this model."
                + " Use 'max_completion_tokens' instead.\", \"param\": \"max_tokens\", \"code\": "
                        + "\"unsupported_parameter\"}}",
        "max_tokens | max_completion_tokens | 400 | {\"error\": {\"message\": \"max_tokens: unknown field\", "
                + "\"param\": \"body.max_tokens\"}}",
        "temperature | | 400 | {\"error\": {\"message\": \"Unsupported value: 'temperature' does not support 0.7 "
                + "with this model. Only the default (1)"
                + " value is supported.\", \"param\": \"temperature\", \"code\": \"unsupported_value\"}}",
        "temperature | | 400 | {\"type\": \"error\", \"error\": {\"type\": \"invalid_request_error\", \"message\": "
                + "\"temperature is deprecated for this model\"}}",
        "top_p | | 400 | {\"type\": \"error\", \"error\": {\"type\": \"invalid_request_error\", \"message\": "
                + "\"`temperature` and `top_p` cannot both be"
                + " specified for this model. Please use only one.\"}}",
        "top_k | | 400 | {\"error\": {\"message\": \"Additional properties are not allowed ('top_k' was "
                + "unexpected)\"}}",
        "min_p | | 400 | {\"error\": {\"message\": \"got an unexpected keyword argument 'min_p'\"}}",
        "stream | | 422 | {\"detail\": [{\"type\": \"extra_forbidden\", \"loc\": [\"body\", \"stream\"], \"msg\": "
                + "\"Extra inputs are not permitted\"}]}"
    })
    void aFieldThatIsRefusedByNameIsLeftOutOrRenamedAndThatIsSaidOnce(String field, String other, int status,
            String words) throws Exception {
        try (OddServer server = refusing(body -> body.has(field), OddServer.status(status, words).build())) {
            Ran ran = server.generate(folder, "", "{top_k: 5, min_p: 0.1, max_tokens: 77}");
            assertEquals(4, ran.answers().size(), words);
            JsonNode last = server.asked().getLast().body();
            assertFalse(last.has(field));
            String renamed = other == null ? "" : other;
            assertTrue(renamed.isEmpty() || last.has(renamed), last.toString());
            assertTrue(server.asked().size() <= 6, "it is not learned: " + server.asked().size()
                    + " requests for 4 rows");
            String told = renamed.isEmpty()
                    ? "the endpoint takes no '%s': it is left out from now on".formatted(field)
                    : "the endpoint takes no '%s' but '%s', which is sent from now on".formatted(field, renamed);
            assertEquals(List.of(server.url("/v1") + ": " + told), server.notes());
            assertEquals(List.of(field + (renamed.isEmpty() ? "" : " -> " + renamed)),
                    ran.report().notes().get("request_fields_refused"));
        }
    }

    private static OddServer refusing(Predicate<JsonNode> refused, MockResponse words) throws Exception {
        return new OddServer(one -> refused.test(one.body()) ? Optional.of(words) : Optional.empty());
    }

    @Test
    void oneAfterTheOtherIsLeftOutAsReasoningModelsWantIt() throws Exception {
        Function<String, MockResponse> unsupported = name -> OddServer.status(400, """
                {"error": {"message": "Unsupported parameter: '%s' is not supported with this model.", "param": "%s",
                 "code": "unsupported_parameter"}}"""
                .formatted(name, name)).build();
        List<String> refused = List.of("max_tokens", "temperature", "top_p", "stop");
        try (OddServer server = new OddServer(one ->
                refused.stream().filter(one.body()::has).findFirst().map(unsupported))) {
            Ran ran = server.generate(folder, "", "{stop: ['and so']}");
            assertEquals(List.of("max_tokens -> max_completion_tokens", "stop", "temperature", "top_p"),
                    ran.report().notes().get("request_fields_refused"));
            // A server that takes no stop writes on behind it; the answer ends there all the same.
            assertEquals("10", ran.answers().getFirst().path("answer_text").asText().strip());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"error\": {\"message\": \"max_tokens is too large: 1024. This model supports at most 512 completion "
                + "tokens\", \"param\": \"max_tokens\"}}",
        "{\"error\": {\"message\": \"temperature must be between 0 and 0.5\", \"param\": \"temperature\", \"code\": "
                + "\"invalid_value\"}}",
        "{\"detail\": [{\"type\": \"less_than_equal\", \"loc\": [\"body\", \"temperature\"], \"msg\": \"Input "
                + "should be less than or equal to 0.5\"}]}",
        "{\"error\": {\"message\": \"Stop it: questions about temperature are not allowed. Unknown seed of doubt.\"}}",
        "{\"error\": {\"message\": \"Unsupported parameter: 'reasoning_effort'\", \"param\": \"reasoning_effort\", "
                + "\"code\": \"unsupported_parameter\"}}",
        "{\"error\": {\"message\": \"messages: unknown role\", \"param\": \"messages\", \"code\": "
                + "\"unsupported_value\"}}"
    })
    void whatIsNoRefusalOfAFieldIsSaidAsItIs(String words) throws Exception {
        try (OddServer server = new OddServer(one -> Optional.of(OddServer.status(400, words).build()))) {
            Ran ran = server.generate(folder, "extra_body: {reasoning_effort: high}", "{}");
            assertEquals(4, ran.failed().size());
            assertEquals(4, server.asked().size(), "asked again without a field nobody refused");
            assertTrue(ran.problem().contains("a request the endpoint accepts; got 400 \""), ran.problem());
        }
    }

    @Test
    void whatIsLeftOutInVainIsNotRemembered() throws Exception {
        try (OddServer server = new OddServer(one -> one.first() == 10
                ? Optional.of(OddServer.status(400, "{\"error\": \"unsupported parameter 'seed' in this prompt\"}")
                .build()) : Optional.empty())) {
            Ran ran = server.generate(folder);
            assertEquals(3, ran.answers().size());
            assertTrue(server.asked().stream().filter(one -> one.first() > 10).allMatch(one -> one.body().has("seed")));
            assertEquals(List.of(), server.notes());
        }
    }

    @Test
    void whatChangesARequestIsAskedAnewAndWhatDoesNotIsNot() throws Exception {
        try (OddServer server = new OddServer(one -> Optional.empty())) {
            int before = 0;
            for (String other : List.of(
                    "", "extra_body: {reasoning_effort: high}", "extra_body: {reasoning_effort: low}",
                            "omit: [seed]", "rename: {seed: random_seed}",
                    "query: {api-version: '1'}", "query: {api-version: '2'}", "headers: {anthropic-beta: x}")) {
                server.generate(folder, other, "{}");
                assertEquals(before + 4, server.asked().size(), "taken from an earlier run: " + other);
                before += 4;
            }
            server.generate(folder, "", "{top_k: 9}");
            assertEquals(before + 4, server.asked().size(), "top_k");
            for (String same : List.of(
                    "headers: {x-title: me}", "headers: {x-api-key: '${TEST_KEY}'}", "key_env: TEST_KEY",
                            "cache: false, tokens_per_minute: 100000")) {
                server.generate(folder, same, "{}");
                assertEquals(before + 4, server.asked().size(), "asked again: " + same);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "omit: [sead] | omit: fields that are sent (frequency_penalty, logit_bias, max_tokens, min_p, min_tokens, "
                + "model, presence_penalty, repetition_penalty, response_format, seed, stop, stop_token_ids, stream, "
                + "temperature, top_k, top_p, typical_p); got 'sead'",
        "omit: [messages] | omit: fields that are sent",
        "omit: [seed], rename: {seed: s} | rename: another name for each field that is sent; got 's' for 'seed'; "
                + "choose omit or rename",
        "extra_body: {n: 4} | extra_body: no 'n', for each answer has a row of its own; got it; write samples: "
                + "N, and n: N beside extra_body to ask for several in one request",
        "n: 0 | n: at least 1; got 0",
        "extra_body: {stream: true} | extra_body: fields that are not sent anyway; got 'stream'; leave it out",
        "extra_body: {temperature: 1} | extra_body: fields that are not sent anyway; got 'temperature'; write it "
                + "under sampling, or add it to omit as well",
        "extra_body: {max_completion_tokens: 5} | rename: {max_tokens: NAME} for another name",
        "headers: {Authorization: Basic} | headers: no keys, for they are written into the run's folder; got "
                + "'Authorization' with a value that may be one;"
                + " write ${NAME} and export the environment variable NAME",
        "headers: {x-mine: sk-abc12345} | headers: no keys",
        "headers: {Content-Type: text/plain} | headers: names of headers that are not set anyway; got "
                + "'Content-Type'; leave it out",
        "headers: {x-mine: ä} | headers: values in printable ASCII",
        "key_env: K, headers: {Authorization: '${K}'} | headers: one Authorization; got it beside key_env, which "
                + "writes it; leave out one of the two",
        "query: {api-key: abc} | query: query parameters without keys, for they are written into the run's folder; "
                + "got 'api-key' with a value that looks"
                + " like one; write ${NAME} and export the environment variable NAME"
    })
    void whatCannotBeMeantIsRefusedByNameWithARemedy(String keys, String message) {
        ConfigException refused = assertThrows(ConfigException.class, () -> endpoint(keys), keys);
        assertTrue(refused.getMessage().contains(message.replaceFirst("^(\\w+): ", "$1: ")), refused.getMessage());
        assertFalse(refused.getMessage().contains("abc12345"), refused.getMessage());
    }

    private static TeacherConfig.Endpoint endpoint(String keys) {
        return ConfigReader.read("{base_url: \"https://host/v1\", model: m, " + keys + "}", "e.yaml",
                TeacherConfig.Endpoint.class);
    }

    @Test
    void anAddressOfTheWholePathIsRefusedWithWhatToWrite() {
        ConfigException refused = assertThrows(ConfigException.class, () -> ConfigReader.read(
                "{base_url: \"https://host/v1/chat/completions\", model: m}", "e.yaml", TeacherConfig.Endpoint.class));
        assertTrue(refused.getMessage()
                .endsWith("base_url: the address up to and including the version; got one that ends in /completions;"
                + " leave out what stands behind the version, it is added"), refused.getMessage());
    }

    @Test
    void aVariableThatIsNotSetIsNamedBeforeAnythingIsSent() throws Exception {
        try (OddServer server = new OddServer(one -> Optional.empty())) {
            ConfigException missing = assertThrows(ConfigException.class, () -> server.generate(folder,
                    "headers: {api-key: '${NO_SUCH}'}", "{}"));
            assertEquals("teacher.endpoint.headers.api-key: an environment variable that holds what headers.api-key "
                    + "names; got \"NO_SUCH\", which is not"
                    + " set; export NO_SUCH=... and run again", missing.getMessage());
            assertEquals(0, server.asked().size());
        }
    }

    @Test
    void aConfigWithEverythingReadsBackTheSame() throws Exception {
        TeacherConfig.Endpoint all = endpoint("""
                omit: [seed, top_p], rename: {max_tokens: max_completion_tokens}, extra_body: {a: {b: [1, true, x]}},
                headers: {api-key: '${AZURE_KEY}'}, query: {api-version: '2024-10-21'}""");
        assertEquals(all, ConfigReader.read(ConfigWriter.yaml(all), "e.yaml", TeacherConfig.Endpoint.class));
        assertEquals(Json.canonical(ConfigWriter.tree(all)), Json.canonical(ConfigWriter.tree(endpoint(
                "omit: [top_p, seed], rename: {max_tokens: max_completion_tokens}, extra_body: {a: {b: [1, true, "
                        + "x]}}, headers: {api-key: '${AZURE_KEY}'},"
                        + " query: {api-version: '2024-10-21'}"))));
    }
}
