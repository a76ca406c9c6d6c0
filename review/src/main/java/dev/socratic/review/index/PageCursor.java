package dev.socratic.review.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.lucene.search.FieldDoc;

/// Where a page ends, as text: the values that rows are sorted by, the last of which no two rows share. So the next
/// page begins behind it whatever has come or gone since.
final class PageCursor {
    private PageCursor() {}

    static String of(FieldDoc last) {
        ArrayNode values = JsonNodeFactory.instance.arrayNode();
        for (Object value : last.fields) {
            switch (value) {
                case Long whole -> values.addObject().put("l", whole);
                case Double number -> values.addObject().put("d", Double.doubleToLongBits(number));
                case Float score -> values.addObject().put("f", Float.floatToIntBits(score));
                default -> throw new IllegalStateException("rows are sorted by numbers; got " + value);
            }
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(
                Json.line(values).getBytes(StandardCharsets.UTF_8));
    }

    /// @param size how many values rows are sorted by
    static FieldDoc read(String text, int size) {
        try {
            JsonNode values = Json.mapper().readTree(Base64.getUrlDecoder().decode(text));
            Object[] fields = new Object[size];
            for (int i = 0; i < size; i++) {
                JsonNode value = values.path(i);
                fields[i] = value.has("l") ? (Object) value.get("l").longValue()
                        : value.has("d") ? (Object) Double.longBitsToDouble(value.get("d").longValue())
                        : (Object) Float.intBitsToFloat(value.required("f").intValue());
            }
            return new FieldDoc(Integer.MAX_VALUE, Float.NaN, fields);
        } catch (IOException | IllegalArgumentException none) {
            throw new QueryProblem("wrong_cursor", ("after: the 'next' of a page with the same sort; got '%s'; leave "
                    + "it out")
                    .formatted(text.length() > 80 ? text.substring(0, 80) : text));
        }
    }
}
