package dev.socratic.generator.endpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.Distributions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointDistributionsTest {
    private static final int[] ROW = {5, 7, 9};
    private static final String MODELS = """
            {"object": "list", "data": [{"id": "other", "object": "model"}, {"id": "m", "object": "model", "root": "org/m", "max_model_len": 64}]}""";
    /// As vLLM writes it: the token of the prompt first, the likeliest behind it.
    private static final String FIRST = """
            {"7": {"logprob": -2.3025850929940455, "rank": 3, "decoded_token": " seven"}, "1": {"logprob": -0.5108256340026855, "rank": 1, "decoded_token": "a"},\
             "2": {"logprob": -1.6094379425048828, "rank": 2, "decoded_token": "b"}}""";
    private static final String SECOND = """
            {"9": {"logprob": -0.6931471824645996, "rank": 1, "decoded_token": "nine"}, "3": {"logprob": -1.3862943649291992, "rank": 2, "decoded_token": "c"}}""";

    @TempDir
    Path cache;

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

    private static MockResponse ok(String body) {
        return new MockResponse.Builder().body(body).build();
    }

    private static String answer(String positions) {
        return "{\"id\": \"cmpl-1\", \"object\": \"text_completion\", \"choices\": [{\"index\": 0, \"text\": \"x\", "
                + "\"prompt_logprobs\": "
                + positions + "}], \"usage\": {\"prompt_tokens\": 3, \"completion_tokens\": 1}}";
    }

    private static String positions(String... entries) {
        return "[null, " + String.join(", ", entries) + "]";
    }

    private EndpointDistributions open(int retries, boolean kept) throws InterruptedException {
        server.enqueue(ok(MODELS));
        return EndpointDistributions.open(Answers.config(server, 2, retries, kept), Map.of("TEST_KEY", Answers.KEY),
                cache, 1, time);
    }

    private Distributions ask(String body, int k) throws InterruptedException {
        try (DistributionModel model = open(0, false)) {
            server.enqueue(ok(body));
            return model.distributions(List.of(ROW), k).getFirst();
        }
    }

    private void refused(Class<? extends SocraticException> type, String expected, String body) {
        SocraticException refused = assertThrows(type, () -> ask(body, 2), body);
        assertEquals(server.url("/v1/completions") + ": " + expected, refused.getMessage());
    }

    @Test
    void sendsTokenIdsAndReadsTheLikeliestAndWhatIsLeft() throws Exception {
        Distributions said;
        try (EndpointDistributions model = open(0, false)) {
            assertEquals("org/m", model.card().revision());
            assertEquals(64, model.card().contextTokens());
            server.enqueue(ok(answer(positions(FIRST, SECOND))));
            said = model.distributions(List.of(ROW), 2).getFirst();
        }
        assertEquals("GET /v1/models HTTP/1.1", server.takeRequest().getRequestLine());
        RecordedRequest sent = server.takeRequest();
        assertEquals("POST /v1/completions HTTP/1.1", sent.getRequestLine());
        assertEquals("Bearer " + Answers.KEY, sent.getHeaders().get("Authorization"));
        JsonNode body = Json.mapper().readTree(sent.getBody().utf8());
        assertEquals(Json.mapper()
                .readTree(
                        "{\"model\":\"m\",\"max_tokens\":1,\"temperature\":0,\"prompt_logprobs\":2,"
                                + "\"prompt\":[[5,7,9]]}"),
                body);

        assertArrayEquals(new int[] {1, 2, 9, 3}, said.ids());
        assertArrayEquals(new float[] {-0.5108256340026855f, -1.6094379425048828f, -0.6931471824645996f,
                -1.3862943649291992f}, said.logs());
        assertArrayEquals(new double[] {0.2, 0.25}, new double[] {Math.exp(said.rest()[0]),
                Math.exp(said.rest()[1])}, 1e-6);
        assertArrayEquals(new float[] {-2.3025851f, -0.6931472f}, said.labels());
        assertArrayEquals(new int[] {3, 1}, said.ranks());
        assertEquals(List.of(" seven", "nine"), said.words());
    }

    @Test
    void choicesAreTakenByTheirNumbersAndTheWholeVocabularyAsItComes() throws Exception {
        try (DistributionModel model = open(0, false)) {
            String both = "{\"choices\": [{\"index\": 1, \"prompt_logprobs\": %s}, "
                    + "{\"index\": 0, \"prompt_logprobs\": %s}]}";
            server.enqueue(ok(both.formatted(positions(SECOND), positions(FIRST))));
            List<Distributions> said = model.distributions(List.of(new int[] {5, 7}, new int[] {5, 9}),
                    DistributionModel.ALL);
            assertArrayEquals(new int[] {1, 2, 7}, said.get(0).ids());
            assertArrayEquals(new int[] {9, 3}, said.get(1).ids());
            server.takeRequest();
            assertEquals(-1, Json.mapper().readTree(server.takeRequest().getBody().utf8()).get("prompt_logprobs")
                    .asInt());
        }
    }

    @Test
    void whatOurServerSaysIsLeftIsTakenToTheLastBit() throws Exception {
        String body = answer(positions(FIRST, SECOND))
                .replace("}], \"usage\"", ", \"prompt_logprobs_rest\": [null, -1.6094381, -1.386294]}], \"usage\"");
        assertArrayEquals(new float[] {-1.6094381f, -1.386294f}, ask(body, 2).rest());
        refused(DataException.class, "choices[0].prompt_logprobs_rest[2]: the logarithm of what is left, 0.2500; "
                + "got -5.0; report it to whoever runs the server, "
                + "or capture from local weights", body.replace("-1.386294]", "-5.0]"));
    }

    @Test
    void aServerThatLiesIsRefusedWithWhatWhereAndRemedy() {
        String remedy = "; report it to whoever runs the server, or capture from local weights";
        refused(DataException.class, "choices[0]: prompt_logprobs with an entry for each of 3 tokens; got none; "
                + "this server does not speak vLLM's prompt_logprobs: "
                + "serve the model with vLLM or socratic serve, or capture from local weights", answer("null"));
        refused(DataException.class, "choices[0].prompt_logprobs: an entry for each of 3 tokens; got 2" + remedy,
                answer(positions(FIRST)));
        refused(DataException.class, "choices: one for each of 1 prompts; got 2" + remedy,
                "{\"choices\": [{\"prompt_logprobs\": %s}, {}]}".formatted(positions(FIRST, SECOND)));
        for (String value : List.of("NaN", "null", "\"-1\"", "0.5", "Infinity")) {
            refused(DataException.class, "choices[0].prompt_logprobs[2]['3'].logprob: the logarithm of a "
                    + "probability, at most 0; got %s%s".formatted(
                    value.replace("\"", ""), remedy), answer(positions(FIRST, SECOND.replace("-1.3862943649291992",
                            value))));
        }
        refused(DataException.class, "choices[0].prompt_logprobs[2]: an entry for token 9, which stands there in "
                + "the prompt; got others only; check that the server "
                + "tokenizes nothing anew and adds no token, and names the model that was asked for",
                answer(positions(FIRST, SECOND.replace("\"9\"", "\"8\""))));
        refused(DataException.class, "choices[0].prompt_logprobs[1]: log probabilities of 2 tokens; got 1" + remedy,
                answer(positions("{\"7\": {\"logprob\": -0.1}}", SECOND)));
        refused(DataException.class, "choices[0].prompt_logprobs[2]: probabilities that sum to at most 1; got 1.500"
                + remedy,
                answer(positions(FIRST, SECOND.replace("-1.3862943649291992", "0.0"))));
        refused(DataException.class, "choices[0].prompt_logprobs[1]: token ids as numbers; got \"seven\"" + remedy,
                answer(positions("{\"seven\": {\"logprob\": -0.1}}", SECOND)));
        refused(DataException.class, "choices[0].prompt_logprobs[1]['7']: an object with logprob; got one without"
                + remedy,
                answer(positions("{\"7\": {\"rank\": 1}}", SECOND)));
        refused(DataException.class, "choices[0].prompt_logprobs[1]: an object from token ids to log probabilities; "
                + "got \"3\"" + remedy, answer(positions("3", SECOND)));
    }

    @Test
    void halfABodyAndAnErrorInDisguiseAreAskedForAgainAndThenGivenUp() {
        String whole = answer(positions(FIRST, SECOND));
        for (String body : List.of(whole.substring(0,
                whole.length() / 2), "<html>busy</html>", "[]", "{\"error\": {\"message\": \"out of memory\"}}")) {
            RetryLaterException none = assertThrows(RetryLaterException.class, () -> ask(body, 2), body);
            String last = body.contains("error") ? "200 with an error in it: \"out of memory\"" : "the body ";
            assertTrue(
                    none.getMessage().startsWith(
                            server.url("/v1/completions") + ": an answer; got none in 1 attempt, the last: " + last),
                    none.getMessage());
            assertTrue(none.getMessage().endsWith("; run the same command again later"), none.getMessage());
            assertEquals(1, none.getMessage().lines().count());
        }
    }

    @Test
    void aBusyServerIsAskedAgainAfterTheTimeItAsksFor() throws Exception {
        try (DistributionModel model = open(2, false)) {
            server.enqueue(new MockResponse.Builder().code(429).addHeader("Retry-After", "7").body("slow down")
                    .build());
            server.enqueue(new MockResponse.Builder().code(500).body("oops").build());
            server.enqueue(ok(answer(positions(FIRST, SECOND))));
            assertEquals(2, model.distributions(List.of(ROW), 2).getFirst().positions());
            assertTrue(time.slept().stream().anyMatch(wait -> wait.compareTo(Duration.ofSeconds(7)) >= 0),
                    time.slept().toString());
            for (int i = 0; i < 3; i++) {
                server.enqueue(new MockResponse.Builder().code(500).body("{\"error\": {\"message\": \"oops\"}}")
                        .build());
            }
            assertEquals(server.url("/v1/completions")
                    + ": an answer; got none in 3 attempts, the last: 500 \"oops\"; run the same command again later",
                    assertThrows(RetryLaterException.class, () -> model.distributions(List.of(ROW), 2)).getMessage());
        }
    }

    @Test
    void whatTheServerRefusesIsSaidInItsWordsWithOurRemedy() throws Exception {
        try (DistributionModel model = open(0, false)) {
            String words = "{\"error\": {\"message\": \"Requested prompt logprobs of 64, which is greater than max "
                    + "allowed: 20\"}}";
            server.enqueue(new MockResponse.Builder().code(400).body(words).build());
            assertEquals(server.url("/v1/completions")
                    + ": a request the endpoint accepts; got 400 \"Requested prompt logprobs of 64, which is "
                            + "greater than max allowed: 20\"; "
                    + "check model and base_url; take a smaller k (vLLM gives at most --max-logprobs, 20 unless it "
                            + "is started with more), or a smaller max_seq",
                    assertThrows(DataException.class, () -> model.distributions(List.of(ROW), 64)).getMessage());
            server.enqueue(new MockResponse.Builder().code(400).body(words).build());
            assertTrue(assertThrows(DataException.class, () -> model.distributions(List.of(ROW),
                    DistributionModel.ALL)).getMessage().endsWith(
                    "the whole vocabulary is what stores of 'sampled' and 'dense', and temperatures other than 1, "
                            + "need: capture with --encoding '{top_k: {k: 20}}', "
                            + "or serve it whole: vLLM with --max-logprobs -1, or socratic serve"));
            server.enqueue(new MockResponse.Builder().code(401).body("no").build());
            assertTrue(assertThrows(ConfigException.class, () -> model.distributions(List.of(ROW),
                    2)).getMessage().endsWith("check the key in the environment variable TEST_KEY"));
        }
    }

    @Test
    void aModelTheEndpointDoesNotHaveIsKnownBeforeAnythingIsAsked() {
        server.enqueue(ok(MODELS.replace("\"m\"", "\"n\"")));
        ConfigException unknown = assertThrows(ConfigException.class,
                () -> EndpointDistributions.open(Answers.config(server, 2, 0, false), Map.of("TEST_KEY",
                        Answers.KEY), cache, 1, time));
        assertEquals(server.url("/v1/models")
                + ": a model named 'm'; got 'other', 'n'; name one that the endpoint serves", unknown.getMessage());
    }

    @Test
    void anEndpointWithoutAListOfModelsIsAskedAllTheSame() throws Exception {
        server.enqueue(new MockResponse.Builder().code(404).body("no list").build());
        server.enqueue(ok(answer(positions(FIRST, SECOND))));
        server.enqueue(new MockResponse.Builder().code(404).body("no such path").build());
        try (DistributionModel model = EndpointDistributions.open(Answers.config(server, 2, 0, false),
                Map.of("TEST_KEY", Answers.KEY), cache, 1, time)) {
            assertEquals("", model.card().revision());
            assertEquals(2, model.distributions(List.of(ROW), 2).getFirst().positions());
            assertTrue(assertThrows(DataException.class, () -> model.distributions(List.of(ROW),
                    2)).getMessage().startsWith(
                    server.url("/v1/completions") + ": a model the endpoint knows; got 404 \"no such path\"; check "
                            + "model and base_url; take a smaller k "));
        }
    }

    @Test
    void anAnswerOnDiskIsNotAskedForAgain() throws Exception {
        for (int i = 0; i < 2; i++) {
            try (DistributionModel model = open(0, true)) {
                if (i == 0) {
                    server.enqueue(ok(answer(positions(FIRST, SECOND))));
                }
                assertArrayEquals(new int[] {1, 2, 9, 3}, model.distributions(List.of(ROW), 2).getFirst().ids());
            }
        }
        assertEquals(3, server.getRequestCount(), "models twice, the prompt once");
    }
}
