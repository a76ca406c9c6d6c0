package dev.socratic.generator.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.generator.teacher.TeacherConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Servers that tell log probabilities in one form or the other, or only seem to. The model behind them knows pairs:
/// a word's log probability is -1 less a tenth of the length of it and of the word before it.
class EndpointScoresTest {
    private static final Pattern WORD = Pattern.compile(" ?[\\p{L}\\p{N}]+| ?[^\\p{L}\\p{N} ]");
    private static final String NEXT = " blue";

    private final ConcurrentLinkedQueue<JsonNode> asked = new ConcurrentLinkedQueue<>();
    private HttpServer server;
    private BiFunction<JsonNode, List<String>, ObjectNode> answer = EndpointScoresTest::echoed;
    private int status = 200;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode body = Json.mapper().readTree(exchange.getRequestBody().readAllBytes());
            asked.add(body);
            byte[] bytes = answer.apply(body, words(body.path("prompt").asText())).toString()
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static List<String> words(String text) {
        return new ArrayList<>(WORD.matcher(text).results().map(MatchResult::group).toList());
    }

    private static double log(String before, String word) {
        return -1 - before.length() / 10.0 - word.length() / 100.0;
    }

    private static ObjectNode body(ObjectNode choice) {
        ObjectNode body = Json.mapper().createObjectNode().put("object", "text_completion");
        body.putArray("choices").add(choice.put("index", 0).put("text", NEXT).put("finish_reason", "length"));
        body.putObject("usage").put("prompt_tokens", 5).put("completion_tokens", 1);
        return body;
    }

    /// As OpenAI's completions: prompt and answer in one list.
    private static ObjectNode echoed(JsonNode request, List<String> words) {
        words.add(NEXT);
        ObjectNode choice = Json.mapper().createObjectNode();
        ObjectNode logs = choice.putObject("logprobs");
        ArrayNode tokens = logs.putArray("tokens");
        ArrayNode own = logs.putArray("token_logprobs");
        ArrayNode top = logs.putArray("top_logprobs");
        for (int i = 0; i < words.size(); i++) {
            tokens.add(words.get(i));
            if (i == 0) {
                own.addNull();
                top.addNull();
            } else {
                double log = log(words.get(i - 1), words.get(i));
                own.add(log);
                top.addObject().put(words.get(i).equals(NEXT) ? NEXT : " other", log + (words.get(i).equals(NEXT)
                        ? 0 : 0.5)).put(words.get(i), log);
            }
        }
        return body(choice);
    }

    /// As vLLM with `prompt_logprobs`, which knows no `echo`.
    private static ObjectNode listed(JsonNode request, List<String> words) {
        ObjectNode choice = Json.mapper().createObjectNode();
        ObjectNode logs = choice.putObject("logprobs");
        logs.putArray("tokens").add(NEXT);
        logs.putArray("token_logprobs").add(log(words.getLast(), NEXT));
        if (request.has("prompt_logprobs")) {
            ArrayNode list = choice.putArray("prompt_logprobs");
            list.addNull(); // a mark before the prompt
            list.addObject().putObject("7").put("logprob", -9).put("rank", 40).put("decoded_token", words.getFirst());
            for (int i = 1; i < words.size(); i++) {
                ObjectNode entry = list.addObject();
                entry.putObject("7").put("logprob", log(words.get(i - 1), words.get(i)))
                        .put("rank", words.get(i).equals(NEXT) ? 1 : 3).put("decoded_token", words.get(i));
                entry.putObject("8").put("logprob", -0.1).put("rank", 1).put("decoded_token", " other");
            }
        }
        return body(choice);
    }

    private EndpointScores open() {
        return EndpointScores.open(new TeacherConfig.Endpoint("http://127.0.0.1:%s/v1".formatted(
                server.getAddress().getPort()), "m", Optional.empty(), 4, Optional.empty(), Optional.empty(), 5, 0, 0,
                0, true), Map.of(), 0);
    }

    @Test
    void theTwoFormsGiveTheSameScores() {
        ScoreRequest request = new ScoreRequest("The sky is", " very blue");
        double expected = log(" is", " very") + log(" very", " blue");
        try (EndpointScores scores = open()) {
            assertTrue(scores.card().scores());
            ContinuationScore score = scores.score(List.of(request, new ScoreRequest("It is", " blue"))).getFirst();
            assertEquals(new ContinuationScore(expected, 2, false), score);
            assertTrue(scores.score(List.of(new ScoreRequest("It is", " blue"))).getFirst().greedy());
        }
        answer = EndpointScoresTest::listed;
        try (EndpointScores scores = open()) {
            assertEquals(new ContinuationScore(expected, 2, false), scores.score(List.of(request)).getFirst());
            assertTrue(asked.stream().anyMatch(body -> body.path("prompt_logprobs").asInt() == 1));
        }
    }

