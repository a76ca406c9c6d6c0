package dev.socratic.datasets.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.DataException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tables as people and programs write them.
class CsvTest {
    @TempDir
    Path folder;

    private final Quarantine.Listed bad = Quarantine.list();

    @Test
    void aStrayQuoteIsTextAndCostsNothing() throws IOException {
        StringBuilder table = new StringBuilder("n,note\n");
        for (int i = 1; i <= 1_000; i++) {
            table.append(i).append(i == 300 ? ",a 5\" pipe\n" : i == 700 ? ",3' 7\"\n" : ",plain\n");
        }
        List<String> read = read("pipes.csv", table.toString());
        assertEquals(1_000, read.size());
        assertEquals("301 {\"n\":\"300\",\"note\":\"a 5\\\" pipe\"}", read.get(299));
        assertEquals(0, bad.count());
        assertEquals(2, read("pipes.tsv", "n\tnote\n1\t5\" long\n2\tplain\n").size());
    }

    @Test
    void aBrokenRecordCostsItselfAloneWhereverItBreaks() throws IOException {
        String good = "1,one\n";
        for (String broken : List.of(
                "2,\"tw\"o\n", "2,\"two\n", "\"2,two\n", "2,two,three\n", "2\n", "2,\"a \\\"b\\\" c\"\n",
                "\"\"2,two\n")) {
            long before = bad.count();
            List<String> read = read("broken.csv", "n,word\n" + good.repeat(20) + broken + good.repeat(20));
            assertEquals(40, read.size(), broken);
            assertEquals(1, bad.count() - before, broken);
            assertEquals(22, bad.rows().getLast().line(), broken);
        }
    }

    @Test
    void theReasonsSayWhatStandsThere() throws IOException {
        read("reasons.csv", "n,word\n2,\"tw\"o\n3,\"three\n4,\n5,f,x\n");
        assertEquals(
                List.of(
                        "2: a separator after a closing quote; got 'o'",
                        "3: a closing quote; got the end of the file",
                        "5: 2 cells, as the header has; got 3"),
                bad.rows().stream().map(row -> row.line() + ": " + row.reason()).toList());
    }

