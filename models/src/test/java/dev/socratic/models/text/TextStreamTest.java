package dev.socratic.models.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TextStreamTest {
    private static final Path BYTE_FALLBACK = TokenizerFixture.RESOURCES.resolve("byte_fallback");

    @Test
    void piecesJoinToTheWholeAndNoneEndsInHalfACharacter() {
        for (Path folder : new Path[] {TokenizerFixture.EMBEDDED, BYTE_FALLBACK}) {
            try (Tokenizer tokenizer = Tokenizer.open(folder)) {
                TextStream stream = tokenizer.stream(false);
                SplittableRandom random = new SplittableRandom(5);
                for (int round = 0; round < 100; round++) {
                    long[] ids = tokenizer.encode(TokenizerTest.randomText(random).replace("\ufffd", ""));
                    StringBuilder joined = new StringBuilder();
                    for (long id : ids) {
                        String piece = stream.next(id);
                        assertFalse(piece.contains("\ufffd"), piece);
                        assertFalse(!piece.isEmpty() && Character.isHighSurrogate(piece.charAt(piece.length() - 1)),
                                piece);
                        joined.append(piece);
                    }
                    joined.append(stream.finish());
                    assertEquals(tokenizer.decode(ids, false), joined.toString());
                }
            }
        }
    }

    /// The one difference that the class names: a line's end, then a character that was cut.
    @Test
    void ofARunOfBytesThatIsNoTextTheWholeCharactersAreGivenOut() {
        try (Tokenizer tokenizer = Tokenizer.open(BYTE_FALLBACK)) {
            long[] ids = {tokenizer.id("<0x0A>").orElseThrow(), tokenizer.id("<0xE2>").orElseThrow()};
            TextStream stream = tokenizer.stream(false);
            String joined = stream.next(ids[0]) + stream.next(ids[1]) + stream.finish();
            assertEquals("\n\ufffd", joined);
            assertEquals("\ufffd\ufffd", tokenizer.decode(ids, false));
        }
    }

    /// Everywhere else random ids give the same text as decoding them at once.
    @Test
    void anyIdsAreDecodedAsTheyAreAtOnceButForRunsOfBytes() {
        for (Path folder : new Path[] {TokenizerFixture.EMBEDDED, BYTE_FALLBACK}) {
            try (Tokenizer tokenizer = Tokenizer.open(folder)) {
                SplittableRandom random = new SplittableRandom(11);
                for (int round = 0; round < 200; round++) {
                    long[] ids = random.longs(12, 0, tokenizer.vocabularySize())
                            .filter(id -> !tokenizer.token(id).matches("<0x[0-9A-F]{2}>")).toArray();
                    TextStream stream = tokenizer.stream(false);
                    StringBuilder joined = new StringBuilder();
                    for (long id : ids) {
                        joined.append(stream.next(id));
                    }
                    assertEquals(tokenizer.decode(ids, false), joined + stream.finish());
                }
            }
        }
    }

    @Test
    void textComesAsSoonAsItIsWhole() {
        try (Tokenizer tokenizer = Tokenizer.open(TokenizerFixture.EMBEDDED)) {
            TextStream stream = tokenizer.stream(true);
            long[] ids = tokenizer.encode("x😀<|end|>");
            assertEquals("x", stream.next(ids[0]));
            assertEquals("", stream.next(ids[1]));
            assertEquals("", stream.next(ids[2]));
            assertEquals("", stream.next(ids[3]));
            assertEquals("😀", stream.next(ids[4]));
            assertEquals("", stream.next(ids[5]));
            assertEquals("", stream.finish());
        }
    }

    @Test
    void bytesThatAreNoTextComeOutAtTheEndOrWhenTheyAreHopeless() {
        try (Tokenizer tokenizer = Tokenizer.open(TokenizerFixture.EMBEDDED)) {
            long half = tokenizer.id("Ã").orElseThrow();
            TextStream stream = tokenizer.stream(false);
            assertEquals("", stream.next(half));
            assertEquals("\ufffd", stream.finish());
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 100; i++) {
                all.append(stream.next(half));
            }
            assertEquals("\ufffd".repeat(100), all + stream.finish());
        }
    }
}
