package dev.socratic.review.rows;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.TreeMap;

/// What a list of rows shows of each, without what people said of it.
final class RowSummary {
    private RowSummary() {}

    static ObjectNode of(ReviewRow row) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", row.id())
                .put("status", row.status().label()).put("stage", row.feed());
        if (!row.step().isEmpty()) {
            json.put("step", row.step());
        }
        if (!row.reason().isEmpty()) {
            json.put("reason", row.reason());
        }
        json.putObject("place").put("file", row.file()).put("line", row.line());
        json.put("question", ReviewRow.start(row.question(), ReviewRow.SHOWN));
        json.put("answer", ReviewRow.start(row.answer(), ReviewRow.SHOWN));
        if (!row.questionId().isEmpty()) {
            json.put("question_id", row.questionId());
        }
        row.facets().getOrDefault("teacher", List.of()).stream().findFirst()
                .ifPresent(teacher -> json.put("teacher", teacher));
        row.facets().getOrDefault("source", List.of()).stream().findFirst()
                .ifPresent(source -> json.put("source", source));
        row.facets().getOrDefault("tag", List.of()).forEach(json.withArray("tags")::add);
        json.put("length", row.numbers().getOrDefault("length", 0.0).longValue());
        json.put("words", row.numbers().getOrDefault("words", 0.0).longValue());
        ObjectNode numbers = json.putObject("numbers");
        new TreeMap<>(row.numbers()).forEach((name, value) -> put(numbers, name, value));
        return json;
    }

    /// Whole numbers are written without a fraction.
    static void put(ObjectNode json, String name, double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            json.put(name, (long) value);
        } else {
            json.put(name, value);
        }
    }
}
