package dev.socratic.datasets.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.DataException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// JSON as other programs write it, whatever they call the file.
class JsonShapesTest {
    private static final List<String> TWO = List.of("{\"a\":1}", "{\"a\":2}");

    @TempDir
    Path folder;

    private final Quarantine.Listed bad = Quarantine.list();

    @ParameterizedTest
    @ValueSource(strings = {"rows.json", "rows.jsonl"})
    void theContentSaysHowRowsStandAndNotTheName(String name) throws IOException {
        for (String text : List.of(
                "{\"a\":1}\n{\"a\":2}\n", "\n\n{\"a\":1}\r\n\r\n{\"a\":2}", "[{\"a\":1},{\"a\":2}]",
                "[\n  {\n    \"a\": 1\n  },\n{\"a\": 2}\n]\n",
                "{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n", "\ufeff[{\"a\":1},\n{\"a\":2}]", "{\"a\":\n1}\n\n{\"a\":2}")) {
            assertEquals(TWO, read(name, text), text);
        }
        assertEquals(List.of("{\"a\":1}"), read(name, "{\"a\":1}"));
        assertEquals(List.of("{\"a\":[{\"b\":1}]}"), read(name, "{\n\"a\": [{\"b\": 1}]\n}"), "a row may hold a list");
        assertEquals(0, bad.count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"data", "rows", "train", "examples"})
    void oneObjectThatHoldsTheListOfRowsStandsForIt(String name) throws IOException {
        assertEquals(TWO, read("wrapped.json", "{\"version\": \"1.1\", \"" + name + "\": [{\"a\": 1}, {\"a\": 2}]}"));
        assertEquals(TWO, read("wrapped.json", "{\"" + name + "\": [{\"a\": 1},\n {\"a\": 2}]}"));
        assertEquals(TWO.subList(0, 1), read("wrapped.json", "{\"" + name + "\": [\n{\"a\": 1}\n]}"));
        assertEquals(TWO, read("wrapped.json", "{\n\"" + name + "\": [\n{\"a\": 1},\n{\"a\": 2}\n]\n}\n"));
    }

    @Test
    void whatPythonWritesForAMissingNumberIsNull() throws IOException {
        String row = "{\"a\": NaN, \"b\": [Infinity, {\"c\": -Infinity}], \"d\": \"NaN\", \"e\": "
                + "123456789012345678901234567890, \"f\": 1.10}";
        String read = "{\"a\":null,\"b\":[null,{\"c\":null}],\"d\":\"NaN\",\"e\":123456789012345678901234567890,"
                + "\"f\":1.10}";
        assertEquals(List.of(read), read("nan.jsonl", row));
        assertEquals(List.of(read, read), read("nan.json", row + "\n" + row));
        assertEquals(List.of(read), read("nan.json", "[" + row + "]"));
        assertEquals(0, bad.count());
    }

    @Test
    void aLineThatIsNoneSaysSoWithoutTheOptionsOfAParser() throws IOException {
        read("bad.jsonl", "{\"a\": nan}\n{\"a\": 1,}\n{\"a\": 1}\n");
        assertEquals(2, bad.count());
        for (BadRow row : bad.rows()) {
            assertTrue(row.reason().startsWith("valid JSON; got "), row.reason());
            assertTrue(!row.reason().contains("Feature") && !row.reason().contains("enable"), row.reason());
        }
    }

    @Test
    void aFirstLineThatIsCutOffIsOneBadRow() throws IOException {
        assertEquals(TWO, read("cut.jsonl", "{\"a\": \"lost\n{\"a\":1}\n{\"a\":2}\n"));
        assertEquals(1, bad.count());
    }

    @Test
    void rowsBehindABreakAreCountedOneByOne() throws IOException {
        assertEquals(List.of("{\"a\":1}"), read("broken.json", "[{\"a\":1}, {\"a\" 2}, {\"a\": \"]}\"}, [4], 5]"));
        assertEquals(List.of(2L, 3L, 4L, 5L), bad.rows().stream().map(BadRow::line).toList());
        assertEquals("rows up to here; got a break at row 2", bad.rows().getLast().reason());
    }

    @Test
    void whatIsNoListOfRowsIsRefusedWithWhatToWrite() {
        Path file = folder.resolve("scalar.json");
        assertEquals(
                file + ": objects, in an array or one behind the other; got a value alone; write [{...}, {...}] or "
                        + "an object a line",
                assertThrows(DataException.class, () -> read("scalar.json", "7")).getMessage());
    }

    /// A count by brackets and quotes alone finds as many values as the parser, whatever is in them.
    @Test
    void theValuesAreAsManyAsASecondCountSays() throws IOException {
        Random random = new Random(3);
        for (int round = 0; round < 2_000; round++) {
            int count = random.nextInt(6);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < count; i++) {
                text.append(i == 0 ? "" : ",").append(value(random, 3)).append(" ");
            }
            CountedValues array = new CountedValues(
                    new ByteArrayInputStream(("[" + text + "]").getBytes(StandardCharsets.UTF_8)), true);
            array.readAllBytes();
            assertEquals(count, array.count(), text::toString);
        }
    }

    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> "\"a,\\\"]{\\\\\"";
            case 1 -> "-1.5e3";
            case 2 -> "null";
            case 3 -> "{}";
            case 4 -> "[" + value(random, depth - 1) + ", " + value(random, depth - 1) + "]";
            default -> "{\"k\": " + value(random, depth - 1) + ", \"}\" :" + value(random, depth - 1) + "}";
        };
    }

    private List<String> read(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        List<String> read = new ArrayList<>();
        try (RowReader rows = RowFiles.read(file, bad)) {
            rows.forEachRemaining(row -> read.add(row.json().toString()));
        }
        return read;
    }
}
