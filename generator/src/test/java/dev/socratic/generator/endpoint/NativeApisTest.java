package dev.socratic.generator.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.Sampling;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import dev.socratic.generator.teacher.TeacherConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each API on the wire, with answers in the form its reference publishes.
class NativeApisTest {
    private final MockWebServer server = new MockWebServer();
    private final FakeTime time = new FakeTime();

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private TeacherConfig.Endpoint config(String base, String more) throws IOException {
        Path file = Files.writeString(folder.resolve("t.yaml"), "{base_url: '%s', model: m-1, key_env: TEST_KEY, price_in: 1, price_out: 2%s}"
                .formatted(server.url(base), more));
        return ConfigReader.read(file, TeacherConfig.Endpoint.class);
    }

    private GenerationOutcome ask(String base, String more, int status, String body) throws Exception {
        server.enqueue(new MockResponse.Builder().code(status).body(body).build());
        try (EndpointModel model = EndpointModel.open(config(base, more), Map.of("TEST_KEY", Answers.KEY), 1, time)) {
            return model.generate(List.of(Answers.request("r1", "2 + 2?", 7))).getFirst();
        }
    }

    private RecordedRequest sent(String path, String header, String body) throws Exception {
        RecordedRequest sent = server.takeRequest();
        assertEquals("POST " + path + " HTTP/1.1", sent.getRequestLine());
        assertEquals(header.equals("Authorization") ? "Bearer " + Answers.KEY : Answers.KEY,
                sent.getHeaders().get(header));
        assertEquals(Json.mapper().readTree(body), Json.mapper().readTree(sent.getBody().utf8()));
        return sent;
    }

    private static Completion answer(String text, Optional<String> thoughts, FinishReason finish, long read,
            long written) {
        return new Completion("r1", text, thoughts, finish, new Usage(read, written, (read + 2 * written) / 1e6));
    }

    @Test
    void anthropic() throws Exception {
        GenerationOutcome got = ask("/v1", ", api: anthropic, extra_body: {thinking: {type: enabled, budget_tokens: 9}}",
                200, """
                {"id":"msg_1","type":"message","role":"assistant","model":"m-1","content":[
                 {"type":"thinking","thinking":"2 and 2","signature":"x"},{"type":"text","text":"It is 4."}],
                 "stop_reason":"end_turn","stop_sequence":null,
                 "usage":{"input_tokens":12,"cache_creation_input_tokens":3,"cache_read_input_tokens":5,"output_tokens":8}}
                """);
        assertEquals(answer("It is 4.", Optional.of("2 and 2"), FinishReason.STOP, 20, 8), got);
        RecordedRequest sent = sent("/v1/messages", "x-api-key", """
                {"model":"m-1","system":"Think.","messages":[{"role":"user","content":"2 + 2?"}],"temperature":0.7,
                 "top_p":0.9,"max_tokens":64,"stop_sequences":["###"],"thinking":{"type":"enabled","budget_tokens":9}}""");
        assertEquals("2023-06-01", sent.getHeaders().get("anthropic-version"));
        assertEquals(null, sent.getHeaders().get("Authorization"));
    }

    @Test
    void gemini() throws Exception {
        GenerationOutcome got = ask("/v1beta", ", api: gemini, extra_body: {generationConfig: {thinkingConfig: "
                + "{includeThoughts: true}}}", 200, """
                {"candidates":[{"content":{"role":"model","parts":[{"text":"2 and 2","thought":true},{"text":"4"}]},
                 "finishReason":"MAX_TOKENS","index":0}],"modelVersion":"m-1",
                 "usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":3,"thoughtsTokenCount":7,"totalTokenCount":20}}
                """);
        assertEquals(answer("4", Optional.of("2 and 2"), FinishReason.LENGTH, 10, 10), got);
        sent("/v1beta/models/m-1:generateContent", "x-goog-api-key", """
                {"systemInstruction":{"parts":[{"text":"Think."}]},"contents":[{"role":"user","parts":[{"text":"2 + 2?"}]}],
                 "generationConfig":{"temperature":0.7,"topP":0.9,"maxOutputTokens":64,"stopSequences":["###"],"seed":7,
                  "thinkingConfig":{"includeThoughts":true}}}""");
        assertEquals(answer("", Optional.empty(), FinishReason.CONTENT_FILTER, 4, 0), ask("/v1beta", ", api: gemini", 200,
                "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"usageMetadata\":{\"promptTokenCount\":4,\"totalTokenCount\":4}}"));
    }

