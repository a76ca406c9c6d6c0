package dev.socratic.models.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.socratic.core.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
    private static final JsonNode GOLDEN = golden();

    @Test
    void idsOffsetsAndDecodingsAreTheReferenceLibrarys() {
        try (Tokenizer tokenizer = Tokenizer.open(TokenizerFixture.EMBEDDED)) {
            sameAsReference(tokenizer, GOLDEN.get("embedded"));
        }
    }

    @Test
    void byteFallbackAndSavedTruncationAreReadAsTheReferenceReadsThemUncut() {
        try (Tokenizer tokenizer = Tokenizer.open(TokenizerFixture.RESOURCES.resolve("byte_fallback"))) {
            sameAsReference(tokenizer, GOLDEN.get("byte_fallback"));
        }
    }

    @Test
    void anyUnicodeTextComesBackAndOffsetsCoverIt() {
        try (Tokenizer tokenizer = Tokenizer.open(TokenizerFixture.EMBEDDED)) {
            SplittableRandom random = new SplittableRandom(11);
            for (int round = 0; round < 300; round++) {
                String text = randomText(random);
                Encoded encoded = tokenizer.encodeWithOffsets(text);
                assertEquals(text, tokenizer.decode(encoded.ids(), false));
                assertArrayEquals(tokenizer.encode(text), encoded.ids());
                int covered = 0;
                for (int i = 0; i < encoded.size(); i++) {
                    assertTrue(encoded.starts()[i] <= covered && encoded.ends()[i] >= covered, "a gap in " + text);
                    covered = encoded.ends()[i];
                }
                assertEquals(text.length(), covered);
            }
        }
    }

    @Test
    void openedTwiceItGivesTheSameIdsAndHash() {
        String text = "Ana has 24 apples.<|end|>";
        try (Tokenizer first = Tokenizer.open(TokenizerFixture.EMBEDDED);
                Tokenizer second = Tokenizer.of(TokenizerFixture.EMBEDDED.resolve("tokenizer.json"))) {
            assertArrayEquals(first.encode(text), second.encode(text));
            assertEquals(first.hash(), second.hash());
            assertEquals(64, first.hash().length());
        }
    }

    @Test
    void tokensHaveNamesAndNamesHaveIds() {
        try (Tokenizer tokenizer = Tokenizer.open(TokenizerFixture.EMBEDDED)) {
            assertEquals(400, tokenizer.vocabularySize());
            assertEquals(OptionalLong.of(4), tokenizer.id("<|end|>"));
            assertEquals("<|end|>", tokenizer.token(4));
            assertEquals(OptionalLong.empty(), tokenizer.id("no such token"));
            assertEquals("", tokenizer.token(4_000));
            assertEquals("", tokenizer.decode(new long[] {4_000}, false));
            assertEquals("x", tokenizer.decode(tokenizer.encode("<|user|>x<|end|>"), true));
        }
    }

    @Test
    void aLoneSurrogateIsReadAsTheReplacementCharacter() {
        try (Tokenizer tokenizer = Tokenizer.open(TokenizerFixture.EMBEDDED)) {
            Encoded encoded = tokenizer.encodeWithOffsets("a\ud83dz");
            assertEquals("a\ufffdz", tokenizer.decode(encoded.ids(), false));
            assertEquals(3, encoded.ends()[encoded.size() - 1]);
        }
    }

    @Test
    void manyThreadsGetTheSameIds() throws Exception {
        List<String> texts = TokenizerFixture.corpus().toList();
        try (Tokenizer tokenizer = Tokenizer.open(TokenizerFixture.EMBEDDED);
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<long[]> alone = texts.stream().map(tokenizer::encode).toList();
            Callable<List<long[]>> together = () -> texts.stream().map(tokenizer::encode).toList();
            for (var result : threads.invokeAll(List.of(together, together, together, together))) {
                for (int i = 0; i < alone.size(); i++) {
                    assertArrayEquals(alone.get(i), result.get().get(i));
                }
            }
        }
    }

    @Test
    void aMissingFileSaysHowToGetOne(@TempDir Path folder) {
        DataException thrown = assertThrows(DataException.class, () -> Tokenizer.open(folder));
        assertEquals(
                folder.resolve("tokenizer.json")
                        + ": a Hugging Face tokenizer.json; got no such file; save it with the model: "
                        + "save_pretrained of a fast tokenizer writes it, also from a sentencepiece tokenizer.model",
                thrown.getMessage());
    }

    @Test
    void aBrokenFileSaysWhatIsWrongWithIt(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        String whole = Files.readString(TokenizerFixture.EMBEDDED.resolve("tokenizer.json"));
        for (String broken : List.of("", "[]", "{}", "not json", whole.substring(0, whole.length() / 2),
                whole.replace("BPE", "XYZ"))) {
            Files.writeString(file, broken);
            DataException thrown = assertThrows(DataException.class, () -> Tokenizer.of(file));
            assertTrue(thrown.getMessage().startsWith(file + ": a Hugging Face tokenizer.json; got '"),
                    thrown.getMessage());
            assertTrue(thrown.getMessage().endsWith("copy it again or save it with tokenizers 0.21 or older"),
                    thrown.getMessage());
            assertEquals(1, thrown.getMessage().lines().count());
        }
    }

    private static void sameAsReference(Tokenizer tokenizer, JsonNode cases) {
        assertTrue(cases.size() >= 3);
        for (JsonNode golden : cases) {
            String text = golden.get("text").asText();
            Encoded encoded = tokenizer.encodeWithOffsets(text);
            assertArrayEquals(longs(golden.get("ids")), encoded.ids(), text);
            assertArrayEquals(longs(golden.get("starts")), IntStream.of(encoded.starts()).asLongStream().toArray(),
                    text);
            assertArrayEquals(longs(golden.get("ends")), IntStream.of(encoded.ends()).asLongStream().toArray(), text);
            assertEquals(golden.get("decoded").asText(), tokenizer.decode(encoded.ids(), false));
            assertEquals(golden.get("spoken").asText(), tokenizer.decode(encoded.ids(), true));
        }
    }

    static JsonNode golden() {
        try {
            return new ObjectMapper().readTree(TokenizerFixture.RESOURCES.resolve("golden.json").toFile());
        } catch (IOException gone) {
            throw new IllegalStateException(gone);
        }
    }

    static long[] longs(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).mapToLong(JsonNode::asLong).toArray();
    }

    /// Any code points but lone surrogates, with stretches of what the vocabulary knows.
    static String randomText(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(60);
        for (int i = 0; i < length; i++) {
            switch (random.nextInt(5)) {
                case 0 -> text.append(" apples");
                case 1 -> text.append(random.nextInt(100));
                case 2 -> text.appendCodePoint(random.nextInt(32, 0x250));
                case 3 -> text.appendCodePoint(random.nextInt(0x10000, 0x110000));
                default -> text.appendCodePoint(random.nextInt(0, 0xD800));
            }
        }
        return text.toString();
    }
}
