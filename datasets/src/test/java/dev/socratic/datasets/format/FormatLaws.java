package dev.socratic.datasets.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.datasets.RandomRows;
import dev.socratic.datasets.row.RowMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormatLaws {
    @TempDir
    Path folder;

    private final RandomRows random = new RandomRows(new Random(7));

    @ParameterizedTest
    @ValueSource(strings = {"rows.jsonl", "rows.jsonl.gz", "rows.json", "rows.json.gz", "rows.parquet"})
    void anyRowsSurviveAFile(String name) {
        List<ObjectNode> rows = IntStream.range(0, 1_500).mapToObj(i -> random.object(3)).toList();
        assertEquals(rows, roundTrip(name, rows));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rows.jsonl", "rows.json", "rows.parquet"})
    void tracesSurviveAFile(String name) {
        List<ObjectNode> rows = IntStream.range(0, 1_200).mapToObj(i -> RowMapper.json(random.trace())).toList();
        List<ObjectNode> read = roundTrip(name, rows);
        for (int i = 0; i < rows.size(); i++) {
            assertEquals(RowMapper.trace(rows.get(i)), RowMapper.trace(read.get(i)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rows.csv", "rows.csv.gz", "rows.tsv"})
    void textSurvivesCommaSeparatedValues(String name) {
        List<ObjectNode> rows = IntStream.range(0, 1_500).mapToObj(i -> JsonNodeFactory.instance.objectNode()
                        .put("a", random.text()).put("b", random.text()).put("c,\"d", random.text()))
                .toList();
        assertEquals(rows, roundTrip(name, rows));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rows.jsonl", "rows.jsonl.gz", "rows.json", "rows.csv", "rows.parquet"})
    void equalRowsAreEqualBytes(String name) throws Exception {
        List<ObjectNode> rows = IntStream.range(0, 50).mapToObj(i -> RowMapper.json(random.question())).toList();
        Path one = folder.resolve("one").resolve(name);
        Path two = folder.resolve("two").resolve(name);
        List<ObjectNode> even = name.endsWith("csv")
                ? rows.stream().map(r -> r.retain("id", "question")).toList()
                : rows;
        RowFiles.write(one, out -> even.forEach(out::write));
        RowFiles.write(two, out -> even.forEach(out::write));
        assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(two));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rows.jsonl", "rows.json", "rows.csv", "rows.parquet"})
    void anEmptyFileOfAnyFormatHasNoRows(String name) {
        if (!name.equals("rows.csv")) {
            assertEquals(List.of(), roundTrip(name, List.of()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rows.jsonl", "rows.json", "rows.csv", "rows.parquet"})
    void afterAFailureTheOldFileIsStillThere(String name) throws Exception {
        Path file = folder.resolve(name);
        ObjectNode row = JsonNodeFactory.instance.objectNode().put("a", "1");
        RowFiles.write(file, out -> out.write(row));
        byte[] before = Files.readAllBytes(file);
        assertThrows(IllegalStateException.class, () -> RowFiles.write(file, out -> {
            IntStream.range(0, 3_000).forEach(i -> out.write(row));
            throw new IllegalStateException("stopped");
        }));
        assertArrayEquals(before, Files.readAllBytes(file));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList(), "nothing temporary is left");
        }
    }

    @Test
    void aConversationIsARealNestedColumn() throws Exception {
        Path file = folder.resolve("chat.parquet");
        RowFiles.write(file, out -> IntStream.range(0, 10).forEach(i -> out.write(RowMapper.json(random.trace()))));
        try (var reader =
                org.apache.parquet.hadoop.ParquetFileReader.open(new org.apache.parquet.io.LocalInputFile(file))) {
            // Not by the printed schema: Parquet lowers its words by the machine's language.
            MessageType schema = reader.getFileMetaData().getSchema();
            GroupType messages = schema.getType("messages").asGroupType();
            assertEquals(LogicalTypeAnnotation.listType(), messages.getLogicalTypeAnnotation());
            Type role = messages.getType(0).asGroupType().getType(0).asGroupType().getType("role");
            assertEquals(LogicalTypeAnnotation.stringType(), role.getLogicalTypeAnnotation());
            assertEquals(Type.Repetition.OPTIONAL, role.getRepetition());
        }
    }

    @Test
    void aTableWithALateColumnIsRefusedWithARemedy() {
        Path file = folder.resolve("late.csv");
        DataException refused = assertThrows(DataException.class, () -> RowFiles.write(file, out -> {
            IntStream.range(0, 1_000).forEach(i -> out.write(JsonNodeFactory.instance.objectNode().put("a", "1")));
            out.write(JsonNodeFactory.instance.objectNode().put("b", "2"));
        }));
        assertEquals(
                file + ": the fields of the first 1000 rows: a; got \"b\"; write .jsonl, where rows may differ",
                refused.getMessage());
        assertFalse(Files.exists(file));
    }

    @Test
    void anUnknownNameIsRefusedWithTheKnownOnes() {
        Path file = folder.resolve("rows.txt");
        assertEquals(
                file + ": a file of rows: .jsonl, .json, .csv, .tsv (also with .gz) or .parquet; got \"rows.txt\"; "
                        + "rename it after what it holds",
                assertThrows(DataException.class, () -> RowFiles.read(file, Quarantine.refuse())).getMessage());
    }

    @Test
    void aParquetFileCutShortIsRefusedByName() throws Exception {
        Path file = folder.resolve("cut.parquet");
        RowFiles.write(file, out -> IntStream.range(0, 100).forEach(i -> out.write(random.object(2))));
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
        String message = assertThrows(DataException.class, () -> RowFiles.read(file, Quarantine.refuse())).getMessage();
        assertTrue(message.startsWith(file + ": a Parquet file; got "), message);
        assertTrue(message.endsWith("; check that it was copied whole"), message);
    }

    @Test
    void aByteOrderMarkAndWindowsLineEndsAreNoPartOfTheRows() throws Exception {
        Path file = folder.resolve("windows.jsonl");
        Files.writeString(file, "\ufeff{\"a\":1}\r\n\r\n{\"a\":2}\r\n", StandardCharsets.UTF_8);
        assertEquals(2, read(file).size());
    }

    private List<ObjectNode> roundTrip(String name, List<ObjectNode> rows) {
        Path file = folder.resolve(name);
        RowFiles.write(file, out -> rows.forEach(out::write));
        return read(file);
    }

    private static List<ObjectNode> read(Path file) {
        List<ObjectNode> read = new ArrayList<>();
        try (RowReader reader = RowFiles.read(file, Quarantine.refuse())) {
            reader.forEachRemaining(row -> read.add(row.json()));
        }
        return read;
    }
}
