package dev.socratic.cli.serve;

import static dev.socratic.cli.serve.Wire.MAPPER;
import static dev.socratic.cli.serve.Wire.body;
import static dev.socratic.cli.serve.Wire.content;
import static dev.socratic.cli.serve.Wire.pieces;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What goes in and what comes out, in the form of OpenAI.
class OpenAiServerTest {
    private final SpellingModel model = new SpellingModel();
    private OpenAiServer server = OpenAiServer.start(model, options(ServeLimits.DEFAULT));
    private Wire wire = Wire.to(server);

    private static ServeOptions options(ServeLimits limits) {
        return ServeOptions.of(0).withSeeds(() -> 42).withLimits(limits)
                .withClock(Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC));
    }

    @AfterEach
    void close() {
        model.gate.release(1_000_000);
        server.close();
    }

    @Test
    void modelsAreListed() throws Exception {
        assertEquals("org/speller", wire.get("/v1/models", 200).at("/data/0/id").asText());
        assertEquals("org/speller", wire.get("/v1/models/org/speller", 200).get("id").asText());
        assertEquals("'other' is not served here; 'org/speller' is",
                wire.get("/v1/models/other", 404).at("/error/message").asText());
        assertEquals("ok", wire.get("/health", 200).path("status").asText());
        assertEquals("ok", wire.get("/healthz", 200).path("status").asText());
    }

    @Test
    void aCompletionHasTheFormOpenAiClientsRead() throws Exception {
        JsonNode reply = wire.chat("""
                {"model": "org/speller", "temperature": 0, "messages": [{"role": "system", "content": "s"},
                 {"role": "user", "content": [{"type": "text", "text": "naïve "}, {"type": "text", "text": "😀"}]}]}""", 200);
        assertEquals(MAPPER.readTree("""
                {"id": "chatcmpl-1700000000-1", "object": "chat.completion", "created": 1700000000, "model": "org/speller",
                 "choices": [{"index": 0, "message": {"role": "assistant", "content": "naïve 😀"}, "logprobs": null,
                  "finish_reason": "stop"}],
                 "usage": {"prompt_tokens": 2, "completion_tokens": 2, "total_tokens": 4}}"""), reply);
    }

    @Test
    void samplingIsPassedOn() throws Exception {
        assertEquals("a b", content(wire.chat(body("a b c", "\"temperature\": 0, \"max_tokens\": 2"), 200), 0));
        assertEquals("length", wire.chat(body("a b c", "\"max_completion_tokens\": 2"), 200)
                .at("/choices/0/finish_reason").asText());
        assertEquals("a", content(wire.chat(body("a b c", "\"temperature\": 0, \"stop\": \"b\""), 200), 0));
        assertEquals("a b", content(wire.chat(body("a b c", "\"temperature\": 0, \"stop\": [\"x\", \"c\"]"), 200), 0));
        assertEquals("a 7", content(wire.chat(body("a", "\"seed\": 7"), 200), 0));
        assertEquals("a 42", content(wire.chat(body("a", "\"top_p\": 0.5"), 200), 0));
    }

    @Test
    void severalAnswersHaveSeedsOfTheirOwnAndComeAgainWithTheSameSeed() throws Exception {
        JsonNode first = wire.chat(body("a", "\"n\": 3, \"seed\": 7"), 200);
        JsonNode again = wire.chat(body("a", "\"n\": 3, \"seed\": 7"), 200);
        assertEquals(3, first.get("choices").size());
        assertEquals("a 7", content(first, 0));
        assertEquals(3, IntStream.range(0, 3).mapToObj(i -> content(first, i)).distinct().count());
        assertEquals(first.get("choices"), again.get("choices"));
        assertEquals(6, first.at("/usage/completion_tokens").asInt());
        assertEquals(1, first.at("/usage/prompt_tokens").asInt());
    }

    @Test
    void requestsThatArriveTogetherAreWrittenSideBySide() throws Exception {
        model.gated = true;
        List<CompletableFuture<HttpResponse<String>>> replies = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            replies.add(wire.later(body("w" + i + " end", "\"temperature\": 0")));
        }
        for (int i = 0; i < 600 && server.underWay() < 17; i++) {
            Thread.sleep(10);
        }
        Thread.sleep(300);
        model.gate.release(1_000);
        for (int i = 0; i < 17; i++) {
            assertEquals("w" + i + " end", content(MAPPER.readTree(replies.get(i).get().body()), 0));
        }
        assertEquals(8, model.units.stream().mapToInt(Integer::intValue).max().orElseThrow(), model.units.toString());
        assertTrue(model.units.size() <= 15, "three words a row, and a row is taken as soon as it is free: "
                + model.units);
    }

    @Test
    void aStreamIsEventsThatEndWithDone() throws Exception {
        List<String> events = wire.stream(body("a b",
                "\"temperature\": 0, \"stream\": true, \"stream_options\": {\"include_usage\": true}"));
        assertEquals("[DONE]", events.getLast());
        assertEquals(MAPPER.readTree("""
                        {"id": "chatcmpl-1700000000-1", "object": "chat.completion.chunk", "created": 1700000000, "model": "org/speller",
                         "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": null}]}"""),
                MAPPER.readTree(events.getFirst()));
        assertEquals("a b", String.join("", pieces(events, 0)));
        assertEquals("stop", MAPPER.readTree(events.get(events.size() - 3)).at("/choices/0/finish_reason").asText());
        JsonNode counts = MAPPER.readTree(events.get(events.size() - 2));
        assertEquals(3, counts.at("/usage/total_tokens").asInt());
        assertEquals(0, counts.path("choices").size());
        assertTrue(wire.stream(body("a b", "\"stream\": true")).stream().noneMatch(event -> event.contains("usage")));
    }

    @Test
    void aCompletionOfTextHasTheOlderForm() throws Exception {
        JsonNode reply = wire.post("/v1/completions",
                "{\"prompt\": [\"a b\", \"c\"], \"n\": 2, \"temperature\": 0, \"max_tokens\": 5, \"echo\": true}", 200);
        assertEquals("text_completion", reply.path("object").asText());
        assertEquals(List.of("worda b", "worda b", "wordc", "wordc"), reply.path("choices").findValuesAsText("text"));
        assertEquals(MAPPER.readTree("{\"prompt_tokens\": 2, \"completion_tokens\": 6, \"total_tokens\": 8}"),
                reply.path("usage"));
        assertEquals("word word word", wire.post("/v1/completions", "{\"prompt\": [3, 4, 5], \"temperature\": 0}",
                200).at("/choices/0/text").asText());
        String events = wire.send(wire.post("/v1/completions",
                "{\"prompt\": \"a b\", \"temperature\": 0, \"stream\": true}")).body();
        List<String> all = Wire.events(events);
        StringBuilder text = new StringBuilder();
        for (String event : all.subList(0, all.size() - 1)) {
            text.append(MAPPER.readTree(event).at("/choices/0/text").asText());
        }
        assertEquals("a b", text.toString());
        assertEquals("stop", MAPPER.readTree(all.get(all.size() - 2)).at("/choices/0/finish_reason").asText());
    }

    @Test
    void failuresOfTheModelHaveTheStatusThatFitsAndTheServerGoesOn() throws Exception {
        JsonNode tooLong = wire.chat(body("too long", ""), 400);
        assertEquals("messages: a prompt of 1 to 63 tokens; got 99; shorten it", tooLong.at("/error/message").asText());
        assertEquals("context_length_exceeded", tooLong.at("/error/code").asText());
        assertEquals("messages: roles that alternate; got two of the user",
                wire.chat(body("unfit", ""), 400).at("/error/message").asText());
        assertEquals("the model failed: java.lang.IllegalStateException: broken weights",
                wire.chat(body("break", ""), 500).at("/error/message").asText());
        assertEquals("there was not enough memory for this request; send less, or try again later",
                wire.chat(body("memory", ""), 503).at("/error/message").asText());
        assertEquals("the model failed: java.lang.NoClassDefFoundError: a/b/C",
                wire.chat(body("link", ""), 500).at("/error/message").asText());
        assertEquals("the request is nested too deeply; flatten it",
                wire.chat(body("stack", ""), 400).at("/error/message").asText());
        assertEquals("a", content(wire.chat(body("a", "\"temperature\": 0"), 200), 0));
    }

    /// An error ends the step of all answers that are written together, so all of them are told.
    @Test
    void whoeverIsWrittenBesideABrokenAnswerIsToldAndWhoeverWaitsIsAnswered() throws Exception {
        model.gated = true;
        List<CompletableFuture<HttpResponse<String>>> beside = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            beside.add(wire.later(body("a b c d e f", "")));
        }
        while (server.underWay() < 7) {
            Thread.sleep(10);
        }
        CompletableFuture<HttpResponse<String>> broken = wire.later(body("memory", ""));
        while (server.underWay() < 8) {
            Thread.sleep(10);
        }
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(wire.later(body("g", "\"temperature\": 0")));
        }
        while (server.underWay() < 13) {
            Thread.sleep(10);
        }
        Thread.sleep(200);
        model.gate.release(1_000_000);
        assertEquals(503, broken.get().statusCode());
        for (CompletableFuture<HttpResponse<String>> one : beside) {
            assertEquals(503, one.get().statusCode());
        }
        for (CompletableFuture<HttpResponse<String>> one : waiting) {
            assertEquals(200, one.get().statusCode());
        }
    }

    /// More than any pool has threads: a request that waits costs none of them.
    @Test
    void hundredsThatWaitLeaveTheServerInReach() throws Exception {
        model.gated = true;
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            waiting.add(wire.later(body("w", "\"temperature\": 0")));
        }
        for (int i = 0; i < 1_000 && server.underWay() < 500; i++) {
            Thread.sleep(10);
        }
        assertEquals(500, server.underWay());
        assertEquals("ok", wire.get("/health", 200).path("status").asText());
        model.gate.release(1_000_000);
        for (CompletableFuture<HttpResponse<String>> one : waiting) {
            assertEquals(200, one.get().statusCode());
        }
    }

    @Test
    void aStreamThatBreaksOffEndsWithAnErrorAndNotWithDone() throws Exception {
        List<String> events = wire.stream(body("a b break", "\"stream\": true"));
        assertEquals(List.of("a", " b"), List.of(String.join("", pieces(events, 0)).split("(?= )")));
        assertEquals("the model failed: java.lang.IllegalStateException: broken weights",
                MAPPER.readTree(events.getLast()).at("/error/message").asText());
    }

    @Test
    void tooManyWaitingAreRefusedAndClosingTellsTheRest() throws Exception {
        server.close();
        server = OpenAiServer.start(model, options(ServeLimits.DEFAULT.withWaiting(4)
                .withDrain(Duration.ofMillis(300))));
        wire = Wire.to(server);
        assertEquals("0 answers are waiting already, of at most 4; try again later, or ask for fewer at once",
                wire.chat(body("a", "\"n\": 32"), 429).at("/error/message").asText());
        HttpResponse<String> full = wire.later(body("a", "\"n\": 32")).get();
        assertEquals("1", full.headers().firstValue("Retry-After").orElse(""));
        assertEquals("rate_limit_error", MAPPER.readTree(full.body()).at("/error/type").asText());
        model.gated = true;
        CompletableFuture<HttpResponse<String>> waiting = wire.later(body("a", ""));
        while (server.underWay() < 1) {
            Thread.sleep(10);
        }
        Thread.sleep(100);
        server.close();
        assertEquals(503, waiting.get().statusCode());
        assertEquals("the server is closing; ask again once it is back",
                MAPPER.readTree(waiting.get().body()).at("/error/message").asText());
    }
}
