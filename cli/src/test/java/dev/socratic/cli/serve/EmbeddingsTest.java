package dev.socratic.cli.serve;

import static dev.socratic.cli.serve.Wire.body;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.models.embed.SentenceEncoder;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Vectors over the wire, beside a model that writes. What the numbers should be is the fixture's to say
/// (`models`, `SentenceEncoderTest`).
class EmbeddingsTest {
    private static final Path FIXTURE = Path.of("..", "models", "src", "test", "resources", "embed", "minilm");
    private static final String ADDRESS = "/v1/embeddings";
    private static SentenceEncoder encoder;
    private static OpenAiServer server;
    private static Wire wire;

    @BeforeAll
    static void open() {
        Engines.threads(1);
        encoder = SentenceEncoder.open(FIXTURE, Compute.CPU);
        server = OpenAiServer.start(List.of(ServedModel.of(new SpellingModel()),
                new ServedModel.Embedder("minilm", encoder)), ServeOptions.of(0));
        wire = Wire.to(server);
    }

    @AfterAll
    static void close() {
        server.close();
        encoder.close();
    }

    private static float[] floats(JsonNode numbers) {
        return Wire.MAPPER.convertValue(numbers, float[].class);
    }

    private static JsonNode vectors(String fields) throws Exception {
        return wire.post(ADDRESS, "{" + fields + "}", 200);
    }

    private static void refused(String fields, String message) throws Exception {
        assertEquals(message, wire.post(ADDRESS, "{" + fields + "}", 400).at("/error/message").asText());
    }

    @Test
    void textsBecomeVectorsInTheirOrderAlsoInBase64() throws Exception {
        JsonNode expected = Wire.MAPPER.readTree(FIXTURE.resolve("expected.json").toFile());
        String texts = expected.get("texts").toString();
        JsonNode reply = vectors("\"model\": \"minilm\", \"input\": %s".formatted(texts));
        assertEquals("list", reply.path("object").asText());
        assertEquals("minilm", reply.path("model").asText());
        assertEquals(Wire.MAPPER.readTree("{\"prompt_tokens\": 18, \"total_tokens\": 18}"), reply.path("usage"));
        JsonNode coded = vectors("\"encoding_format\": \"base64\", \"user\": \"u\", \"input\": %s".formatted(texts));
        for (int i = 0; i < 4; i++) {
            float[] wanted = floats(expected.get("mean_normalized").get(i));
            assertEquals(i, reply.at("/data/%s/index".formatted(i)).asInt());
            assertEquals("embedding", reply.at("/data/%s/object".formatted(i)).asText());
            assertArrayEquals(wanted, floats(reply.at("/data/%s/embedding".formatted(i))), 2e-6f);
            float[] decoded = new float[16];
            ByteBuffer.wrap(Base64.getDecoder().decode(coded.at("/data/%s/embedding".formatted(i)).asText()))
                    .order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(decoded);
            assertArrayEquals(floats(reply.at("/data/%s/embedding".formatted(i))), decoded);
        }
        assertArrayEquals(floats(reply.at("/data/1/embedding")),
                floats(vectors("\"input\": \"How many?\"").at("/data/0/embedding")), 2e-6f);
    }

    @Test
    void tokensAreReadAsTheyAre() throws Exception {
        JsonNode text = vectors("\"input\": \"How many?\"").at("/data/0/embedding");
        assertArrayEquals(floats(text), floats(vectors("\"input\": [2, 10, 11, 12, 3]").at("/data/0/embedding")), 2e-6f);
        assertArrayEquals(floats(text),
                floats(vectors("\"input\": [[2, 3], [2, 10, 11, 12, 3]]").at("/data/1/embedding")), 2e-6f);
    }

    @Test
    void thousandsAreReadInParts() throws Exception {
        String many = IntStream.range(0, 2_048).mapToObj(i -> "\"%s\"".formatted("a ".repeat(i % 14)))
                .collect(Collectors.joining(",", "[", "]"));
        JsonNode data = vectors("\"input\": " + many).path("data");
        assertEquals(2_048, data.size());
        assertArrayEquals(floats(data.get(3).path("embedding")), floats(data.get(3 + 14 * 100).path("embedding")), 2e-6f);
    }

    @Test
    void whatIsWrongIsNamed() throws Exception {
        refused("\"dimensions\": 8, \"input\": \"a\"",
                "dimensions: this model makes vectors of 16 numbers and no others; leave the field out; got 8");
        assertEquals(1, vectors("\"dimensions\": 16, \"input\": \"a\"").path("data").size());
        refused("\"encoding_format\": \"hex\", \"input\": \"a\"",
                "encoding_format: 'float' or 'base64' expected; got 'hex'");
        refused("\"model\": \"minilm\"", "input: a text, a list of texts, or tokens expected; got nothing");
        refused("\"input\": []", "input: a text, a list of texts, or tokens expected; got []");
        refused("\"input\": [\"a\", 3]", "input: texts, as the first one, expected; got 3");
        refused("\"input\": [[2, 99]]", "input[0][1]: a token id from 0 to 63; got 99");
        refused("\"input\": \"a\", \"bananas\": 3", "bananas: this server knows no such field; leave it out; known "
                + "here: dimensions, encoding_format, input, model, user");
        JsonNode error = wire.post(ADDRESS, "{\"input\": [\"a\", \"%s\"]}".formatted("a ".repeat(15)), 400)
                .path("error");
        assertEquals("input[1]: a text of at most 16 tokens expected, those around it included; got more; cut it or "
                + "send it in parts", error.path("message").asText());
        assertEquals("context_length_exceeded", error.path("code").asText());
        refused("\"input\": [%s]".formatted("\"a\",".repeat(2_048) + "\"a\""),
                "input: at most 2048 texts in a request; got 2049; send them in several requests");
    }

    @Test
    void eachModelIsAskedAtItsOwnAddress() throws Exception {
        wire.refused(body("a", "\"model\": \"minilm\""),
                "model: 'minilm' writes nothing; ask it with POST /v1/embeddings");
        refused("\"model\": \"org/speller\", \"input\": \"a\"", "model: 'org/speller' makes no vectors; ask it with "
                + "POST /v1/chat/completions or /v1/completions");
        assertEquals("a", Wire.content(wire.chat(body("a", "\"temperature\": 0"), 200), 0),
                "the only one that writes needs no name");
        JsonNode card = wire.get("/v1/models/minilm", 200);
        assertEquals(16, card.path("max_model_len").asInt());
        assertEquals(encoder.revision(), card.path("revision").asText());
    }

    @Test
    void aServerWithoutAnEncoderSaysSo() throws Exception {
        try (OpenAiServer plain = OpenAiServer.start(new SpellingModel(), 0)) {
            assertEquals("model: no model here makes vectors; start the server with one that does",
                    Wire.to(plain).post(ADDRESS, "{\"input\": \"a\"}", 400).at("/error/message").asText());
        }
    }
}
