package dev.socratic.datasets.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import java.util.Locale;

/// Text of one row to an object and back.
///
/// Stricter than most readers where leniency would lose something: a key that stands twice, text after the object and strings that UTF-8
/// cannot hold are refused. Numbers keep their digits (`0.10` stays `0.10`).
final class RowJson {
    private final ObjectMapper mapper;

    RowJson(Limits limits) {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(limits.rowBytes())
                        .maxNestingDepth(200)
                        .maxNumberLength(1000)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        mapper = JsonMapper.builder(factory)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
    }

    /// @throws DataException saying what is wrong with the row
    ObjectNode object(String text) {
        JsonNode node;
        try {
            node = mapper.readTree(text);
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null ? "" : " at column " + e.getLocation().getColumnNr();
            throw new DataException("", "valid JSON", firstLine(e.getOriginalMessage()) + where, "", e);
        }
        if (!(node instanceof ObjectNode object)) {
            throw new DataException("", "a JSON object", kind(node), "");
        }
        if (text.contains("\\u")) {
            refuseLoneSurrogates(object);
        }
        return object;
    }

    String line(ObjectNode row) {
        try {
            return mapper.writeValueAsString(row);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a row that JSON can hold; got " + e.getOriginalMessage(), e);
        }
    }

    ObjectMapper mapper() {
        return mapper;
    }

    private static String kind(JsonNode node) {
        return node == null || node.isMissingNode() ? "nothing" : node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    private static void refuseLoneSurrogates(JsonNode node) {
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
                throw new DataException("", "text that UTF-8 can hold", "half of a surrogate pair (\\u%04x)".formatted((int) c), "");
            }
        }
    }
}
