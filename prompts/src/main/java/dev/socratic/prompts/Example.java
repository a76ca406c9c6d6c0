package dev.socratic.prompts;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// A worked example to show before the question.
///
/// @param id     says which one it was, in rows and reports
/// @param values by variable: `question`, `solution`, `answer` for the built-in `few_shot`
public record Example(String id, Map<String, String> values) {
    public Example {
        Objects.requireNonNull(id);
        values = Map.copyOf(values);
    }

    /// Reads examples from JSON lines: `{"id": "...", "question": "...", "solution": "...", "answer": "..."}`.
    ///
    /// Values that are neither text nor number are passed over, so that a file of question rows serves as it is. Without `id` the id is `e_` and
    /// 16 digits of the content's hash.
    ///
    /// @throws DataException if the file cannot be read or a line is no JSON object, with every such line
    public static List<Example> read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new DataException(file.toString(), "examples as JSON lines in UTF-8", Files.exists(file) ? "a file that cannot be read" : "none there", "check the path", e);
        }
        List<Example> examples = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                String place = file + ":" + (i + 1);
                try {
                    examples.add(of(Json.read(lines.get(i), JsonNode.class, place), place));
                } catch (DataException e) {
                    problems.addAll(e.problems());
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new DataException(problems);
        }
        return examples;
    }

    private static Example of(JsonNode row, String place) {
        if (!row.isObject()) {
            throw new DataException(place, "a JSON object", row.getNodeType().name().toLowerCase(Locale.ROOT), "write one example a line");
        }
        Map<String, String> values = new LinkedHashMap<>();
        row.properties().stream()
                .filter(field -> field.getValue().isTextual() || field.getValue().isNumber())
                .forEach(field -> values.put(field.getKey(), field.getValue().asText()));
        String id = values.containsKey("id") ? values.remove("id") : "e_" + Hashes.ofJson(values).substring(0, 16);
        return new Example(id, values);
    }
}
