package dev.socratic.models.constrain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BiFunction;

/// `allOf` of schemas that say different things, as one schema: keywords of all, `properties` and `required` of all
/// together. Whatever two of them say differently is refused.
final class SchemaMerge {
    private SchemaMerge() {}

    /// @param resolve what a `$ref` stands for, which is found at a place
    static ObjectNode merged(ObjectNode schema, BiFunction<String, String, JsonNode> resolve, String place) {
        ObjectNode all = schema.deepCopy();
        JsonNode parts = all.remove("allOf");
        if (!parts.isArray() || parts.isEmpty()) {
            throw new DataException(place, "a list of schemas", parts.toString(), "write at least one");
        }
        for (int i = 0; i < parts.size(); i++) {
            JsonNode part = parts.get(i);
            if (part.has("$ref")) {
                part = resolve.apply(part.path("$ref").asText(), place + "[" + i + "]");
            }
            if (part.has("allOf") || part.has("anyOf") || part.has("oneOf") || part.has("$ref") || !part.isObject()) {
                throw new DataException(place + "[" + i + "]", "a schema without further schemas beside it",
                        part.toString(), "write it out as one schema");
            }
            add(all, (ObjectNode) part, place + "[" + i + "]");
        }
        return all;
    }

    private static void add(ObjectNode all, ObjectNode part, String place) {
        part.properties().forEach(entry -> {
            String keyword = entry.getKey();
            JsonNode value = entry.getValue();
            if (!all.has(keyword)) {
                all.set(keyword, value.deepCopy());
            } else if (keyword.equals("properties")) {
                value.properties().forEach(one -> same((ObjectNode) all.get("properties"), one.getKey(),
                        one.getValue(), place + ".properties"));
            } else if (keyword.equals("required")) {
                Set<String> names = new LinkedHashSet<>();
                all.get(keyword).forEach(name -> names.add(name.asText()));
                value.forEach(name -> names.add(name.asText()));
                ArrayNode both = all.putArray("required");
                names.forEach(both::add);
            } else if (!keyword.equals("title") && !keyword.equals("description")) {
                same(all, keyword, value, place);
            }
        });
    }

    private static void same(ObjectNode into, String name, JsonNode value, String place) {
        if (into.has(name) && !into.get(name).equals(value)) {
            throw new DataException(place + "." + name, "what the other schemas of allOf say, " + into.get(name),
                    value.toString(), "write it out as one schema");
        }
        into.set(name, value.deepCopy());
    }
}
