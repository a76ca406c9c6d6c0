package dev.socratic.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenAiServerTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private final SpellingModel model = new SpellingModel();
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger read = new AtomicInteger();
    private OpenAiServer server = start(Optional.empty(), 1_024);

    private OpenAiServer start(Optional<StreamHook> hook, int mostWaiting) {
        LongSupplier seeds = () -> {
            read.incrementAndGet();
            return 42;
        };
        Clock clock = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);
        return OpenAiServer.start(model, new ServeOptions("127.0.0.1", 0, Duration.ofMillis(20), mostWaiting, hook, seeds, clock));
    }

    @AfterEach
    void close() {
        model.gate.countDown();
        server.close();
    }

    @Test
    void modelsAreListed() throws Exception {
        JsonNode list = get("/v1/models", 200);
        assertEquals("org/speller", list.at("/data/0/id").asText());
        assertEquals("org/speller", get("/v1/models/org/speller", 200).get("id").asText());
        assertEquals("'other' is not served here; 'org/speller' is", get("/v1/models/other", 404).at("/error/message").asText());
        assertEquals(
                "GET /v2: no such address; there are GET /v1/models, POST /v1/chat/completions and POST /v1/completions",
                get("/v2", 404).at("/error/message").asText());
    }

    @Test
    void aCompletionHasTheFormOpenAiClientsRead() throws Exception {
        JsonNode reply = ask("""
                {"model": "org/speller", "temperature": 0, "messages": [{"role": "system", "content": "s"},
                 {"role": "user", "content": [{"type": "text", "text": "naïve "}, {"type": "text", "text": "😀"}]}]}""", 200);
        assertEquals(MAPPER.readTree("""
                {"id": "chatcmpl-1700000000-1", "object": "chat.completion", "created": 1700000000, "model": "org/speller",
                 "choices": [{"index": 0, "message": {"role": "assistant", "content": "naïve 😀"}, "logprobs": null, "finish_reason": "stop"}],
                 "usage": {"prompt_tokens": 2, "completion_tokens": 2, "total_tokens": 4}}"""), reply);
    }

    @Test
    void samplingIsPassedOn() throws Exception {
        assertEquals("a b", content(ask(body("a b c", "\"temperature\": 0, \"max_tokens\": 2"), 200), 0));
        assertEquals("length", ask(body("a b c", "\"max_completion_tokens\": 2"), 200).at("/choices/0/finish_reason").asText());
        assertEquals("a", content(ask(body("a b c", "\"temperature\": 0, \"stop\": \"b\""), 200), 0));
        assertEquals("a b", content(ask(body("a b c", "\"temperature\": 0, \"stop\": [\"x\", \"c\"]"), 200), 0));
        assertEquals("a 7", content(ask(body("a", "\"seed\": 7"), 200), 0));
        assertEquals("a 42", content(ask(body("a", "\"top_p\": 0.5"), 200), 0));
    }

    @Test
    void severalAnswersHaveSeedsOfTheirOwnAndComeAgainWithTheSameSeed() throws Exception {
        JsonNode first = ask(body("a", "\"n\": 3, \"seed\": 7"), 200);
        JsonNode again = ask(body("a", "\"n\": 3, \"seed\": 7"), 200);
        assertEquals(3, first.get("choices").size());
        assertEquals("a 7", content(first, 0));
        assertEquals(3, IntStream.range(0, 3).mapToObj(i -> content(first, i)).distinct().count());
        assertEquals(first.get("choices"), again.get("choices"));
        assertEquals(6, first.at("/usage/completion_tokens").asInt());
        assertEquals(1, first.at("/usage/prompt_tokens").asInt());
    }

    @Test
    void requestsThatArriveTogetherAreAnsweredInUnitsOfTheModel() throws Exception {
        model.gated = true;
        List<CompletableFuture<HttpResponse<String>>> replies = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            replies.add(client.sendAsync(post(body("w" + i, "\"temperature\": 0")), BodyHandlers.ofString()));
        }
        // The server draws a seed for each request it has read.
        for (int i = 0; i < 600 && read.get() < 17; i++) {
            Thread.sleep(100);
        }
        Thread.sleep(300);
        model.gate.countDown();
        for (int i = 0; i < 17; i++) {
            assertEquals("w" + i, content(MAPPER.readTree(replies.get(i).get().body()), 0));
        }
        assertEquals(17, model.units.stream().mapToInt(Integer::intValue).sum());
        // The first unit holds what came within the short wait; whatever it left came while it was under way.
        assertTrue(model.units.size() <= 4, model.units.toString());
        assertTrue(model.units.contains(8), model.units.toString());
    }

    @Test
    void aStreamIsEventsThatEndWithDone() throws Exception {
        List<String> events = stream(body("a b", "\"temperature\": 0, \"stream\": true, \"stream_options\": {\"include_usage\": true}"));
        assertEquals("[DONE]", events.getLast());
        assertEquals(
                MAPPER.readTree("""
                        {"id": "chatcmpl-1700000000-1", "object": "chat.completion.chunk", "created": 1700000000, "model": "org/speller",
                         "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": null}]}"""),
                MAPPER.readTree(events.getFirst()));
        assertEquals(List.of("a b"), pieces(events));
        assertEquals("stop", MAPPER.readTree(events.get(2)).at("/choices/0/finish_reason").asText());
        assertEquals(3, MAPPER.readTree(events.get(3)).at("/usage/total_tokens").asInt());
    }

    @Test
    void aModelThatStreamsIsHeardPieceByPiece() throws Exception {
        server.close();
        server = start(Optional.of(model::stream), 1_024);
        assertEquals(List.of("a", " b", " c"), pieces(stream(body("a b c", "\"temperature\": 0, \"stream\": true"))));
        // Two answers at once go through the batch instead.
        List<String> both = stream(body("a b", "\"temperature\": 0, \"stream\": true, \"n\": 2"));
        assertEquals(List.of("a b", "a b"), pieces(both));
        assertEquals(List.of(2), model.units);
        assertEquals(400, client.send(post(body("too long", "\"stream\": true")), BodyHandlers.ofString()).statusCode());
    }

    @Test
    void aClientThatHangsUpHarmsNobody() throws Exception {
        server.close();
        server = start(Optional.of((request, pieces) -> {
            for (int i = 0; i < 20_000; i++) {
                pieces.accept("word ");
            }
            return model.stream(request, pieces);
        }), 1_024);
        String body = body("a", "\"stream\": true");
        for (int i = 0; i < 3; i++) {
            try (Socket socket = new Socket("127.0.0.1", server.port())) {
                socket.getOutputStream().write(("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.UTF_8));
                assertTrue(socket.getInputStream().read() > 0);
            }
        }
        assertEquals("a", content(ask(body("a", "\"temperature\": 0"), 200), 0));
    }

    @Test
    void whatIsWrongIsNamedWithItsField() throws Exception {
        refused("not json", "the body is not JSON: ");
        refused("[]", "the body must be a JSON object with 'messages'");
        refused("{}", "messages: a list of at least one {\"role\", \"content\"} expected");
        refused("{\"messages\": [{\"role\": \"robot\", \"content\": \"x\"}]}", "messages[0].role: one of system, user, assistant, tool expected; got 'robot'");
        refused("{\"messages\": [{\"role\": \"user\"}]}", "messages[0].content: a text expected; got nothing");
        refused(body("a", "\"temperature\": -1"), "temperature: a number from 0 (greedy) to 100 expected; got -1.0");
        refused(body("a", "\"temperature\": \"hot\""), "temperature: a number expected; got \"hot\"");
        refused(body("a", "\"top_p\": 0"), "top_p: a number above 0 and at most 1 expected; got 0.0");
        refused(body("a", "\"max_tokens\": 65"), "max_tokens: an integer from 1 to 64 expected; got 65");
        refused(body("a", "\"n\": 0"), "n: an integer from 1 to 128 expected; got 0");
        refused(body("a", "\"seed\": 1.5"), "seed: an integer expected; got 1.5");
        refused(body("a", "\"stop\": [\"\"]"), "stop: a text, or a list of at most 16, none empty, expected; got [\"\"]");
        refused(body("a", "\"stream\": \"yes\""), "stream: true or false expected; got \"yes\"");
        refused(body("a", "\"tools\": [{}]"), "tools: this server calls no tools; leave the field out");
        refused(body("a", "\"presence_penalty\": 1"), "presence_penalty: this server knows no penalties; leave the field out or give 0");
        refused(body("a", "\"logprobs\": true"), "logprobs: this server gives no log probabilities and takes no logit_bias; leave both out");
        refused(body("a", "\"response_format\": {\"type\": \"json_object\"}"), "response_format: this server writes 'text' only; got 'json_object'");
        assertEquals(
                "model: 'gpt' is not served here; write 'org/speller' or leave it out",
                ask(body("a", "\"model\": \"gpt\""), 404).at("/error/message").asText());
        assertEquals("n", ask(body("a", "\"n\": 0"), 400).at("/error/param").asText());
    }

    @Test
    void failuresOfTheModelHaveTheStatusThatFits() throws Exception {
        assertEquals("prompt: at most 64 tokens; got 99; shorten it", ask(body("too long", "\"n\": 1"), 400).at("/error/message").asText());
        assertEquals("server_error", ask(body("busy", "\"n\": 1"), 503).at("/error/type").asText());
        assertEquals(
                "the model failed: java.lang.IllegalStateException: broken weights", ask(body("break", "\"n\": 1"), 500).at("/error/message").asText());
        assertEquals("a", content(ask(body("a", "\"temperature\": 0"), 200), 0));
    }

    @Test
    void tooManyWaitingAreRefusedAndClosingFailsTheRest() throws Exception {
        server.close();
        server = start(Optional.empty(), 4);
        assertTrue(ask(body("a", "\"n\": 32"), 503).at("/error/message").asText().endsWith("requests are waiting already; try again later"));
        model.gated = true;
        CompletableFuture<HttpResponse<String>> waiting = client.sendAsync(post(body("a", "\"n\": 1")), BodyHandlers.ofString());
        Thread.sleep(200);
        server.close();
        assertEquals(503, waiting.handle((reply, thrown) -> thrown == null ? reply.statusCode() : 503).get());
    }

    private static String body(String asked, String more) {
        return "{\"messages\": [{\"role\": \"user\", \"content\": \"%s\"}], %s}".formatted(asked, more);
    }

    private void refused(String body, String message) throws Exception {
        String got = ask(body, 400).at("/error/message").asText();
        assertTrue(got.startsWith(message), got);
    }

    private static String content(JsonNode reply, int choice) {
        return reply.at("/choices/%s/message/content".formatted(choice)).asText();
    }

    private List<String> stream(String body) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(post(body), BodyHandlers.ofString());
        assertEquals(200, response.statusCode(), response.body());
        assertTrue(response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream"));
        return response.body().lines().filter(line -> line.startsWith("data: ")).map(line -> line.substring(6)).toList();
    }

    private static List<String> pieces(List<String> events) throws IOException {
        List<String> pieces = new ArrayList<>();
        for (String event : events.subList(0, events.size() - 1)) {
            String piece = MAPPER.readTree(event).at("/choices/0/delta/content").asText("");
            if (!piece.isEmpty()) {
                pieces.add(piece);
            }
        }
        return pieces;
    }

    private HttpRequest post(String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v1/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private JsonNode ask(String body, int status) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(post(body), BodyHandlers.ofString());
        assertEquals(status, response.statusCode(), response.body());
        return MAPPER.readTree(response.body());
    }

    private JsonNode get(String path, int status) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        assertEquals(status, response.statusCode(), response.body());
        return MAPPER.readTree(response.body());
    }
}
