package dev.socratic.generator.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Usage;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EndpointModelTest {
    private static final GenerationRequest REQUEST = Answers.request("r1", "2 + 2?", 7);

    private final MockWebServer server = new MockWebServer();
    private final FakeTime time = new FakeTime();

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private EndpointModel model(int retries) {
        return model(retries, 60, time);
    }

    private EndpointModel model(int retries, int timeout, Timekeeper clock) {
        return EndpointModel.open(Answers.config(server, 4, retries, false, timeout), Map.of("TEST_KEY",
                Answers.KEY), 1, clock);
    }

    private GenerationOutcome ask(int retries) throws InterruptedException {
        try (EndpointModel model = model(retries)) {
            return model.generate(List.of(REQUEST)).getFirst();
        }
    }

    @Test
    void sendsModelMessagesAndEveryParameterAndReadsTheAnswer() throws Exception {
        server.enqueue(Answers.ok("The answer is 4."));
        Completion answer = assertInstanceOf(Completion.class, ask(0));
        assertEquals(
                new Completion("r1", "The answer is 4.", Optional.empty(), FinishReason.STOP, new Usage(10, 5,
                        20e-6)), answer);

        RecordedRequest sent = server.takeRequest();
        assertEquals("POST /v1/chat/completions HTTP/1.1", sent.getRequestLine());
        assertEquals("Bearer " + Answers.KEY, sent.getHeaders().get("Authorization"));
        JsonNode body = Json.mapper().readTree(sent.getBody().utf8());
        assertEquals(
                Json.mapper().readTree("""
                        {"model":"m","messages":[{"role":"system","content":"Think."},{"role":"user","content":"2 + 2?"}],
                         "temperature":0.7,"top_p":0.9,"max_tokens":64,"seed":7,"stop":["###"],"stream":false}"""),
                body);
    }

    @Test
    void takesReasoningFromAFieldOfItsOwnUnderEitherName() throws Exception {
        for (String field : List.of("reasoning_content", "reasoning")) {
            String body = Answers.body("4").replace("\"content\"", "\"" + field + "\":\"2 + 2 = 4\",\"content\"");
            server.enqueue(new MockResponse.Builder().body(body).build());
            assertEquals(Optional.of("2 + 2 = 4"), assertInstanceOf(Completion.class, ask(0)).reasoning(), field);
        }
    }

    @Test
    void mapsEveryFinishReason() throws Exception {
        Map<String, FinishReason> reasons = Map.of(
                "\"length\"", FinishReason.LENGTH, "\"content_filter\"",
                        FinishReason.CONTENT_FILTER, "\"tool_calls\"", FinishReason.OTHER,
                "\"eos\"", FinishReason.STOP, "null", FinishReason.OTHER);
        for (Map.Entry<String, FinishReason> reason : reasons.entrySet()) {
            server.enqueue(new MockResponse.Builder().body(Answers.body("4").replace("\"stop\"",
                    reason.getKey())).build());
            assertEquals(reason.getValue(), assertInstanceOf(Completion.class, ask(0)).finish(), reason.getKey());
        }
    }

    @Test
    void aRefusalInAFieldOfItsOwnIsAnAnswerThatSaysSo() throws Exception {
        server.enqueue(new MockResponse.Builder()
                .body(Answers.body("")
                .replace("\"content\":\"\"", "\"content\":null,\"refusal\":\"I cannot help with that.\""))
                .build());
        Completion answer = assertInstanceOf(Completion.class, ask(0));
        assertEquals("I cannot help with that.", answer.text());
        assertEquals(FinishReason.CONTENT_FILTER, answer.finish());
    }

    @Test
    void estimatesUsageWhereTheServerDoesNotCount() throws Exception {
        server.enqueue(new MockResponse.Builder().body(Answers.body("twelve bytes")
                .replaceAll(",\"usage\":\\{[^}]*}", "")).build());
        Completion answer = assertInstanceOf(Completion.class, ask(0));
        assertEquals(4, answer.usage().completionTokens());
        assertEquals(2 + 8 + 2 + 8, answer.usage().promptTokens());
    }

    @Test
    void waitsAsLongAsRetryAfterSaysInSeconds() throws Exception {
        server.enqueue(new MockResponse.Builder().code(429).addHeader("Retry-After", "20").body("slow down").build());
        server.enqueue(Answers.ok("4"));
        assertInstanceOf(Completion.class, ask(1));
        assertBetween(Duration.ofSeconds(20), time.slept().getFirst(), Duration.ofMillis(20_500));
    }

    @Test
    void waitsUntilTheDateRetryAfterNames() throws Exception {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(FakeTime.START.plusSeconds(30)
                .atOffset(ZoneOffset.UTC));
        server.enqueue(new MockResponse.Builder().code(503).addHeader("Retry-After", date).build());
        server.enqueue(Answers.ok("4"));
        assertInstanceOf(Completion.class, ask(1));
        assertBetween(Duration.ofSeconds(30), time.slept().getFirst(), Duration.ofMillis(30_500));
    }

    @Test
    void givesUpForNowWhenRetryAfterIsTooLong() throws Exception {
        server.enqueue(new MockResponse.Builder().code(429).addHeader("Retry-After", "3600")
                .body("{\"error\":{\"message\":\"daily limit\"}}").build());
        Failure failure = assertInstanceOf(Failure.class, ask(5));
        assertTrue(failure.temporary());
        assertEquals(
                server.url("/v1/chat/completions")
                        + ": an answer; got none in 1 attempt, the last: 429 \"daily limit\" (asks to wait 3600 s);"
                        + " run the same command again later",
                failure.problem());
    }

    @Test
    void backsOffLongerAndLongerAfterServerErrors() throws Exception {
        for (int i = 0; i < 6; i++) {
            server.enqueue(Answers.status(500 + i, "oops"));
        }
        server.enqueue(Answers.ok("4"));
        assertInstanceOf(Completion.class, ask(6));
        List<Duration> slept = time.slept();
        assertEquals(6, slept.size());
        for (int i = 0; i < 6; i++) {
            assertBetween(Duration.ZERO, slept.get(i), Duration.ofMillis(500L << i));
        }
        assertTrue(slept.getLast().compareTo(Duration.ofMillis(500)) > 0, "the waits do not grow: " + slept);
    }

    @Test
    void triesAgainAfterGarbage() throws Exception {
        for (String garbage : List.of("<html>gateway</html>", "", "[]", "{}", "{\"choices\":[]}",
                "{\"error\":{\"message\":\"overloaded\"}}", "null", "\u0000\u0001")) {
            server.enqueue(new MockResponse.Builder().body(garbage).build());
        }
        server.enqueue(Answers.ok("4"));
        assertInstanceOf(Completion.class, ask(8));
        assertEquals(9, server.getRequestCount());
    }

    @Test
    void triesAgainAfterHalfABody() throws Exception {
        String whole = Answers.body("4");
        server.enqueue(new MockResponse.Builder().body(whole).onResponseBody(new SocketEffect.CloseSocket()).build());
        server.enqueue(new MockResponse.Builder().body(whole.substring(0, whole.length() / 2)).build());
        server.enqueue(Answers.ok("4"));
        assertInstanceOf(Completion.class, ask(2));
        assertEquals(3, server.getRequestCount());
    }

    @Test
    void triesAgainAfterADroppedConnection() throws Exception {
        server.enqueue(new MockResponse.Builder().onRequestStart(new SocketEffect.CloseSocket()).build());
        server.enqueue(new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build());
        server.enqueue(Answers.ok("4"));
        assertInstanceOf(Completion.class, ask(2));
    }

    @Test
    void aServerThatSaysNothingIsATimeOut() throws Exception {
        server.enqueue(new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build());
        try (EndpointModel model = model(0, 1, time)) {
            Failure failure = assertInstanceOf(Failure.class, model.generate(List.of(REQUEST)).getFirst());
            assertTrue(failure.temporary());
            assertTrue(failure.problem().contains("got none in 1 attempt, the last: no answer in time"),
                    failure.problem());
        }
    }

    @Test
    void aServerThatDripsItsBodyIsATimeOutToo() throws Exception {
        server.enqueue(new MockResponse.Builder().body(Answers.body("x".repeat(4000))).throttleBody(100, 300,
                java.util.concurrent.TimeUnit.MILLISECONDS).build());
        try (EndpointModel model = model(0, 1, Timekeeper.SYSTEM)) {
            Failure failure = assertInstanceOf(Failure.class, model.generate(List.of(REQUEST)).getFirst());
            assertTrue(failure.problem().contains("the body was not complete after 1 s"), failure.problem());
        }
    }

    @Test
    void aServerThatIsNotThereIsATemporaryFailure() throws Exception {
        int port = server.getPort();
        server.close();
        Failure failure = assertInstanceOf(Failure.class, ask(2));
        assertTrue(failure.temporary());
        assertTrue(failure.problem().contains("got none in 3 attempts, the last: Failed to connect to"),
                failure.problem());
        assertTrue(failure.problem().contains(":" + port), failure.problem());
    }

    @Test
    void saysAfterHowManyAttemptsItGaveUp() throws Exception {
        for (int i = 0; i < 3; i++) {
            server.enqueue(Answers.status(503, "{\"error\":{\"message\":\"model is\\nloading\"}}"));
        }
        Failure failure = assertInstanceOf(Failure.class, ask(2));
        assertEquals(
                server.url("/v1/chat/completions")
                        + ": an answer; got none in 3 attempts, the last: 503 \"model is loading\"; run the same "
                                + "command again later",
                failure.problem());
    }

    @Test
    void doesNotWaitForAQuotaThatIsUsedUp() throws Exception {
        server.enqueue(Answers.status(
                429, "{\"error\":{\"message\":\"You exceeded your current quota\",\"code\":\"insufficient_quota\"}}"));
        assertTrue(assertInstanceOf(Failure.class, ask(6)).temporary());
        assertEquals(1, server.getRequestCount());
    }

    @Test
    void anUnknownModelIsAFailureForGoodInTheServersOwnWords() throws Exception {
        server.enqueue(Answers.status(404, "{\"error\":{\"message\":\"The model `m` does not exist\"}}"));
        assertEquals(
                new Failure("r1", server.url("/v1/chat/completions")
                        + ": a model the endpoint knows; got 404 \"The model `m` does not exist\"; check model and "
                                + "base_url", false),
                ask(6));
        assertEquals(1, server.getRequestCount());
    }

    @Test
    void aRefusedRequestIsAFailureForGoodAndItsWordsAreBounded() throws Exception {
        server.enqueue(Answers.status(400, "too long ".repeat(1000)));
        Failure failure = assertInstanceOf(Failure.class, ask(6));
        assertFalse(failure.temporary());
        assertTrue(failure.problem().length() < 600, failure.problem());
    }

    @Test
    void aRedirectionIsNotFollowedButNamed() throws Exception {
        server.enqueue(new MockResponse.Builder().code(308).addHeader("Location", "https://elsewhere.example/v1")
                .build());
        Failure failure = assertInstanceOf(Failure.class, ask(6));
        assertTrue(failure.problem()
                .contains("got a redirection to \"https://elsewhere.example/v1\"; write that address as base_url"),
                failure.problem());
    }

    @Test
    void aRefusedKeyNamesItsVariableAndNeverItsValue() {
        for (int i = 0; i < 2; i++) { // once may be a slip
            server.enqueue(Answers.status(401, "{\"error\":{\"message\":\"Incorrect API key provided: %s\"}}"
                    .formatted(Answers.KEY)));
        }
        ConfigException refused = assertThrows(ConfigException.class, () -> ask(6));
        assertEquals(
                server.url("/v1/chat/completions")
                        + ": a key the endpoint accepts; got 401 \"Incorrect API key provided: ***\";"
                        + " check the key in the environment variable TEST_KEY",
                refused.getMessage());
    }

    @Test
    void aMissingKeyIsSaidBeforeAnythingIsSent() {
        ConfigException missing = assertThrows(
                ConfigException.class,
                () -> EndpointModel.open(Answers.config(server, 1, 0, false), Map.of(), 1, time));
        assertEquals(
                "teacher.endpoint.key_env: an environment variable that holds the endpoint's key; got \"TEST_KEY\", "
                        + "which is not set;"
                        + " export TEST_KEY=... and run again",
                missing.getMessage());
    }

    @Test
    void anInterruptEndsTheWaitForTheServer() throws Exception {
        server.enqueue(new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build());
        AtomicReference<String> ended = new AtomicReference<>("not at all");
        try (EndpointModel model = model(6)) {
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    model.generate(List.of(REQUEST));
                    ended.set("with an outcome");
                } catch (InterruptedException e) {
                    ended.set("interrupted, flag " + Thread.currentThread().isInterrupted());
                }
            });
            server.takeRequest();
            caller.interrupt();
            caller.join(Duration.ofSeconds(20));
        }
        assertEquals("interrupted, flag false", ended.get());
    }

    @Test
    void theKeyIsInNoAnswerEvenWhenTheServerRepeatsIt() throws Exception {
        server.enqueue(new MockResponse.Builder()
                .addHeader("X-Echo", "Bearer " + Answers.KEY)
                .body(Answers.body("your key is " + Answers.KEY))
                .build());
        try (EndpointModel model = EndpointModel.open(
                Answers.config(server, 4, 0, true), Map.of("TEST_KEY", Answers.KEY), 1, time)) {
            Completion answer = assertInstanceOf(Completion.class, model.generate(List.of(REQUEST)).getFirst());
            assertEquals("your key is ***", answer.text());
            assertFalse(model.toString().contains(Answers.KEY));
        }
    }

    private static void assertBetween(Duration least, Duration value, Duration most) {
        assertTrue(value.compareTo(least) >= 0 && value.compareTo(most) <= 0, "%s is not in [%s, %s]"
                .formatted(value, least, most));
    }
}
