package dev.socratic.models.constrain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.models.constrain.Node.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// A JSON schema as rules, one for each place in it that is a schema, so that a schema may hold itself.
///
/// What is written is one document of those that satisfy the schema: members in the order of `properties`, one blank at
/// most behind `:` and `,`, none elsewhere.
final class SchemaRules {
    private static final Set<String> ANNOTATIONS = Set.of("title", "description", "default", "examples", "$schema",
            "$id", "$comment", "$defs", "definitions", "readOnly", "writeOnly", "deprecated");
    private static final Map<String, Set<String>> OF_TYPE = Map.of(
            "object", Set.of("properties", "required", "additionalProperties"),
            "array", Set.of("items", "minItems", "maxItems"),
            "string", Set.of("minLength", "maxLength", "pattern"),
            "integer", Set.of(), "number", Set.of(), "boolean", Set.of(), "null", Set.of());
    private static final int MOST_ITEMS = 10_000;

    private final JsonNode root;
    private final Pattern.Size size = new Pattern.Size("json_schema");
    private final Map<String, Rule> byPlace = new HashMap<>();
    /// Places that are being read without a bracket having come before: to come back to one would never end.
    private final Set<String> unguarded = new HashSet<>();

    private SchemaRules(JsonNode root) {
        this.root = root;
    }

    /// @throws DataException naming the place and keyword that is not obeyed
    static Rule of(JsonNode schema) {
        return new SchemaRules(schema).rule(schema, "json_schema");
    }

    /// @param place where the schema stands, which is what it is known by
    private Rule rule(JsonNode schema, String place) {
        if (unguarded.contains(place)) {
            throw new DataException(place, "a schema that comes back to itself only inside of an object or an array",
                    "one that is itself", "put the $ref into properties or items");
        }
        Rule known = byPlace.get(place);
        if (known != null) { // a map's word for "not there"
            return known;
        }
        Rule rule = new Rule();
        byPlace.put(place, rule);
        unguarded.add(place);
        fill(schema, place, rule.start(), rule.end());
        unguarded.remove(place);
        return rule;
    }

    /// Of what stands inside of brackets.
    private Rule inside(JsonNode schema, String place) {
        Set<String> before = new HashSet<>(unguarded);
        unguarded.clear();
        Rule rule = rule(schema, place);
        unguarded.addAll(before);
        return rule;
    }

    private void fill(JsonNode schema, String place, Node from, Node to) {
        if (schema.isBoolean() && schema.asBoolean()) {
            anything(from, to);
            return;
        }
        if (!(schema instanceof ObjectNode object)) {
            throw new DataException(place, "a schema: an object, or true for anything", schema.toString(),
                    "write {type: ...}");
        }
        if (object.has("$ref")) {
            alone(object, "$ref", place);
            from.call(referred(object.path("$ref").asText(), place + ".$ref"), to);
        } else if (object.has("anyOf") || object.has("oneOf")) {
            String name = object.has("anyOf") ? "anyOf" : "oneOf";
            alone(object, name, place);
            either(object.path(name), place + "." + name, from, to);
        } else if (object.has("allOf")) {
            String all = place + ".allOf";
            from.call(rule(SchemaMerge.merged(object, this::resolved, all), all), to);
        } else {
            values(object, place, from, to);
        }
    }

    private void alone(ObjectNode schema, String keyword, String place) {
        schema.fieldNames().forEachRemaining(other -> {
            if (!other.equals(keyword) && !ANNOTATIONS.contains(other)) {
                throw new DataException(place + "." + other, "nothing beside " + keyword, other,
                        "write it into each schema of " + keyword + ", or join them with allOf");
            }
        });
    }

    private void either(JsonNode list, String place, Node from, Node to) {
        if (!list.isArray() || list.isEmpty()) {
            throw new DataException(place, "a list of schemas", list.toString(), "write at least one");
        }
        for (int i = 0; i < list.size(); i++) {
            from.call(rule(list.get(i), place + "[" + i + "]"), to);
        }
    }

