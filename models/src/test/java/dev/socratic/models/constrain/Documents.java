package dev.socratic.models.constrain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/// Random schemas, documents that satisfy them, and whether a document does: written apart from what is tested.
public final class Documents {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private final SplittableRandom random;

    public Documents(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /// @param depth of brackets; everything in it has a bound, so that what a random model writes ends
    public ObjectNode schema(int depth) {
        ObjectNode schema = NODES.objectNode();
        switch (random.nextInt(depth > 0 ? 9 : 6)) {
            case 0 -> schema.put("type", "string").put("maxLength", random.nextInt(5));
            case 1 -> schema.put("type", "integer");
            case 2 -> schema.put("type", "number");
            case 3 -> schema.putArray("type").add("boolean").add("null");
            case 4 -> schema.set("enum", NODES.arrayNode().add("a\"b").add(7).add("grün").addNull());
            case 5 -> schema.put("type", "string").put("pattern", "^[a-f]{1,3}(x|y\"|\\\\)?$");
            case 6 -> schema.set("anyOf", NODES.arrayNode().add(schema(depth - 1)).add(schema(depth - 1)));
            case 7 -> {
                schema.put("type", "array").put("minItems", random.nextInt(2)).put("maxItems", 2);
                schema.set("items", schema(depth - 1));
            }
            default -> object(schema, depth);
        }
        return schema;
    }

    private void object(ObjectNode schema, int depth) {
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (String name : List.of("a", "longer name", "ü\"", "b")) {
            if (random.nextBoolean()) {
                properties.set(name, schema(depth - 1));
                if (random.nextBoolean()) {
                    required.add(name);
                }
            }
        }
        schema.put("additionalProperties", false);
    }

    /// One of what [#schema] allows.
    public JsonNode document(JsonNode schema) {
        if (schema.has("anyOf")) {
            return document(schema.path("anyOf").get(random.nextInt(2)));
        }
        if (schema.has("enum")) {
            return schema.path("enum").get(random.nextInt(4));
        }
        if (schema.has("pattern")) {
            return NODES.textNode("fad" + List.of("", "x", "y\"", "\\").get(random.nextInt(4)));
        }
        return switch (schema.path("type").asText()) {
            case "string" -> NODES.textNode("é\n\"x\\".substring(0, random.nextInt(schema.path("maxLength").asInt() + 1)));
            case "integer" -> NODES.numberNode(random.nextLong(-999_999_999L, 999_999_999_999L));
            case "number" -> NODES.numberNode(random.nextInt(-99, 99) / 8.0);
            case "array" -> {
                ArrayNode array = NODES.arrayNode();
                IntStream.range(0, random.nextInt(schema.path("minItems").asInt(), 3))
                        .forEach(i -> array.add(document(schema.path("items"))));
                yield array;
            }
            case "object" -> {
                ObjectNode object = NODES.objectNode();
                schema.path("properties").properties().forEach(one -> {
                    if (random.nextBoolean() || contains(schema.path("required"), one.getKey())) {
                        object.set(one.getKey(), document(one.getValue()));
                    }
                });
                yield object;
            }
            default -> random.nextBoolean() ? NODES.nullNode() : NODES.booleanNode(random.nextBoolean());
        };
    }

    private static boolean contains(JsonNode list, String text) {
        return StreamSupport.stream(list.spliterator(), false).anyMatch(one -> one.asText().equals(text));
    }

    public static boolean valid(JsonNode value, JsonNode schema) {
        if (schema.has("anyOf")) {
            return StreamSupport.stream(schema.path("anyOf").spliterator(), false).anyMatch(one -> valid(value, one));
        }
        if (schema.has("enum")) {
            return StreamSupport.stream(schema.path("enum").spliterator(), false).anyMatch(value::equals);
        }
        List<String> types = new ArrayList<>();
        if (schema.path("type").isArray()) {
            schema.path("type").forEach(type -> types.add(type.asText()));
        } else {
            types.add(schema.path("type").asText());
        }
        return types.stream().anyMatch(type -> valid(value, type, schema));
    }

    private static boolean valid(JsonNode value, String type, JsonNode schema) {
        return switch (type) {
            case "string" -> value.isTextual() && (!schema.has("maxLength")
                    || value.asText().codePointCount(0, value.asText().length()) <= schema.path("maxLength").asInt())
                    && (!schema.has("pattern") || java.util.regex.Pattern.compile(schema.path("pattern").asText())
                            .matcher(value.asText()).find());
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            case "array" -> value.isArray() && value.size() >= schema.path("minItems").asInt()
                    && value.size() <= schema.path("maxItems").asInt()
                    && StreamSupport.stream(value.spliterator(), false).allMatch(one ->
                            valid(one, schema.path("items")));
            default -> value.isObject()
                    && value.properties().stream().allMatch(one -> schema.path("properties").has(one.getKey())
                            && valid(one.getValue(), schema.path("properties").path(one.getKey())))
                    && StreamSupport.stream(schema.path("required").spliterator(), false)
                            .allMatch(name -> value.has(name.asText()));
        };
    }
}
