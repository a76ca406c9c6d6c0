package dev.socratic.eval.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.JsonLines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The trainer's `metrics.jsonl`: rows `{step, tokens, loss, token_accuracy, ...}` of each step and, now and then,
/// `{step, tokens, eval_loss, eval_token_accuracy}` on rows that are held out.
///
/// @param rows in the order of the file
record Metrics(List<JsonNode> rows) {
    private static final int LONGEST_LINE = 1 << 20;

    /// @throws dev.socratic.core.error.DataException naming file and line of a row that is no JSON
    static Metrics read(Path file) {
        List<JsonNode> rows = new ArrayList<>();
        JsonLines.each(file, LONGEST_LINE, rows::add);
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
