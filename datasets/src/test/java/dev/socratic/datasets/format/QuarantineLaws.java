package dev.socratic.datasets.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.DataException;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuarantineLaws {
    @TempDir
    Path folder;

    private static final List<byte[]> BAD = List.of(
            bytes("{\"a\":1"), bytes("[1,2]"), bytes("7"), bytes("{\"a\":1} {\"b\":2}"), bytes("{\"a\":1,\"a\":2}"),
            bytes("{a:1}"),
            bytes("{\"a\":NAN}"), bytes("{\"a\":\"\\ud800\"}"), new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'},
            new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xc3, '"', '}'}, bytes("<html>"),
            bytes("{\"a\":\"" + "x".repeat(5_000) + "\"}"));

    @Test
    void everyLineIsARowOrABadRowWhateverTheMix() throws Exception {
        Random random = new Random(3);
        for (int round = 0; round < 30; round++) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            List<Long> goodLines = new ArrayList<>();
            List<Long> badLines = new ArrayList<>();
            for (long line = 1; line <= 60; line++) {
                boolean good = random.nextInt(3) > 0;
                (good ? goodLines : badLines).add(line);
                file.write(good ? bytes("{\"n\":" + line + "}") : BAD.get(random.nextInt(BAD.size())));
                file.write('\n');
            }
            Path path = folder.resolve("mixed.jsonl");
            Files.write(path, file.toByteArray());
            Quarantine.Listed bad = Quarantine.list();
            List<Long> read = new ArrayList<>();
            try (RowReader rows = RowFiles.read(path, Format.JSONL, new RowLimits(4_000), bad)) {
                rows.forEachRemaining(row -> {
                    assertEquals(row.line(), row.json().get("n").longValue());
                    read.add(row.line());
                });
            }
            assertEquals(goodLines, read);
            assertEquals(badLines, bad.rows().stream().map(BadRow::line).toList());
        }
    }

    @Test
    void aLineOfAHundredMegabytesIsSkippedWithoutBeingKept() {
        long size = 100L << 20;
        InputStream hostile = new InputStream() {
            private long at;

            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0];
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                byte[] end = bytes("\n{\"a\":1}\n");
                if (at >= size + end.length) {
                    return -1;
                }
                if (at >= size) {
                    into[offset] = end[(int) (at++ - size)];
                    return 1;
                }
                int n = (int) Math.min(length, size - at);
                java.util.Arrays.fill(into, offset, offset + n, (byte) 'x');
                at += n;
                return n;
            }
        };
        Quarantine.Listed bad = Quarantine.list();
        try (RowReader rows = new JsonlReader("hostile.jsonl", hostile, new RowLimits(1 << 20), bad)) {
            assertEquals(2, rows.next().line());
            assertFalse(rows.hasNext());
        }
        BadRow row = bad.rows().getFirst();
        assertEquals("a line of at most 1048576 bytes; got 104857600", row.reason());
        assertEquals(BadRow.RAW_LIMIT, row.raw().length());
    }

    @Test
    void aQuoteThatIsNeverClosedCostsOneRowAndABrokenOneOnlyItself() throws Exception {
        Path file = folder.resolve("bad.csv");
        Files.writeString(file, "a,b\n1,2\n1,2,3\n\"x\"y,2\n\"line\nend\",4\n5,\"never\nclosed\n6,7\n");
        Quarantine.Listed bad = Quarantine.list();
        List<String> read = new ArrayList<>();
        try (RowReader rows = RowFiles.read(file, bad)) {
            rows.forEachRemaining(row -> read.add(row.line() + row.json().toString()));
        }
        assertEquals(
                List.of(
                        "2{\"a\":\"1\",\"b\":\"2\"}", "5{\"a\":\"line\\nend\",\"b\":\"4\"}",
                        "9{\"a\":\"6\",\"b\":\"7\"}"),
                read);
        assertEquals(
                List.of(
                        "3: 2 cells, as the header has; got 3",
                        "4: a separator after a closing quote; got 'y'",
                        "7: a closing quote; got the end of the file",
                        "8: 2 cells, as the header has; got 1"),
                bad.rows().stream().map(row -> row.line() + ": " + row.reason()).toList());
    }

    @Test
    void aBrokenElementEndsAnArrayAndSaysSo() throws Exception {
        Path file = folder.resolve("bad.json");
        Files.writeString(file, "[{\"a\":1}, 5, {\"a\":2}, {a}, {\"a\":3}]");
        Quarantine.Listed bad = Quarantine.list();
        List<String> read = new ArrayList<>();
        try (RowReader rows = RowFiles.read(file, bad)) {
            rows.forEachRemaining(row -> read.add(row.json().toString()));
        }
        assertEquals(List.of("{\"a\":1}", "{\"a\":2}"), read);
        assertEquals("a JSON object; got number", bad.rows().getFirst().reason());
        assertTrue(bad.rows().get(1).reason().endsWith("; the rest of the file is left out"),
                bad.rows().get(1).reason());
    }

    @Test
    void anElementOfAnArrayBeyondTheLimitIsNotReadIntoMemory() throws Exception {
        Path file = folder.resolve("long.json");
        Files.writeString(file, "[{\"a\":1}, {\"a\":[" + "1,".repeat(200_000) + "1]}]");
        Quarantine.Listed bad = Quarantine.list();
        try (RowReader rows = RowFiles.read(file, Format.JSON, new RowLimits(50_000), bad)) {
            rows.forEachRemaining(row -> assertEquals(1, row.line()));
        }
        assertEquals(List.of("a row of at most 50000 bytes; got a longer one; the rest of the file is left out"),
                bad.rows().stream().map(BadRow::reason).toList());
    }

    @Test
    void theQuarantineFileHoldsFileLineReasonAndTheBeginningOfTheRow() throws Exception {
        Path file = folder.resolve("bad.jsonl");
        Files.writeString(file, "{\"a\":1}\n[1]\n");
        Path kept = folder.resolve("quarantine.jsonl");
        try (Quarantine quarantine = Quarantine.file(kept);
                RowReader rows = RowFiles.read(file, quarantine)) {
            rows.forEachRemaining(row -> {});
            assertEquals(1, quarantine.count());
        }
        assertEquals(
                "{\"file\":\"%s\",\"line\":2,\"reason\":\"a JSON object; got array\",\"raw\":\"[1]\"}\n".formatted(
                        file),
                Files.readString(kept));
    }

    @Test
    void aFileOfOurOwnWithABadRowIsRefused() throws Exception {
        Path file = folder.resolve("own.jsonl");
        Files.writeString(file, "{\"a\":1}\n[1]\n");
        DataException refused = assertThrows(DataException.class, () -> {
            try (RowReader rows = RowFiles.read(file, Quarantine.refuse())) {
                rows.forEachRemaining(row -> {});
            }
        });
        assertEquals(file + ":2: a JSON object; got array; mend or delete this row", refused.getMessage());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
