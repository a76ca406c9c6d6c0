package dev.socratic.models.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// The fields of a JSON object, read with their types checked; problems are collected. A `null` counts as absent, as
/// in transformers.
final class Fields {
    private static final String MEND = "take config.json from where the model was published";

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
            throw new DataException(place, "a JSON object",
                    json.getNodeType().name().toLowerCase(java.util.Locale.ROOT), "");
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

    /// @return the object under a name; nothing where it is absent, or no object, which is a problem
    Optional<Fields> inside(String name) {
        if (has(name) && !json.path(name).isObject()) {
            problem(name, "a JSON object, or null", shown(json.path(name)), MEND);
        }
        return json.path(name).isObject()
                ? Optional.of(
                        new Fields(json.get(name), place + ": " + names.apply(name), UnaryOperator.identity(),
                                problems))
                : Optional.empty();
    }

    Fields nothing() {
        return new Fields(MissingNode.getInstance(), place, names, problems);
    }

    boolean has(String name) {
        return !absent(json.path(name));
    }

    /// @param most the largest that a model can have
    int required(String name, int most) {
        if (!has(name)) {
            problem(name, "a whole number", "nothing", MEND);
            return 1;
        }
        return whole(name, 1, 1, most);
    }

    /// @return a number within the bounds, also where that is a problem
    int whole(String name, int otherwise, int least, int most) {
        int value = whole(name, otherwise);
        if (has(name) && (value < least || value > most)) {
            problem(name, "a whole number from %s to %s".formatted(least, most), "" + value, MEND);
            return least;
        }
        return value;
    }

    /// @return a number above 0
    double positive(String name, double otherwise) {
        return within(name, otherwise, 0, Float.MAX_VALUE);
    }

    /// @return a number above the first bound and up to the second, also where that is a problem
    double within(String name, double otherwise, double above, double most) {
        double value = number(name, otherwise);
        if (has(name) && !(value > above && value <= most)) {
            problem(name, "a number above %s and at most %s".formatted(above, most), "" + value, MEND);
            return otherwise;
        }
        return value;
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
        return list(name, "a list of numbers", JsonNode::isNumber)
                .map(list -> list.stream().map(JsonNode::doubleValue).toList());
    }

    /// @return the texts of a list; nothing if the field is absent
    Optional<List<String>> texts(String name) {
        return list(name, "a list of texts", JsonNode::isTextual)
                .map(list -> list.stream().map(JsonNode::textValue).toList());
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

    /// @return the ids of a field that holds one, a list, or nothing; a number below 0 is how some files write nothing
    List<Long> ids(String name) {
        JsonNode value = json.path(name);
        List<Long> ids = new ArrayList<>();
        if (absent(value)) {
            return ids;
        }
        for (JsonNode id : value.isArray() ? value : List.of(value)) {
            boolean whole = id.isIntegralNumber() && id.canConvertToLong();
            if (whole && id.longValue() >= 0) {
                ids.add(id.longValue());
            } else if (!whole || value.isArray()) {
                problem(name, "a token id or a list of them", shown(value), MEND);
            }
        }
        return ids;
    }

    private static boolean absent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static String shown(JsonNode value) {
        String text = value.isNumber() ? value.asText() : value.toString(); // a tree quotes NaN
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