    @Test
    void blanksAtTheEndOfAContextGoToTheContinuationAndATokenOfBothToTheContinuationToo() {
        try (EndpointScores scores = open()) {
            assertEquals(scores.score(List.of(new ScoreRequest("The sky is", " blue"))),
                    scores.score(List.of(new ScoreRequest("The sky is ", "blue"))));
            // "sk" + "y": the context alone has two tokens, so the second of the whole is the continuation's first.
            ContinuationScore cut = scores.score(List.of(new ScoreRequest("The sk", "y is"))).getFirst();
            assertEquals(1, cut.tokens());
            assertEquals(log(" sky", " is"), cut.logProbability(), 1e-12);
        }
    }

    @Test
    void whatIsCheckedIsAskedOnceAndWithoutARequestTheCheckIsAll() {
        try (EndpointScores scores = open()) {
            assertEquals(List.of(), scores.score(List.of()));
            assertEquals(2, asked.size());
            scores.score(List.of());
            assertEquals(2, asked.size());
        }
    }

    @Test
    void llamaCppIsRefusedByName() {
        answer = (request, words) -> {
            ObjectNode choice = Json.mapper().createObjectNode(); // of what it wrote, whatever is asked
            ObjectNode logs = choice.putObject("logprobs");
            logs.putArray("tokens").add(NEXT);
            logs.putArray("token_logprobs").add(-0.3);
            return body(choice).put("system_fingerprint", "b6123-0ff1ce42");
        };
        String said = refused();
        assertTrue(said.contains("/v1/completions: true log probabilities of a prompt's tokens; got echo and logprobs: "
                + "no log probabilities of 1 tokens; prompt_logprobs: no prompt_logprobs; it is llama.cpp's server, "
                + "which gives none of a prompt; score with local weights (a GGUF file is read too), or ask vLLM or "
                + "socratic serve"), said);
    }

    @Test
    void figuresThatCannotBeTrueAreRefused() {
        AtomicInteger count = new AtomicInteger();
        answer = (request, words) -> { // noise of every request its own
            ObjectNode body = echoed(request, words);
            ArrayNode own = (ArrayNode) body.at("/choices/0/logprobs/token_logprobs");
            for (int i = 1; i < own.size(); i++) {
                own.set(i, Json.tree(own.get(i).asDouble() - count.incrementAndGet()));
            }
            return body;
        };
        assertTrue(refused().contains(" for the token written behind the prompt"), this::refused);
        answer = (request, words) -> {
            ObjectNode body = echoed(request, words);
            ArrayNode own = (ArrayNode) body.at("/choices/0/logprobs/token_logprobs");
            for (int i = 1; i < own.size(); i++) {
                own.set(i, Json.tree(-10.4));
            }
            return body;
        };
        assertTrue(refused().contains("the same log probability for every token"), this::refused);
        answer = (request, words) -> {
            words.set(1, " other");
            return echoed(request, words);
        };
        assertTrue(refused().contains("tokens that do not spell the prompt"), this::refused);
        answer = (request, words) -> {
            ObjectNode body = echoed(request, words);
            ((ArrayNode) body.at("/choices/0/logprobs/token_logprobs")).set(2, Json.tree(0.7));
            return body;
        };
        assertTrue(refused().contains("0.7 as the log probability of token 2"), this::refused);
    }

    @Test
    void aContextIsNeededAndAnOutageIsAnOutage() {
        try (EndpointScores scores = open()) {
            assertEquals("a score by an endpoint: a context before the continuation; got none; score this task with "
                    + "local weights", assertThrows(DataException.class, () ->
                            scores.score(List.of(new ScoreRequest(" ", "blue")))).getMessage());
            status = 503;
            assertThrows(RetryLaterException.class, () -> scores.score(List.of(new ScoreRequest("It is", " red"))));
        }
    }

    private String refused() {
        try (EndpointScores scores = open()) {
            return assertThrows(ConfigException.class, () -> scores.score(List.of())).getMessage();
        }
    }
}
