package dev.socratic.core.text;

import dev.socratic.core.json.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an answer has to be as a whole, prefix included. Local weights write nothing else, token by token; an endpoint
/// that knows `response_format` is told of a schema.
///
/// Which part of JSON Schema and of regular expressions is obeyed is said in `models.constrain`; whatever is not is
/// refused by name.
public sealed interface Constraint {
    /// @return what makes it another one, as text: the order of a schema's members, too, for documents keep it
    default String text() {
        return switch (this) {
            case JsonSchema(Map<String, Object> schema) -> "json_schema " + Json.tree(schema);
            case Regex(String pattern) -> "regex " + pattern;
            case Choice(List<String> choices) -> "choice " + Json.tree(choices);
        };
    }

    /// A JSON document.
    ///
    /// @param schema JSON Schema
    record JsonSchema(Map<String, Object> schema) implements Constraint {
        public JsonSchema {
            schema = Collections.unmodifiableMap(new LinkedHashMap<>(schema));
        }
    }

    /// A text that the pattern matches from beginning to end.
    record Regex(String pattern) implements Constraint {}

    /// One of some texts.
    record Choice(List<String> choices) implements Constraint {
        public Choice {
            choices = List.copyOf(choices);
            if (choices.isEmpty()) {
                throw new IllegalArgumentException("choices: at least one text; got none; leave constrain out");
            }
        }
    }
}