    @Test
    void columnsThatNobodyNamedOrNamedTwiceAreKeptUnderNamesOfTheirOwn() throws IOException {
        assertEquals(
                List.of("2 {\"Unnamed: 0\":\"0\",\"q\":\"x\",\"Unnamed: 2\":\"z\"}"),
                read("index.csv", ",q,\n0,x,z\n"));
        assertEquals(
                List.of("2 {\"note.1\":\"a\",\"q\":\"b\",\"note.2\":\"c\",\"note.3\":\"d\"}"),
                read("twice.csv", "note,q,note,note.3\na,b,c,d\n"));
        assertEquals(
                List.of("2 {\"x.2\":\"a\",\"x.1\":\"b\",\"x.3\":\"c\"}"), read("taken.csv", "x,x.1,x\na,b,c\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void linesEndAsOnAnySystem(String end) throws IOException {
        String table = String.join(end, "q,a", "one,1", "", "\"two" + end + "lines\",2", "three,3");
        List<String> read = read("ends.csv", table);
        String inside = end.replace("\r", "\\r").replace("\n", "\\n");
        assertEquals(
                List.of(
                        "2 {\"q\":\"one\",\"a\":\"1\"}", "4 {\"q\":\"two" + inside + "lines\",\"a\":\"2\"}",
                        "6 {\"q\":\"three\",\"a\":\"3\"}"),
                read);
    }

    @Test
    void aHeaderMayTakeTwoLinesAndStandBehindBlankOnesOrAMark() throws IOException {
        assertEquals(List.of("3 {\"the\\nquestion\":\"x\",\"a\":\"1\"}"),
                read("two.csv", "\"the\nquestion\",a\nx,1\n"));
        assertEquals(List.of("4 {\"q\":\"x\",\"a\":\"1\"}"), read("blank.csv", "\n\nq,a\nx,1\n"));
        assertEquals(List.of("2 {\"q\":\"x\",\"a\":\"1\"}"), read("mark.csv", "\ufeff\"q\",a\nx,1\n"));
    }

    @Test
    void theContentSaysWhatSeparatesCells() throws IOException {
        String row = "2 {\"q\":\"1,5\",\"a\":\"x;y\"}";
        assertEquals(List.of(row), read("excel.csv", "\"q\";\"a\"\n1,5;\"x;y\"\n"));
        assertEquals(List.of(row), read("tabs.csv", "q\ta\n1,5\tx;y\n"));
        assertEquals(List.of(row), read("commas.tsv", "q,a\n\"1,5\",x;y\n"));
        assertEquals(List.of(row.replace("2 ", "3 ")), read("says.csv", "sep=|\nq|a\n1,5|x;y\n"));
        assertEquals(List.of("2 {\"q;r\":\"1;2\",\"a\":\"3\"}"), read("both.csv", "q;r,a\n1;2,3\n"),
                "the name of the file goes before");
        assertEquals(List.of("2 {\"alone\":\"1;2\"}"), read("one.csv", "alone\n1;2\n"));
    }

    @Test
    void whatIsNoTableIsRefusedByName() throws IOException {
        Path file = folder.resolve("empty.csv");
        assertEquals(
                file + ":1: a header line with the names of the columns; got none; add one",
                assertThrows(DataException.class, () -> read("empty.csv", "\n \n")).getMessage());
        Path broken = folder.resolve("head.csv");
        assertEquals(
                broken + ":1: a separator after a closing quote; got 'x'; mend the header line",
                assertThrows(DataException.class, () -> read("head.csv", "\"q\"x,a\n1,2\n")).getMessage());
        Path wide = folder.resolve("wide.csv");
        Files.write(wide, "q,a\n1,2\n".getBytes(StandardCharsets.UTF_16));
        assertEquals(
                wide + ": text in UTF-8; got UTF-16; save it as CSV in UTF-8",
                assertThrows(DataException.class, () -> RowFiles.read(wide, bad)).getMessage());
    }

    @Test
    void bytesThatAreNoTextCostTheirRecord() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write("q,a\n1,2\n".getBytes(StandardCharsets.UTF_8));
        bytes.write(new byte[] {'c', 'a', 'f', (byte) 0xe9, ',', '3', '\n'});
        bytes.write("4,5\n".getBytes(StandardCharsets.UTF_8));
        Path file = folder.resolve("latin.csv");
        Files.write(file, bytes.toByteArray());
        assertEquals(2, read(file).size());
        assertEquals("3: valid UTF-8; got other bytes", bad.rows().getFirst().line() + ": " + bad.rows().getFirst()
                .reason());
    }

    /// A quote that nothing closes in a file without end must not fill the memory, nor take the rows behind it.
    @Test
    void aRecordIsBoundedAndTheRowsBehindItAreRead() {
        byte[] head = "q,a\n1,\"never closed\n".getBytes(StandardCharsets.UTF_8);
        byte[] rows = "2,x\n".repeat(50_000).getBytes(StandardCharsets.UTF_8);
        InputStream in = new SequenceInputStream(new ByteArrayInputStream(head), new ByteArrayInputStream(rows));
        long read = 0;
        try (RowReader reader = new CsvReader("open.csv", in, ',', new RowLimits(10_000), bad)) {
            while (reader.hasNext()) {
                assertEquals("x", reader.next().json().path("a").asText());
                read++;
            }
        }
        assertEquals(50_000, read);
        assertEquals(
                List.of("2: a row of at most 10000 bytes; got a longer one"),
                bad.rows().stream().map(row -> row.line() + ": " + row.reason()).toList());
    }

    /// Whatever the bytes, every line is in a row, in a bad one, or blank: the reader counts them a second time and
    /// says so otherwise.
    @Test
    void noLineIsLostWhateverTheBytes() throws IOException {
        String alphabet = "ab\",\n\r;\t \\'é";
        Random random = new Random(11);
        for (int round = 0; round < 3_000; round++) {
            StringBuilder text = new StringBuilder("a,b\n");
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            InputStream in = new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8));
            try (RowReader reader = new CsvReader("fuzz.csv", in, ',', new RowLimits(40), Quarantine.list())) {
                reader.forEachRemaining(row -> assertEquals(2, Math.max(2, row.json().size())));
            }
        }
    }

    @Test
    void aReaderThatLosesALineIsAnErrorByName() {
        assertEquals(
                "t.csv: 7 lines, as a second count says; got 6 read or refused; "
                        + "report this with the file; as .jsonl it can be read meanwhile",
                assertThrows(DataException.class, () -> Conserved.check("t.csv", "lines", 7, 6)).getMessage());
    }

    @Test
    void compressedTablesAreTheSame() throws IOException {
        Path file = folder.resolve("t.csv.gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("q,a\n1,2\n".getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(List.of("2 {\"q\":\"1\",\"a\":\"2\"}"), read(file));
        Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), 15));
        String cut = assertThrows(DataException.class, () -> read(file)).getMessage();
        assertEquals(file + ": a whole file; got the beginning of one; copy or write it again", cut);
        Files.writeString(file, "q,a\n1,2\n");
        String plain = assertThrows(DataException.class, () -> read(file)).getMessage();
        assertTrue(plain.endsWith("; compress the file again, or take .gz off its name"), plain);
    }

    private List<String> read(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        return read(file);
    }

    private List<String> read(Path file) {
        List<String> read = new ArrayList<>();
        try (RowReader rows = RowFiles.read(file, bad)) {
            rows.forEachRemaining(row -> read.add(row.line() + " " + row.json()));
        }
        return read;
    }
}
