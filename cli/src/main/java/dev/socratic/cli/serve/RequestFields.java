package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/// The fields of a JSON object, each of which is read, or refused by name: [#close] finds what nobody asked for. `null`
/// is as good as absent.
final class RequestFields {
    /// Names that a message lists.
    private static final int FEW = 12;

    private final String place;
    private final JsonNode json;
    private final Set<String> known;

    /// @param place what stands before a field's name in a message, such as `stream_options.`
    RequestFields(String place, JsonNode json) {
        this(place, json, new HashSet<>());
    }

    private RequestFields(String place, JsonNode json, Set<String> known) {
        this.place = place;
        this.json = json;
        this.known = known;
    }

    /// @return the value, or an absent one
    JsonNode raw(String field) {
        known.add(field);
        return json.path(field);
    }

    Optional<JsonNode> value(String field) {
        return Optional.of(raw(field)).filter(value -> !value.isMissingNode() && !value.isNull());
    }

    Optional<String> text(String field) {
        return typed(field, JsonNode::isTextual, "a text").map(JsonNode::asText);
    }

    boolean flag(String field, boolean otherwise) {
        return typed(field, JsonNode::isBoolean, "true or false").map(JsonNode::asBoolean).orElse(otherwise);
    }

    OptionalInt integer(String field, int least, int most) {
        return typed(field, value -> value.isIntegralNumber() && value.canConvertToInt() && value.asInt() >= least
                && value.asInt() <= most,
                "an integer from %s to %s".formatted(least, most)).stream().mapToInt(JsonNode::asInt).findFirst();
    }

    OptionalLong integer(String field) {
        return typed(field, value -> value.isIntegralNumber() && value.canConvertToLong(), "an integer").stream()
                .mapToLong(JsonNode::asLong).findFirst();
    }

    OptionalDouble number(String field) {
        return typed(field, JsonNode::isNumber, "a number").stream().mapToDouble(JsonNode::asDouble).findFirst();
    }

    Optional<RequestFields> object(String field) {
        return typed(field, JsonNode::isObject, "an object")
                .map(value -> new RequestFields(place + field + ".", value));
    }

    private Optional<JsonNode> typed(String field, Predicate<JsonNode> fits, String expected) {
        Optional<JsonNode> value = value(field);
        value.filter(fits.negate()).ifPresent(other -> {
            throw wrong(field, expected + " expected; got " + said(other));
        });
        return value;
    }

    /// @return the same but for one field
    RequestFields without(String field) {
        ObjectNode rest = json.deepCopy();
        rest.remove(field);
        return new RequestFields(place, rest, known);
    }

    /// Every field, for whoever passes them on.
    void forEach(BiConsumer<String, JsonNode> action) {
        json.properties().forEach(entry -> action.accept(entry.getKey(), entry.getValue()));
    }

    /// A field that this server does nothing about: taken where its value means what happens anyway, refused otherwise.
    ///
    /// @param harmless values that mean what happens anyway
    void only(String field, String why, Predicate<JsonNode> harmless) {
        value(field).filter(harmless.negate()).ifPresent(other -> {
            throw wrong(field, why + "; got " + said(other));
        });
    }

    /// Fields that are about the client's own records and never about the answer.
    void ignorable(List<String> fields) {
        known.addAll(fields);
    }

    ApiFailure wrong(String field, String message) {
        return ApiFailure.invalid(place + field, message);
    }

    /// @throws ApiFailure naming the first field that nobody read
    void close() {
        json.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                throw wrong(field, "this server knows no such field; leave it out; "
                        + (known.size() <= FEW ? "known here: " + String.join(", ", new TreeSet<>(known))
                        : "docs/serving.md lists what it knows"));
            }
        });
    }

    /// @return the value as it stands, cut where it is long
    static String said(JsonNode value) {
        String text = value.toString();
        return value.isMissingNode() ? "nothing" : text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
