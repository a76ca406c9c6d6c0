package dev.socratic.generator.endpoint;

import dev.socratic.core.json.Json;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Sampling;
import dev.socratic.generator.teacher.TeacherConfig;
import java.util.List;
import java.util.Optional;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;

/// What tests ask and what their servers say.
final class Answers {
    static final String KEY = "sk-test-0123456789abcdef";

    private Answers() {}

    static String body(String text) {
        return """
                {"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop",\
                "message":{"role":"assistant","content":%s}}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}"""
                .formatted(Json.line(text));
    }

    static MockResponse ok(String text) {
        return new MockResponse.Builder().addHeader("Content-Type", "application/json").body(body(text)).build();
    }

    static MockResponse status(int code, String body) {
        return new MockResponse.Builder().code(code).body(body).build();
    }

    static GenerationRequest request(String id, String question, long seed) {
        return new GenerationRequest(
                id,
                List.of(ChatMessage.system("Think."), ChatMessage.user(question)),
                new GenerationParameters(new Sampling(0.7, 0.9), 64, List.of("###")), seed);
    }

    static TeacherConfig.Endpoint config(MockWebServer server, int concurrency, int retries, boolean cache) {
        return config(server, concurrency, retries, cache, 60);
    }

    /// @param timeout in seconds; only a test of time-outs wants a short one, for the machine may be busy
    static TeacherConfig.Endpoint config(MockWebServer server, int concurrency, int retries, boolean cache,
            int timeout) {
        return new TeacherConfig.Endpoint(
                server.url("/v1")
                        .toString(), "m", Optional.of("TEST_KEY"), concurrency, Optional.empty(), Optional.empty(),
                                timeout, retries, 1, 2, cache);
    }
}
