package dev.socratic.datasets.row;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Takes an object apart field by field, says plainly what is wrong with one, and hands back the fields nobody asked
/// for.
final class FieldReader {
    private final String place;
    private final JsonNode object;
    private final Set<String> asked = new HashSet<>();

    /// @param place the path of this object in its row, empty for the row itself
    FieldReader(String place, JsonNode object) {
        if (!object.isObject()) {
            throw new DataException(place.isEmpty() ? "row" : place, "an object", shown(object), "");
        }
        this.place = place;
        this.object = object;
    }

    String text(String name) {
        JsonNode node = present(name);
        if (!node.isTextual()) {
            throw wrong(name, "a string", node);
        }
        return node.textValue();
    }

    String text(String name, String absent) {
        return optionalText(name).orElse(absent);
    }

    Optional<String> optionalText(String name) {
        return has(name) ? Optional.of(text(name)) : Optional.empty();
    }

    long whole(String name) {
        JsonNode node = present(name);
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw wrong(name, "a whole number of 64 bits", node);
        }
        return node.longValue();
    }

    int smallWhole(String name) {
        long value = whole(name);
        if (value != (int) value) {
            throw wrong(name, "a whole number of 32 bits", object.get(name));
        }
        return (int) value;
    }

    double number(String name) {
        JsonNode node = present(name);
        if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
            throw wrong(name, "a finite number", node);
        }
        return node.doubleValue();
    }

    boolean flag(String name) {
        JsonNode node = present(name);
        if (!node.isBoolean()) {
            throw wrong(name, "true or false", node);
        }
        return node.booleanValue();
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : items(name)) {
            if (!item.isTextual()) {
                throw wrong(name, "a list of strings", item);
            }
            texts.add(item.textValue());
        }
        return texts;
    }

    /// @return the items of a list; none where the field is absent
    List<JsonNode> items(String name) {
        if (!has(name)) {
            return List.of();
        }
        JsonNode node = object.get(name);
        if (!node.isArray()) {
            throw wrong(name, "a list", node);
        }
        List<JsonNode> items = new ArrayList<>();
        node.forEach(items::add);
        return items;
    }

    FieldReader inner(String name) {
        return new FieldReader(at(name), present(name));
    }

    String at(String name) {
        return place.isEmpty() ? name : place + "." + name;
    }

    /// @return whether the field is there and not null
    boolean has(String name) {
        asked.add(name);
        return object.hasNonNull(name);
    }

    /// @return the fields that were never asked for, in the order they stand in
    ObjectNode rest() {
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        object.properties().stream()
                .filter(field -> !asked.contains(field.getKey()))
                .forEach(field -> rest.set(field.getKey(), field.getValue()));
        return rest;
    }

    private JsonNode present(String name) {
        if (!has(name)) {
            throw new DataException(at(name), "this field", object.has(name) ? "null" : "nothing", "");
        }
        return object.get(name);
    }

    private DataException wrong(String name, String expected, JsonNode got) {
        return new DataException(at(name), expected, shown(got), "");
    }

    private static String shown(JsonNode node) {
        String text = node.toString();
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
