package dev.socratic.datasets.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.datasets.row.Question;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a row says under the names that a prompt asks for.
public final class RowVariables {
    private RowVariables() {}

    /// @return the same, in its order
    /// @throws IllegalArgumentException if a path is none
    public static Map<String, String> checked(Map<String, String> fields) {
        fields.values().forEach(FieldPath::of);
        return Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /// @param layout how the row names things; not used where `fields` are given
    /// @param fields names of variables to paths in the row
    /// @return every text and number of the row by its own name, and over that `question`, `answer` and `solution` as
    ///     its layout has them, or
    ///         what `fields` say
    /// @throws DataException if the row does not fit
    public static Map<String, String> of(Layout layout, Map<String, String> fields, ObjectNode row) {
        Map<String, String> values = new LinkedHashMap<>();
        row.properties().stream()
                .filter(field -> field.getValue().isTextual() || field.getValue().isNumber())
                .forEach(field -> values.put(field.getKey(), field.getValue().asText()));
        if (!fields.isEmpty()) {
            Mapping.paths(fields).forEach(
                    (name, path) -> values.put(name, path.textIn(row).orElseThrow(() -> new DataException(
                    path.toString(), "a text or a number",
                    "the fields " + String.join(", ", row.properties().stream().map(Map.Entry::getKey).toList()),
                    "name another field"))));
            return values;
        }
        Layout found = layout == Layout.AUTO ? Layout.detect(row).orElse(Layout.QUESTION) : layout;
        if (found != Layout.QUESTION && found != Layout.TEXT) {
            Question question = QuestionLayouts.question(found, row, "");
            values.put("question", question.question());
            question.answer().ifPresent(text -> values.put("answer", text));
            question.solution().ifPresent(text -> values.put("solution", text));
        }
        return values;
    }
}