    private Rule referred(String pointer, String place) {
        return rule(resolved(pointer, place), pointer.equals("#") ? "json_schema" : pointer);
    }

    private JsonNode resolved(String pointer, String place) {
        JsonNode found = pointer.equals("#") ? root
                : pointer.startsWith("#/") ? root.at(pointer.substring(1)) : root.path("/");
        if (found.isMissingNode()) {
            throw new DataException(place, "a place in this schema (#/$defs/NAME)", "'%s'".formatted(pointer),
                    "write the schema under $defs and name it there");
        }
        return found;
    }

    private void values(ObjectNode schema, String place, Node from, Node to) {
        List<String> types = types(schema, place);
        requireKnown(schema, types, place);
        JsonNode named = schema.has("const") ? schema.path("const") : schema.path("enum");
        if (!named.isMissingNode()) {
            List<JsonNode> literals = new ArrayList<>();
            (schema.has("const") ? List.of(named) : named).forEach(literals::add);
            literals.stream().filter(value -> !schema.has("type") || types.stream().anyMatch(type -> is(value, type)))
                    .forEach(value -> JsonTexts.literal(from, to, value));
            return;
        }
        types.forEach(type -> value(type, schema, place, from, to));
    }

    private static boolean is(JsonNode value, String type) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            default -> value.isNull();
        };
    }

    /// @return what `type` says, or what the other keywords are of; all where none is of any
    private static List<String> types(ObjectNode schema, String place) {
        JsonNode said = schema.path("type");
        List<String> types = new ArrayList<>();
        if (said.isArray()) {
            said.forEach(one -> types.add(one.asText()));
        } else if (!said.isMissingNode()) {
            types.add(said.asText());
        } else {
            OF_TYPE.forEach((type, keywords) -> {
                if (keywords.stream().anyMatch(schema::has)) {
                    types.add(type);
                }
            });
            if (types.isEmpty()) {
                types.addAll(List.of("object", "array", "string", "number", "boolean", "null"));
            }
        }
        types.stream().filter(type -> !OF_TYPE.containsKey(type)).findFirst().ifPresent(type -> {
            throw new DataException(place + ".type", "one of " + new TreeSet<>(OF_TYPE.keySet()),
                    "'%s'".formatted(type), "write one of them");
        });
        return types;
    }

    private static void requireKnown(ObjectNode schema, List<String> types, String place) {
        Set<String> known = new TreeSet<>(Set.of("type", "enum", "const"));
        types.forEach(type -> known.addAll(OF_TYPE.get(type)));
        schema.fieldNames().forEachRemaining(keyword -> {
            if (!known.contains(keyword) && !ANNOTATIONS.contains(keyword)) {
                Set<String> all = new TreeSet<>(known);
                all.addAll(List.of("$ref", "anyOf", "oneOf", "allOf"));
                throw new DataException(place + "." + keyword, "a keyword that is obeyed here: " + String.join(", ",
                        all), "'%s'".formatted(keyword), "leave it out and check the answer for it");
            }
        });
    }

    private void value(String type, ObjectNode schema, String place, Node from, Node to) {
        switch (type) {
            case "object" -> object(schema, place, from, to);
            case "array" -> array(schema, place, from, to);
            case "string" -> text(schema, place, from, to);
            case "integer" -> JsonTexts.whole(from, to, size);
            case "number" -> JsonTexts.number(from, to, size);
            case "boolean" -> {
                Utf8.add(from, "true", to);
                Utf8.add(from, "false", to);
            }
            default -> Utf8.add(from, "null", to);
        }
    }

    private void text(ObjectNode schema, String place, Node from, Node to) {
        int least = bound(schema, "minLength", place).orElse(0);
        int most = bound(schema, "maxLength", place).orElse(-1);
        if (!schema.has("pattern")) {
            if (most < 0 || least <= most) {
                JsonTexts.text(from, to, least, most, size);
            }
            return;
        }
        if (schema.has("minLength") || schema.has("maxLength")) {
            throw new DataException(place + ".pattern", "a pattern without minLength and maxLength", "both",
                    "write the length into the pattern: ^[a-z]{2,5}$");
        }
        JsonTexts.text(from, to, PatternParser.parse(place + ".pattern", schema.path("pattern").asText()).somewhere(),
                size);
    }

    private static java.util.Optional<Integer> bound(ObjectNode schema, String keyword, String place) {
        JsonNode said = schema.path(keyword);
        if (said.isMissingNode()) {
            return java.util.Optional.empty();
        }
        if (!said.canConvertToInt() || said.asInt() < 0 || said.asInt() > MOST_ITEMS) {
            throw new DataException(place + "." + keyword, "a number from 0 to " + MOST_ITEMS, said.toString(),
                    "leave it out for no bound");
        }
        return java.util.Optional.of(said.asInt());
    }

    private void array(ObjectNode schema, String place, Node from, Node to) {
        int least = bound(schema, "minItems", place).orElse(0);
        int most = bound(schema, "maxItems", place).orElse(-1);
        if (most >= 0 && most < least) {
            return;
        }
        Node open = new Node();
        Node close = new Node();
        Utf8.add(from, "[", open);
        Utf8.add(close, "]", to);
        if (least == 0) {
            open.empty(close);
        }
        if (most == 0) {
            return;
        }
        Rule item = schema.has("items") ? inside(schema.path("items"), place + ".items") : any();
        Node at = new Node();
        open.call(item, at);
        for (int i = 1; i < least || i < most; i++) {
            size.count();
            if (i >= least) {
                at.empty(close);
            }
            Node comma = new Node();
            Node next = new Node();
            JsonTexts.after(",", at, comma);
            comma.call(item, next);
            at = next;
        }
        at.empty(close);
        if (most < 0) {
            Node comma = new Node();
            JsonTexts.after(",", at, comma);
            comma.call(item, at);
        }
    }

    private void object(ObjectNode schema, String place, Node from, Node to) {
        JsonNode properties = schema.path("properties");
        List<String> names = new ArrayList<>();
        properties.fieldNames().forEachRemaining(names::add);
        Set<String> required = new HashSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        boolean free = schema.has("additionalProperties")
                ? !schema.path("additionalProperties").isBoolean() || schema.path("additionalProperties").asBoolean()
                : names.isEmpty();
        required.stream().filter(name -> !names.contains(name)).findFirst().ifPresent(name -> {
            throw new DataException(place + ".required", "names that stand in properties", "'%s'".formatted(name),
                    "add it to properties");
        });
        Node none = new Node(); // no member yet
        Node some = new Node();
        Utf8.add(from, "{", none);
        for (String name : names) {
            Rule member = new Rule();
            Node value = new Node();
            JsonTexts.name(member.start(), value, JsonTexts.exactly(name), size);
            value.call(inside(properties.path(name), place + ".properties." + name), member.end());
            Node later = new Node();
            Node nothing = new Node();
            none.call(member, later);
            Node comma = new Node();
            JsonTexts.after(",", some, comma);
            comma.call(member, later);
            if (!required.contains(name)) {
                none.empty(nothing);
                some.empty(later);
            }
            none = nothing;
            some = later;
        }
        if (free) {
            further(schema, place, names, none, some);
        }
        Utf8.add(none, "}", to);
        Utf8.add(some, "}", to);
    }

    private void further(ObjectNode schema, String place, List<String> names, Node none, Node some) {
        JsonNode further = schema.path("additionalProperties");
        Rule member = new Rule();
        Node value = new Node();
        JsonTexts.otherName(member.start(), value, names);
        value.call(further.isObject() ? inside(further, place + ".additionalProperties") : any(), member.end());
        Node comma = new Node();
        none.call(member, some);
        JsonTexts.after(",", some, comma);
        comma.call(member, some);
    }

    private Rule any() {
        return inside(com.fasterxml.jackson.databind.node.BooleanNode.TRUE, "anything");
    }

    private void anything(Node from, Node to) {
        ObjectNode empty = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
        for (String type : List.of("object", "array", "string", "number", "boolean", "null")) {
            value(type, empty, "anything", from, to);
        }
    }
}
