package dev.socratic.models.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against what transformers computes with the same weights; `bench/peers/models/sentence_fixture.py` made the fixture.
class SentenceEncoderTest {
    private static final Path FIXTURE = Path.of("src/test/resources/embed/minilm");
    private static final JsonNode EXPECTED = Json.read(FIXTURE.resolve("expected.json"), JsonNode.class);

    @TempDir
    Path folder;

    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    /// A copy with another file.
    private Path with(String name, String content) throws IOException {
        Path copy = folder.resolve("copy");
        Files.createDirectories(copy.resolve("1_Pooling"));
        try (Stream<Path> files = Files.walk(FIXTURE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.write(copy.resolve(FIXTURE.relativize(file).toString()), Files.readAllBytes(file));
            }
        }
        Files.writeString(copy.resolve(name), content);
        return copy;
    }

    private static void close(SentenceEncoder encoder, String expected) {
        List<long[]> rows = new ArrayList<>();
        for (int i = 0; i < EXPECTED.get("texts").size(); i++) {
            rows.add(encoder.read(EXPECTED.get("texts").get(i).asText()).orElseThrow());
            assertArrayEquals(Json.mapper().convertValue(EXPECTED.get("ids").get(i), long[].class), rows.get(i));
        }
        List<float[]> together = encoder.embed(rows);
        for (int i = 0; i < rows.size(); i++) {
            float[] wanted = Json.mapper().convertValue(EXPECTED.get(expected).get(i), float[].class);
            assertArrayEquals(wanted, together.get(i), 2e-6f);
            assertArrayEquals(wanted, encoder.embed(List.of(rows.get(i))).getFirst(), 2e-6f, "alone");
        }
    }

    @Test
    void aTextIsTheVectorThatTheReferenceMakesOfItAloneAndBesideLongerOnes() {
        try (SentenceEncoder encoder = SentenceEncoder.open(FIXTURE, Compute.CPU)) {
            close(encoder, "mean_normalized");
            assertEquals(16, encoder.width());
            assertEquals(16, encoder.maxTokens());
        }
    }

    @Test
    void aFolderWithoutNormalizeOrWithClsGetsWhatItSays() throws IOException {
        Path plain = with("modules.json", "[{\"path\": \"\", \"type\": \"sentence_transformers.models.Transformer\"},"
                + "{\"path\": \"1_Pooling\", \"type\": \"sentence_transformers.models.Pooling\"}]");
        try (SentenceEncoder encoder = SentenceEncoder.open(plain, Compute.CPU)) {
            close(encoder, "mean");
        }
        Files.writeString(plain.resolve("1_Pooling/config.json"), "{\"pooling_mode_cls_token\": true}");
        try (SentenceEncoder encoder = SentenceEncoder.open(plain, Compute.CPU)) {
            close(encoder, "cls");
        }
    }

    @Test
    void aTextThatIsTooLongIsNotCut() {
        try (SentenceEncoder encoder = SentenceEncoder.open(FIXTURE, Compute.CPU)) {
            assertEquals(16, encoder.read("a ".repeat(14)).orElseThrow().length);
            assertTrue(encoder.read("a ".repeat(15)).isEmpty());
        }
    }

    private void refused(String file, String content, String message) throws IOException {
        Path copy = with(file, content);
        assertEquals(message.replace("{}", copy.toString()), assertThrows(DataException.class, () ->
                SentenceEncoder.open(copy, Compute.CPU)).getMessage());
    }

    @Test
    void whatAFolderAsksForAndIsNotDoneIsRefusedByName() throws IOException {
        refused("1_Pooling/config.json", "{\"pooling_mode_max_tokens\": true, \"pooling_mode_mean_tokens\": true}",
                "{}/1_Pooling/config.json: pooling_mode_mean_tokens or pooling_mode_cls_token alone; got "
                + "pooling_mode_max_tokens, pooling_mode_mean_tokens; take a model that is pooled so");
        refused("modules.json", "[{\"type\": \"a.Transformer\"}, {\"type\": \"a.Pooling\", \"path\": \"1_Pooling\"}, "
                + "{\"type\": \"a.Dense\"}]",
                "{}/modules.json: Transformer, Pooling and perhaps Normalize; got Transformer, Pooling, Dense; "
                + "take a model made of these alone");
        refused("sentence_bert_config.json", "{\"do_lower_case\": true}",
                "{}/sentence_bert_config.json: do_lower_case: false: the tokenizer says what becomes of "
                + "capitals; got true; take a model whose tokenizer does it");
        refused("config_sentence_transformers.json", "{\"default_prompt_name\": \"query\"}",
                "{}/config_sentence_transformers.json: default_prompt_name: none: texts are read as they are "
                + "sent; got 'query'; write null there, and send the prompt with the text");
        Files.delete(folder.resolve("copy/modules.json"));
        assertEquals(("%s/copy/modules.json: the modules of a sentence encoder, as sentence-transformers "
                + "saves them; got no such file; take a folder with it: an encoder alone says nothing about how a "
                + "text becomes one vector").formatted(folder),
                assertThrows(DataException.class, () -> SentenceConfig.read(folder.resolve("copy"), 16)).getMessage());
    }
}
