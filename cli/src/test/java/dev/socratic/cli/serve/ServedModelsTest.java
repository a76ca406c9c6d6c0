package dev.socratic.cli.serve;

import static dev.socratic.cli.serve.Wire.CHAT;
import static dev.socratic.cli.serve.Wire.body;
import static dev.socratic.cli.serve.Wire.content;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.access.Listener;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Several models behind one address, and what the server counts of them.
class ServedModelsTest {
    private final SpellingModel large = new SpellingModel();
    private final SpellingModel small = new SpellingModel();
    private final OpenAiServer server = OpenAiServer.start(
            List.of(new ServedModel.Writer("teacher", large), new ServedModel.Writer("student", small)),
            ServeOptions.of(0).withSeeds(() -> 42), Listener.open("127.0.0.1", 0));
    private final Wire wire = Wire.to(server);

    @AfterEach
    void close() {
        large.gate.release(1_000_000);
        server.close();
    }

    private static String to(String model, String asked) {
        return body(asked, "\"temperature\": 0, \"model\": \"%s\"".formatted(model));
    }

    @Test
    void theFieldModelChoosesOneOfThem() throws Exception {
        assertEquals(List.of("teacher", "student"), wire.get("/v1/models", 200).findValuesAsText("id"));
        assertEquals("student", wire.get("/v1/models/student", 200).path("id").asText());
        assertEquals("'pupil' is not served here; there are 'teacher', 'student'",
                wire.get("/v1/models/pupil", 404).at("/error/message").asText());
        assertEquals("student", wire.chat(to("student", "a"), 200).path("model").asText());
        assertEquals(0, large.units.size());
        assertTrue(small.units.size() > 0);
        assertEquals("teacher", wire.post("/v1/completions", "{\"prompt\": \"a\", \"model\": \"teacher\"}", 200)
                .path("model").asText());
        assertTrue(large.units.size() > 0);
    }

    @Test
    void amongSeveralOneMustBeNamed() throws Exception {
        wire.refused(body("a", ""), "model: one of 'teacher', 'student' expected; got nothing");
        assertEquals("model: 'pupil' is not served here; write one of 'teacher', 'student'",
                wire.chat(to("pupil", "a"), 404).at("/error/message").asText());
        assertThrows(IllegalArgumentException.class, () -> OpenAiServer.start(
                List.of(new ServedModel.Writer("one", large), new ServedModel.Writer("one", small)), ServeOptions.of(0)));
    }

    @Test
    void oneModelThatIsBusyKeepsNobodyFromTheOther() throws Exception {
        large.gated = true;
        CompletableFuture<HttpResponse<String>> waits = wire.later(to("teacher", "a"));
        assertEquals("b", content(wire.chat(to("student", "b"), 200), 0));
        assertTrue(!waits.isDone());
        large.gate.release(10);
        assertEquals(200, waits.get().statusCode());
    }

    private String metrics() throws Exception {
        HttpResponse<String> reply = wire.send(wire.request("/metrics").build());
        assertEquals(200, reply.statusCode());
        assertEquals("text/plain; version=0.0.4; charset=utf-8", reply.headers().firstValue("Content-Type").orElse(""));
        return reply.body();
    }

    private void counted(String line) throws Exception {
        String page = metrics();
        for (int i = 0; i < 100 && !page.contains(line + "\n"); i++) {
            Thread.sleep(10); // a request is counted right after its reply
            page = metrics();
        }
        assertTrue(page.contains(line + "\n"), line + " in " + page);
    }

    @Test
    void everyRequestIsCountedByAddressAndStatus() throws Exception {
        wire.chat(to("student", "a b c"), 200);
        wire.chat(to("student", "d"), 200);
        wire.chat("{}", 400);
        wire.get("/nowhere/" + "x".repeat(50), 404);
        wire.get("/elsewhere", 404);
        counted("socratic_requests_total{address=\"/v1/chat/completions\",status=\"200\"} 2");
        counted("socratic_requests_total{address=\"/v1/chat/completions\",status=\"400\"} 1");
        counted("socratic_requests_total{address=\"other\",status=\"404\"} 2");
        counted("socratic_prompt_tokens_total{model=\"student\"} 2");
        counted("socratic_completion_tokens_total{model=\"student\"} 4");
        counted("socratic_time_to_first_token_seconds_count{model=\"student\"} 2");
        counted("socratic_request_duration_seconds_bucket{address=\"other\",le=\"+Inf\"} 2");
        assertTrue(!metrics().contains("nowhere"), "anybody may write any address");
    }

    @Test
    void whatIsUnderWayIsShownAndAVanishedClientIsCountedAsSuch() throws Exception {
        large.gated = true;
        try (var socket = wire.socket(Wire.raw(to("teacher", "a b")))) {
            counted("socratic_answers_active{model=\"teacher\"} 1");
            counted("socratic_answers_waiting{model=\"teacher\"} 0");
            counted("socratic_connections 2");
        }
        counted("socratic_requests_total{address=\"%s\",status=\"499\"} 1".formatted(CHAT));
        large.gate.release(1_000_000);
        counted("socratic_answers_active{model=\"teacher\"} 0");
    }

    /// Every line is a comment or a value; of a histogram, counts never fall and the last is all.
    @Test
    void thePageIsPrometheusText() throws Exception {
        wire.chat(to("student", "a"), 200);
        counted("socratic_request_duration_seconds_count{address=\"/v1/chat/completions\"} 1");
        double before = 0;
        for (String line : metrics().lines().toList()) {
            assertTrue(line.matches("# (HELP|TYPE) socratic_[a-z_]+ .+")
                    || line.matches("socratic_[a-z_]+(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")?})? [-+0-9.E]+"), line);
            if (line.startsWith("socratic_request_duration_seconds_bucket{address=\"/v1/chat")) {
                double value = Double.parseDouble(line.substring(line.lastIndexOf(' ')));
                assertTrue(value >= before, line);
                before = value;
            }
        }
        assertEquals(1, before);
    }

    @Test
    void durationsFallIntoTheirBuckets() {
        ServeMetrics metrics = new ServeMetrics();
        metrics.ended("/a", 200, 50_000_000);
        metrics.ended("/a", 200, 50_000_001);
        metrics.ended("/a", 200, 700_000_000_000L);
        String text = metrics.text();
        assertTrue(text.contains("socratic_request_duration_seconds_bucket{address=\"/a\",le=\"0.01\"} 0\n"), text);
        assertTrue(text.contains("socratic_request_duration_seconds_bucket{address=\"/a\",le=\"0.05\"} 1\n"), text);
        assertTrue(text.contains("socratic_request_duration_seconds_bucket{address=\"/a\",le=\"0.1\"} 2\n"), text);
        assertTrue(text.contains("socratic_request_duration_seconds_bucket{address=\"/a\",le=\"600.0\"} 2\n"), text);
        assertTrue(text.contains("socratic_request_duration_seconds_bucket{address=\"/a\",le=\"+Inf\"} 3\n"), text);
        assertTrue(text.contains("socratic_request_duration_seconds_sum{address=\"/a\"} 700.100000001\n"), text);
        assertEquals("model=\"a\\\"b\\\\c\\n\"", ServeMetrics.label("model", "a\"b\\c\n"));
    }
}
