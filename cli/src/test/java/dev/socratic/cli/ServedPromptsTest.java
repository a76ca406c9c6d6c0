package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.Distributions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `POST /v1/completions` over real weights.
class ServedPromptsTest {
    private static final int[] ROW = {1, 40, 50, 60};

    @TempDir
    static Path folder;

    private static ServedFixture.Server server;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void serve() throws IOException {
        server = ServedFixture.Server.over(ServedFixture.teacher(folder.resolve("teacher")));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static HttpRequest post(String body) {
        return HttpRequest.newBuilder(URI.create(server.address() + "/completions"))
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)).build();
    }

    private static JsonNode ask(String body, int status) throws Exception {
        HttpResponse<String> response = CLIENT.send(post(body), BodyHandlers.ofString());
        assertEquals(status, response.statusCode(), response.body());
        return Json.read(response.body(), JsonNode.class, "reply");
    }

    private static void refused(String fields, String message) throws Exception {
        assertEquals(message, ask("{" + fields + "}", 400).at("/error/message").asText());
    }

    @Test
    void aPromptIsAnsweredInTheFormOfVllmAndEveryFloatComesBackAsItWas() throws Exception {
        JsonNode reply =
                ask("{\"model\": \"teacher\", \"prompt\": [1, 40, 50, 60], \"max_tokens\": 1, \"prompt_logprobs\": 3}",
                        200);
        assertEquals("text_completion", reply.path("object").asText());
        assertEquals("", reply.at("/choices/0/text").asText("missing"));
        assertEquals(4, reply.at("/usage/prompt_tokens").asInt());
        JsonNode entries = reply.at("/choices/0/prompt_logprobs");
        assertEquals(4, entries.size());
        assertTrue(entries.get(0).isNull());
        Distributions said = server.model().distributions(List.of(ROW), 3).getFirst();
        for (int i = 0; i < 3; i++) {
            JsonNode position = entries.get(i + 1);
            for (int j = 0; j < 3; j++) {
                JsonNode entry = position.path(Integer.toString(said.ids()[3 * i + j]));
                assertEquals(said.logs()[3 * i + j], Float.parseFloat(entry.path("logprob").asText()));
                assertEquals(j + 1, entry.path("rank").asInt());
            }
            JsonNode own = position.path(Integer.toString(ROW[i + 1]));
            assertEquals(said.labels()[i], Float.parseFloat(own.path("logprob").asText()));
            assertEquals(said.ranks()[i], own.path("rank").asInt());
            assertEquals(server.model().word(ROW[i + 1]), own.path("decoded_token").asText("missing"));
            assertEquals(said.rest()[i],
                    Float.parseFloat(reply.at("/choices/0/prompt_logprobs_rest").get(i + 1).asText()));
        }
    }

    @Test
    void severalPromptsAreSeveralChoicesAndMinusOneIsTheWholeVocabulary() throws Exception {
        JsonNode reply = ask("{\"prompt\": [[1, 40, 50], [1, 40]], \"max_tokens\": 0, \"prompt_logprobs\": -1}", 200);
        assertEquals(2, reply.path("choices").size());
        assertEquals(3, reply.at("/choices/0/prompt_logprobs").size());
        assertEquals(2, reply.at("/choices/1/prompt_logprobs").size());
        assertEquals(1024, reply.at("/choices/1/prompt_logprobs/1").size(),
                "padded rows of the embedding are no tokens");
        double sum = 0;
        for (JsonNode entry : reply.at("/choices/1/prompt_logprobs/1")) {
            sum += Math.exp(entry.path("logprob").asDouble());
        }
        assertEquals(1, sum, 1e-5);
    }

    @Test
    void promptsAndChatsThatArriveTogetherAreAllAnswered() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> replies = new ArrayList<>();
        HttpRequest chat = HttpRequest.newBuilder(URI.create(server.address() + "/chat/completions"))
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString(
                "{\"max_tokens\": 4, \"temperature\": 0, \"messages\": [{\"role\": \"user\", \"content\": \"2 + "
                        + "2?\"}]}")).build();
        for (int i = 0; i < 12; i++) {
            replies.add(
                    CLIENT.sendAsync(i % 3 == 0
                            ? chat
                            : post("{\"prompt\": [1, 40, 50, 60], \"max_tokens\": 1, \"prompt_logprobs\": 3}"),
                                    BodyHandlers.ofString()));
        }
        List<String> prompts = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            HttpResponse<String> reply = replies.get(i).get();
            assertEquals(200, reply.statusCode(), reply.body());
            if (i % 3 != 0) {
                prompts.add(Json.read(reply.body(), JsonNode.class, "reply").path("choices").toString());
            }
        }
        assertEquals(1, prompts.stream().distinct().count());
    }

    @Test
    void whatItDoesNotDoIsRefusedByName() throws Exception {
        String why = "with prompt_logprobs this address says what the model expects in a prompt and writes nothing; "
                + "for text leave prompt_logprobs out";
        String good = "\"prompt\": [1, 40], \"prompt_logprobs\": 3";
        refused("\"prompt\": [1, 40], \"prompt_logprobs\": 0",
                "prompt_logprobs: how many tokens at each position, at least 1, "
                + "or -1 for all; got 0; " + why);
        refused("\"prompt\": \"two and two\", \"prompt_logprobs\": 3",
                "prompt: a list of token ids, or a list of such lists; "
                + "got \"two and two\"; tokenize the text with the model's own tokenizer");
        refused("\"prompt\": [1], \"prompt_logprobs\": 3",
                "prompt: a list of 2 to 257 token ids, as the model's context of 256 allows; got 1");
        refused("\"prompt\": [%s], \"prompt_logprobs\": 3".formatted("7, ".repeat(257) + "7"),
                "prompt: a list of 2 to 257 token ids, as the model's context of 256 allows; got 258");
        refused("\"prompt\": [[1, 40], [1, 1024]], \"prompt_logprobs\": 3",
                "prompt[1][1]: a token id from 0 to 1023; got 1024");
        refused(good + ", \"max_tokens\": 16", "max_tokens: 0 or 1 expected; " + why + "; got 16");
        refused(good + ", \"stream\": true", "stream: " + why + "; leave the field out or give false; got true");
        refused(good + ", \"n\": 2", "n: 1 expected; " + why + "; got 2");
        refused(good + ", \"logprobs\": 5", "logprobs: " + why
                + "; leave the field out, log probabilities of a prompt are prompt_logprobs; got 5");
        String wide = String.join(", ", Collections.nCopies(20, "[" + "7, ".repeat(255) + "7]"));
        refused("\"prompt\": [%s], \"prompt_logprobs\": -1".formatted(wide),
                "prompt_logprobs: at most 4,194,304 numbers in an "
                + "answer; got 5,120 tokens times 1,024; send fewer tokens at once or ask for fewer");
        String many = String.join(", ", Collections.nCopies(100_000, "[7, 8]"));
        refused("\"prompt\": [%s], \"prompt_logprobs\": 1".formatted(many),
                "prompt: at most 1,024 prompts in a request; got 100,000; send them in several requests");
        assertEquals("model: 'gpt' is not served here; write 'teacher' or leave it out",
                ask("{\"model\": \"gpt\", " + good + "}", 404).at("/error/message").asText());
    }

    /// As harnesses ask for log likelihoods: the prompt is sent back with what the model gave each token of it, and one
    /// token more.
    @Test
    void anEchoWithLogprobsSaysWhatEachTokenOfThePromptWasWorth() throws Exception {
        JsonNode reply = ask("{\"prompt\": [[1, 40, 50, 60], [1, 40]], \"max_tokens\": 1, \"temperature\": 0, "
                + "\"logprobs\": 2, "
                + "\"echo\": true}", 200);
        Distributions said = server.model().distributions(List.of(new int[] {1, 40, 50, 60, 60}), 2).getFirst();
        JsonNode logs = reply.at("/choices/0/logprobs");
        assertEquals(5, logs.path("tokens").size());
        assertTrue(logs.at("/token_logprobs/0").isNull() && logs.at("/top_logprobs/0").isNull());
        for (int i = 0; i < 3; i++) {
            assertEquals(said.labels()[i], (float) logs.at("/token_logprobs/" + (i + 1)).asDouble());
            assertTrue(logs.at("/top_logprobs/" + (i + 1)).size() >= 2);
        }
        assertEquals(said.logs()[6], (float) logs.at("/token_logprobs/4").asDouble(), "the likeliest comes next");
        assertEquals(server.model().word(said.ids()[6]), logs.at("/tokens/4").asText());
        assertEquals(3, reply.at("/choices/1/logprobs/tokens").size());
        assertEquals(8, reply.at("/usage/total_tokens").asInt());
        JsonNode none = ask("{\"prompt\": [1, 40, 50, 60], \"max_tokens\": 0, \"logprobs\": 1, \"echo\": true}", 200);
        assertEquals(4, none.at("/choices/0/logprobs/tokens").size());
        refused("\"prompt\": [1, 40], \"max_tokens\": 0", "max_tokens: an integer from 1 to 256 expected; got 0");
    }

    /// Of a chat: the numbers of the model itself at the tokens of the answer, however it was drawn.
    @Test
    void anAnswerComesWithTheLogProbabilitiesOfItsTokens() throws Exception {
        JsonNode reply = ask("{\"prompt\": [1, 40, 50, 60], \"max_tokens\": 3, \"temperature\": 0, \"logprobs\": 1}",
                200);
        JsonNode logs = reply.at("/choices/0/logprobs");
        assertEquals(3, logs.path("token_logprobs").size());
        for (int i = 0; i < 3; i++) {
            double own = logs.at("/token_logprobs/" + i).asDouble();
            logs.at("/top_logprobs/" + i).forEach(top -> assertTrue(own >= top.asDouble() - 1e-6,
                    "greedy takes the likeliest"));
        }
    }

    /// The same numbers piece by piece; an end token has none, as in a whole answer.
    @Test
    void aStreamBringsTheLogProbabilitiesOfAWholeAnswer() throws Exception {
        String asked = "{\"prompt\": [1, 40, 50, 60], \"max_tokens\": 9, \"seed\": 4, \"logprobs\": 2%s}";
        JsonNode whole = ask(asked.formatted(""), 200).at("/choices/0/logprobs");
        HttpResponse<String> response = CLIENT.send(post(asked.formatted(", \"stream\": true")), BodyHandlers.ofString());
        List<Double> logs = new ArrayList<>();
        List<Integer> offsets = new ArrayList<>();
        List<String> tokens = new ArrayList<>();
        for (String event : response.body().split("\n\n")) {
            if (event.startsWith("data: {")) {
                JsonNode some = Json.read(event.substring(6), JsonNode.class, "event").at("/choices/0/logprobs");
                some.path("token_logprobs").forEach(log -> logs.add(log.asDouble()));
                some.path("text_offset").forEach(offset -> offsets.add(offset.asInt()));
                some.path("tokens").forEach(token -> tokens.add(token.asText()));
            }
        }
        assertEquals(whole.path("tokens").size(), tokens.size());
        for (int i = 0; i < tokens.size(); i++) {
            assertEquals(whole.at("/tokens/" + i).asText(), tokens.get(i));
            assertEquals(whole.at("/text_offset/" + i).asInt(), offsets.get(i));
            assertEquals(whole.at("/token_logprobs/" + i).asDouble(), logs.get(i), 1e-5);
        }
        Distributions said = server.model().distributions(List.of(new int[] {1, 40, 50, 60, 60}), 1).getFirst();
        double first = ask("{\"prompt\": [1, 40, 50, 60], \"max_tokens\": 1, \"temperature\": 0, \"logprobs\": 1}", 200)
                .at("/choices/0/logprobs/token_logprobs/0").asDouble();
        assertEquals(said.logs()[3], first, 0.01, "the model's own, up to the share of eight rows without a token");
    }

    @Test
    void theListOfModelsSaysTheRevisionAndTheContext() throws Exception {
        HttpResponse<String> response = CLIENT.send(HttpRequest.newBuilder(URI.create(server.address() + "/models"))
                .build(), BodyHandlers.ofString());
        JsonNode card = Json.read(response.body(), JsonNode.class, "reply").at("/data/0");
        assertEquals(server.model().card().revision(), card.path("revision").asText());
        assertEquals(256, card.path("max_model_len").asInt());
    }
}