    @Test
    void ollama() throws Exception {
        GenerationOutcome got = ask("/api", ", api: ollama, extra_body: {think: true}", 200, """
                {"model":"m-1","created_at":"2026-12-01T00:00:00Z","message":{"role":"assistant","content":"4","thinking":"hm"},
                 "done_reason":"stop","done":true,"total_duration":1,"prompt_eval_count":26,"eval_count":298}
                """);
        assertEquals(answer("4", Optional.of("hm"), FinishReason.STOP, 26, 298), got);
        sent("/api/chat", "Authorization", """
                {"model":"m-1","messages":[{"role":"system","content":"Think."},{"role":"user","content":"2 + 2?"}],
                 "stream":false,"options":{"temperature":0.7,"top_p":0.9,"num_predict":64,"stop":["###"],"seed":7},
                 "think":true}""");
    }

    @Test
    void bedrock() throws Exception {
        GenerationOutcome got = ask("", ", api: bedrock", 200, """
                {"output":{"message":{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"hm"}}},
                 {"text":"4"}]}},"stopReason":"end_turn","usage":{"inputTokens":30,"outputTokens":5,"totalTokens":35},
                 "metrics":{"latencyMs":1}}
                """);
        assertEquals(answer("4", Optional.of("hm"), FinishReason.STOP, 30, 5), got);
        sent("/model/m-1/converse", "Authorization", """
                {"system":[{"text":"Think."}],"messages":[{"role":"user","content":[{"text":"2 + 2?"}]}],
                 "inferenceConfig":{"temperature":0.7,"topP":0.9,"maxTokens":64,"stopSequences":["###"]}}""");
    }

    @Test
    void theirErrorsAreSortedLikeAnyOthers() throws Exception {
        Failure flagged = assertInstanceOf(Failure.class, ask("/v1", ", api: anthropic, retries: 0", 400,
                "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"max_tokens: 99 > 8, "
                + "which is the most\"}}"));
        assertEquals(false, flagged.temporary());
        Failure busy = assertInstanceOf(Failure.class, ask("/v1beta", ", api: gemini, retries: 0", 429,
                "{\"error\":{\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\",\"message\":\"quota\",\"details\":"
                + "[{\"retryDelay\":\"3s\"}]}}"));
        assertEquals(true, busy.temporary());
    }

    @Test
    void whatAnApiHasNoFieldForIsRefusedByName() throws Exception {
        TeacherConfig.Endpoint anthropic = config("/v1", ", api: anthropic");
        GenerationParameters parameters = new GenerationParameters(new Sampling(0.7, 0.9, 0, 0.1), 64, List.of());
        assertEquals("sampling: what the API 'anthropic' has a field for; got 'min_p'; leave it out",
                assertThrows(IllegalArgumentException.class, () -> anthropic.check("sampling", parameters)).getMessage());
        ConfigException several = assertThrows(ConfigException.class, () -> config("/v1", ", api: gemini, n: 2"));
        assertEquals(true, several.getMessage().contains("n: 1 where the API gives one answer a request; got 2 with api "
                + "gemini; leave it out"), several.getMessage());
        try (EndpointModel model = EndpointModel.open(anthropic, Map.of("TEST_KEY", Answers.KEY), 1, time)) {
            assertEquals(List.of("seed"), model.notes().get(TextModel.REFUSED_FIELDS));
            assertEquals("{\"api\":\"anthropic\"}", model.shape());
        }
    }
}
