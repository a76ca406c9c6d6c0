package dev.socratic.generator.endpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.embed.VectorText;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.TextEmbedder;
import dev.socratic.core.text.TextEmbedder.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EndpointEmbedderTest {
    private final MockWebServer server = new MockWebServer();

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private List<Outcome> embed(int status, String body, String... texts) throws InterruptedException {
        server.enqueue(new MockResponse.Builder().code(status).body(body).build());
        try (TextEmbedder embedder = EndpointEmbedder.open(Answers.config(server, 2, 0, false),
                Map.of("TEST_KEY", Answers.KEY), 1)) {
            return embedder.embed(List.of(texts));
        }
    }

    @Test
    void asksForTheTextsTogetherAndReadsNumbersAndBase64ByTheirIndex() throws Exception {
        List<Outcome> outcomes = embed(200, "{\"data\": [{\"index\": 1, \"embedding\": \"" + VectorText.of(
                new float[] {0.5f, -2}) + "\"}, {\"index\": 0, \"embedding\": [1, 2.5]}], \"usage\": "
                + "{\"prompt_tokens\": 9}}", "abc", "abcdef");
        Outcome.Vector first = (Outcome.Vector) outcomes.getFirst();
        Outcome.Vector second = (Outcome.Vector) outcomes.get(1);
        assertArrayEquals(new float[] {1, 2.5f}, first.numbers());
        assertArrayEquals(new float[] {0.5f, -2}, second.numbers());
        assertEquals(9, first.usage().plus(second.usage()).promptTokens());
        RecordedRequest sent = server.takeRequest();
        assertEquals("POST /v1/embeddings HTTP/1.1", sent.getRequestLine());
        assertEquals("Bearer " + Answers.KEY, sent.getHeaders().get("Authorization"));
        JsonNode body = Json.mapper().readTree(sent.getBody().utf8());
        assertEquals(Json.mapper().readTree("{\"model\": \"m\", \"encoding_format\": \"base64\", \"input\": [\"abc\", "
                + "\"abcdef\"]}"), body);
    }

    @Test
    void aTextWithoutAVectorIsAFailureForGoodAndTheOthersStand() throws Exception {
        List<Outcome> outcomes = embed(200, "{\"data\": [{\"index\": 0, \"embedding\": [1]}, {\"index\": 1, "
                + "\"embedding\": \"!\"}]}", "a", "b");
        assertEquals(1, ((Outcome.Vector) outcomes.getFirst()).numbers().length);
        Outcome.Failure failure = (Outcome.Failure) outcomes.get(1);
        assertTrue(failure.problem().endsWith("/v1/embeddings: data[1].embedding, a vector of numbers or of float32 in "
                + "Base64; got none in the answer; name a model that embeds"), failure.problem());
        assertTrue(!failure.temporary());
    }

    @Test
    void whatAServerCannotDoNowIsAskedAgainLaterAndARefusedKeyEndsAll() throws Exception {
        Outcome.Failure busy = (Outcome.Failure) embed(503, "busy", "a").getFirst();
        assertTrue(busy.temporary(), busy.problem());
        assertThrows(ConfigException.class, () -> embed(401, "{\"error\": {\"message\": \"no\"}}", "a"));
    }
}
