package dev.socratic.datasets.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Comma-separated values with a header line. Text stands as it is, anything else as its JSON; so only text comes
/// back as what it was. The columns are the fields of the first rows.
///
/// @param columns names of the columns, in order
record CsvSink(String file, OutputStream out, char separator, Set<String> columns) implements PendingRows.Sink {
    static CsvSink open(String file, OutputStream out, char separator, List<ObjectNode> first) throws IOException {
        Set<String> columns = new LinkedHashSet<>();
        first.forEach(row -> row.fieldNames().forEachRemaining(columns::add));
        CsvSink sink = new CsvSink(file, out, separator, columns);
        sink.line(columns.stream().map(Optional::of).toList());
        return sink;
    }

    @Override
    public void write(ObjectNode row) throws IOException {
        row.fieldNames().forEachRemaining(name -> {
            if (!columns.contains(name)) {
                throw new DataException(
                        file,
                        "the fields of the first %s rows: %s".formatted(FirstRows.COUNT, String.join(", ", columns)),
                        "\"" + name + "\"",
                        "write .jsonl, where rows may differ");
            }
        });
        line(columns.stream()
                .map(name -> Optional.ofNullable(row.get(name)).filter(value -> !value.isNull()).map(CsvSink::text))
                .toList());
    }

    private void line(List<Optional<String>> cells) throws IOException {
        String line = cells.stream().map(cell -> cell.map(this::quoted).orElse(""))
                .collect(Collectors.joining(String.valueOf(separator)));
        // A row of one empty cell would be a blank line, and a blank line is no row; quotes cannot say "no field", so
        // it becomes empty text.
        out.write(((line.isEmpty() ? "\"\"" : line) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private String quoted(String cell) {
        boolean plain = !cell.isBlank()
                && cell.chars().noneMatch(c -> c == '"' || c == separator || c == '\n' || c == '\r' || c == 0xFEFF);
        return plain ? cell : "\"" + cell.replace("\"", "\"\"") + "\"";
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : Json.line(value);
    }

    @Override
    public void finish() throws IOException {
        out.close();
    }
}
