package dev.socratic.core.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.error.DataException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BoundedLinesTest {
    @Test
    void linesAreGivenWithoutTheirEndsAndCounted() throws IOException {
        BoundedLines lines = lines("a\r\n\n\u00e4\nlast", 100);
        assertEquals(List.of("a", "", "ä", "last"), all(lines));
        assertEquals(4, lines.number());
        assertEquals(List.of(), all(lines("", 100)));
        assertEquals(List.of(""), all(lines("\n", 100)));
    }

    @Test
    void aLineTooLongOrNoTextIsToldAndReadingGoesOn() throws IOException {
        byte[] bytes = "ok\n\u00ff\u00fe\n12345678901\n1234567890\n".getBytes(StandardCharsets.ISO_8859_1);
        BoundedLines lines = new BoundedLines(new ByteArrayInputStream(bytes), "f.jsonl", 10);
        assertEquals(Optional.of("ok"), lines.next());
        assertEquals("f.jsonl:2: text in UTF-8; got other bytes; convert the file to UTF-8",
                assertThrows(DataException.class, lines::next).getMessage());
        assertEquals("f.jsonl:3: a line of at most 10 bytes; got 11; split or remove it",
                assertThrows(DataException.class, lines::next).getMessage());
        assertEquals(Optional.of("1234567890"), lines.next());
        assertEquals(Optional.empty(), lines.next());
    }

    @Test
    void aCarriageReturnAloneEndsALineAndAMarkIsNoPartOfTheFirst() throws IOException {
        assertEquals(List.of("a", "b", "", "c"), all(lines("\ufeffa\rb\r\rc", 100)));
    }

    /// Law: a count of the lines that reads none of them is the reader's own, whatever the bytes and however they
    /// come in.
    @Test
    void theLinesAreAsManyAsACountOfThemSays() throws IOException {
        Random random = new Random(5);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                text.append("ab\r\n\n\r".charAt(random.nextInt(6)));
            }
            CountedLines counted = new CountedLines(new OneByOne(text.toString()));
            try (BoundedLines lines = new BoundedLines(counted, "f", 4)) {
                while (lines.line().isPresent()) {
                }
                assertEquals(lines.number(), counted.count(), text::toString);
            }
        }
    }

    /// A stream that gives a byte at a time, so that every pair of bytes is cut once.
    private static final class OneByOne extends ByteArrayInputStream {
        OneByOne(String text) {
            super(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            return super.read(buffer, offset, Math.min(1, length));
        }
    }

    /// Law: the same lines as the platform's own reader gives, for texts longer than the buffer.
    @Test
    void theLinesAreThoseOfTheText() throws IOException {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            text.append("ä".repeat(random.nextInt(120))).append(random.nextBoolean() ? "\n" : "\r\n");
        }
        assertEquals(text.toString().lines().toList(), all(lines(text.toString(), 1 << 20)));
    }

    private static BoundedLines lines(String text, int limit) {
        return new BoundedLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "f", limit);
    }

    private static List<String> all(BoundedLines lines) throws IOException {
        List<String> all = new ArrayList<>();
        for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
            all.add(line.get());
        }
        return all;
    }
}
