package dev.socratic.eval.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.io.BoundedLines;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.io.RegularFiles;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The trainer's `metrics.jsonl`: rows `{step, tokens, loss, token_accuracy, ...}` of each step and, now and then,
/// `{step, tokens, eval_loss, eval_token_accuracy}` on rows that are held out.
///
/// @param rows in the order of the file
record Metrics(List<JsonNode> rows) {
    private static final int LONGEST_LINE = 1 << 20;

    /// @throws dev.socratic.core.error.DataException naming file and line of a row that is no JSON
    static Metrics read(Path file) {
        List<JsonNode> rows = new ArrayList<>();
        try (BoundedLines lines = new BoundedLines(RegularFiles.open(file), file.toString(), LONGEST_LINE)) {
            for (Optional<String> text = lines.next(); text.isPresent(); text = lines.next()) {
                if (!text.get().isBlank()) {
                    rows.add(Json.read(text.get(), JsonNode.class, file + ":" + lines.number()));
                }
            }
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
        return new Metrics(List.copyOf(rows));
    }

    /// @param field such as `loss`
    /// @return its values over tokens seen; NaN where a row has the field but no number in it (JSON has no NaN, so it
    ///         stands there as text)
    List<LineChart.Point> over(String field) {
        return rows.stream()
                .filter(row -> row.has(field) && row.path("tokens").isNumber())
                .map(row -> new LineChart.Point(row.get("tokens").asDouble(),
                        row.get(field).isNumber() ? row.get(field).asDouble() : Double.NaN))
                .toList();
    }
}
