package dev.socratic.datasets.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.FirstLine;
import dev.socratic.core.json.Json;
import java.util.Locale;

/// Text of one row to an object.
///
/// Stricter than most readers where leniency would lose something: a key that stands twice, text after the object and
/// strings that UTF-8 cannot hold are refused. Numbers keep their digits (`0.10` stays `0.10`); `NaN` and infinities,
/// as Python writes them, are null.
final class RowJson {
    private RowJson() {}

    /// @throws DataException saying what is wrong with the row
    static ObjectNode object(String text) {
        ObjectNode object = object(parse(text));
        if (text.contains("\\u")) {
            refuseLoneSurrogates(object);
        }
        return object;
    }

    static ObjectNode object(JsonNode node) {
        if (!(node instanceof ObjectNode object)) {
            throw new DataException("", "a JSON object", kind(node), "");
        }
        return object;
    }

    /// UTF-8 cannot hold half of a surrogate pair, so a row with one could not be written again. Only an escape
    /// (`\ud800`) can bring one in.
    static void refuseLoneSurrogates(JsonNode node) {
        if (node.isTextual()) {
            refuseLoneSurrogates(node.textValue());
        } else if (node.isObject()) {
            node.properties().forEach(field -> {
                refuseLoneSurrogates(field.getKey());
                refuseLoneSurrogates(field.getValue());
            });
        } else {
            node.forEach(RowJson::refuseLoneSurrogates);
        }
    }

    private static void refuseLoneSurrogates(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new DataException("", "text that UTF-8 can hold",
                        "half of a surrogate pair (\\u%04x)".formatted((int) c), "");
            }
        }
    }

    private static JsonNode parse(String text) {
        try {
            return Json.foreign(text);
        } catch (JsonProcessingException e) {
            throw problem(e);
        }
    }

    static DataException problem(JsonProcessingException e) {
        // What the parser says beside it are its own options.
        String message = FirstLine.of(e.getOriginalMessage())
                .replaceFirst("[:;] (?:enable|maximum).*", "");
        String where = e.getLocation() == null ? "" : " at column " + e.getLocation().getColumnNr();
        return new DataException("", "valid JSON", message + where, "", e);
    }

    private static String kind(JsonNode node) {
        return node == null || node.isMissingNode() ? "nothing" : node.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
