package dev.socratic.eval.harness.instruction;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import java.util.List;

/// What an instruction asks for: its `kwargs`, of which nothing, 0, an empty text and an empty list are not said.
///
/// @param kind of the instruction, for messages
record Wanted(String kind, JsonNode kwargs) {
    private static final String LESS = "less than";
    private static final String LEAST = "at least";

    private JsonNode said(String key, String expected) {
        JsonNode value = kwargs.path(key);
        boolean nothing = value.isMissingNode() || value.isNull() || value.isNumber() && value.asDouble() == 0
                || value.isTextual() && value.asText().isEmpty() || value.isArray() && value.isEmpty();
        if (nothing) {
            throw unknown(key, expected);
        }
        return value;
    }

    DataException unknown(String key, String expected) {
        return new DataException("kwargs." + key, "%s, for an instruction of the kind %s".formatted(expected, kind),
                kwargs.has(key) ? kwargs.get(key).toString() : "none", "take the row out, or mend it");
    }

    String text(String key) {
        JsonNode value = said(key, "a text");
        return value.asText();
    }

    List<String> texts(String key) {
        return said(key, "a list of words").valueStream().map(JsonNode::asText).toList();
    }

    long number(String key) {
        JsonNode value = said(key, "a whole number");
        if (!value.isNumber() || value.asLong() < 0) {
            throw unknown(key, "a whole number");
        }
        return value.asLong();
    }

    /// @param relation key of `less than` or `at least`
    /// @param limit    key of the number
    boolean compares(String relation, String limit, long count) {
        String word = text(relation);
        if (!word.equals(LESS) && !word.equals(LEAST)) {
            throw unknown(relation, "'%s' or '%s'".formatted(LESS, LEAST));
        }
        return word.equals(LESS) ? count < number(limit) : count >= number(limit);
    }
}
