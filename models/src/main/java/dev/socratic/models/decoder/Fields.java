package dev.socratic.models.decoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// The fields of a JSON object, read with their types checked; problems are collected. A `null` counts as absent, as in transformers.
final class Fields {
    private final JsonNode json;
    private final String place;
    private final UnaryOperator<String> names;
    private final List<Problem> problems;

    Fields(JsonNode json, String place) {
        this(json, place, UnaryOperator.identity());
    }

    /// @param names what the file calls a field, for problems
    Fields(JsonNode json, String place, UnaryOperator<String> names) {
        this(json, place, names, new ArrayList<>());
        if (!json.isObject()) {
            throw new DataException(place, "a JSON object", json.getNodeType().name().toLowerCase(java.util.Locale.ROOT), "");
        }
    }

    private Fields(JsonNode json, String place, UnaryOperator<String> names, List<Problem> problems) {
        this.json = json;
        this.place = place;
        this.names = names;
        this.problems = problems;
    }

    List<Problem> problems() {
        return problems;
    }

    /// @throws DataException if there were problems
    void done() {
        if (!problems.isEmpty()) {
            throw new DataException(problems);
        }
    }

    void problem(String name, String expected, String got, String remedy) {
        problems.add(new Problem(place + ": " + names.apply(name), expected, got, remedy));
    }

    Optional<Fields> inside(String name) {
        return json.path(name).isObject()
                ? Optional.of(new Fields(json.get(name), place + ": " + names.apply(name), UnaryOperator.identity(), problems))
                : Optional.empty();
    }

    Fields nothing() {
        return new Fields(MissingNode.getInstance(), place, names, problems);
    }

    boolean has(String name) {
        return !absent(json.path(name));
    }

    int required(String name) {
        if (!has(name)) {
            problem(name, "a whole number", "nothing", "");
            return 1;
        }
        return whole(name, 1);
    }

    int whole(String name, int otherwise) {
        JsonNode value = json.path(name);
        if (absent(value)) {
            return otherwise;
        }
        if (!value.canConvertToInt() || !value.isIntegralNumber()) {
            problem(name, "a whole number", shown(value), "");
            return otherwise;
        }
        return value.intValue();
    }

    double number(String name, double otherwise) {
        JsonNode value = json.path(name);
        if (absent(value)) {
            return otherwise;
        }
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            problem(name, "a number", shown(value), "");
            return otherwise;
        }
        return value.doubleValue();
    }

    boolean flag(String name, boolean otherwise) {
        JsonNode value = json.path(name);
        if (absent(value)) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            problem(name, "true or false", shown(value), "");
            return otherwise;
        }
        return value.booleanValue();
    }

    String text(String name, String otherwise) {
        JsonNode value = json.path(name);
        if (absent(value)) {
            return otherwise;
        }
        if (!value.isTextual()) {
            problem(name, "a text", shown(value), "");
            return otherwise;
        }
        return value.textValue();
    }

    /// @return the numbers of a list; nothing if the field is absent
    Optional<List<Double>> numbers(String name) {
        return list(name, "a list of numbers", JsonNode::isNumber).map(list -> list.stream().map(JsonNode::doubleValue).toList());
    }

    /// @return the texts of a list; nothing if the field is absent
    Optional<List<String>> texts(String name) {
        return list(name, "a list of texts", JsonNode::isTextual).map(list -> list.stream().map(JsonNode::textValue).toList());
    }

    private Optional<List<JsonNode>> list(String name, String expected, Predicate<JsonNode> kind) {
        JsonNode value = json.path(name);
        if (absent(value)) {
            return Optional.empty();
        }
        List<JsonNode> list = new ArrayList<>();
        value.forEach(list::add);
        if (!value.isArray() || !list.stream().allMatch(kind)) {
            problem(name, expected, shown(value), "");
            return Optional.empty();
        }
        return Optional.of(list);
    }

    /// @return the ids of a field that holds one, a list, or nothing
    List<Long> ids(String name) {
        JsonNode value = json.path(name);
        List<Long> ids = new ArrayList<>();
        if (absent(value)) {
            return ids;
        }
        for (JsonNode id : value.isArray() ? value : List.of(value)) {
            if (id.isIntegralNumber() && id.canConvertToLong() && id.longValue() >= 0) {
                ids.add(id.longValue());
            } else {
                problem(name, "a token id or a list of them", shown(value), "");
            }
        }
        return ids;
    }

    private static boolean absent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
