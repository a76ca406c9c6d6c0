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
        assertEquals("f.jsonl:2: text in UTF-8; got other bytes; convert the file to UTF-8", assertThrows(DataException.class, lines::next).getMessage());
        assertEquals("f.jsonl:3: a line of at most 10 bytes; got a longer one; split or remove it", assertThrows(DataException.class, lines::next).getMessage());
        assertEquals(Optional.of("1234567890"), lines.next());
        assertEquals(Optional.empty(), lines.next());
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
