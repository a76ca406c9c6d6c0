package dev.socratic.datasets.row;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ChatMessage;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a turn has besides who speaks and the text, each thing under one name however the file spells it.
///
/// | in the file | kept as |
/// |---|---|
/// | `tool_calls` (a list, or its JSON as text), `function_call` (one, of OpenAI's older form) | `tool_calls` |
/// | `reasoning_content`, `reasoning`, `thinking` | `reasoning_content` |
/// | `weight` (OpenAI), `train`, `training` (axolotl), `loss`, `loss_scale` (LLaMA-Factory, ms-swift) | `weight` |
/// | anything else | as it is |
///
/// A weight is 0 or 1. A field that is null is absent: tables write it so.
final class TurnFields {
    private static final List<String> THOUGHTS = List.of(ChatMessage.REASONING, "reasoning", "thinking");
    private static final List<String> WEIGHTS = List.of(ChatMessage.WEIGHT, "train", "training", "loss", "loss_scale");
    private static final Set<String> PARTLY = Set.of("train_detail", "training_detail");
    private static final String FUNCTION_CALL = "function_call";

    private TurnFields() {}

    /// @param shareGpt whether the turn says `from` and `value`
    /// @param role     ours
    /// @param into     receives them
    /// @throws DataException if one cannot be obeyed
    static void read(JsonNode turn, boolean shareGpt, String role, String place, Map<String, JsonNode> into) {
        Set<String> said = shareGpt ? Set.of("from", "value") : Set.of("role", "content");
        turn.properties().stream()
                .filter(field -> !said.contains(field.getKey()) && !field.getValue().isNull())
                .forEach(field -> one(field.getKey(), field.getValue(), role, place + "." + field.getKey(), into));
    }

    private static void one(String name, JsonNode value, String role, String place, Map<String, JsonNode> into) {
        if (name.equals(ChatMessage.TOOL_CALLS) || name.equals(FUNCTION_CALL)) {
            if (!value.isArray() || !value.isEmpty()) {
                ofAssistant(role, place);
                put(ChatMessage.TOOL_CALLS, calls(value, place), place, into);
            }
        } else if (THOUGHTS.contains(name)) {
            if (!value.isTextual()) {
                throw new DataException(place, "a text", Turns.shown(value), "write the thoughts as text");
            }
            if (!value.textValue().isEmpty()) {
                ofAssistant(role, place);
                put(ChatMessage.REASONING, value, place, into);
            }
        } else if (WEIGHTS.contains(name)) {
            put(ChatMessage.WEIGHT, weight(value, role, place), place, into);
        } else if (PARTLY.contains(name)) {
            throw new DataException(place, "turns that are learned whole or not at all", "a part of one",
                    "remove the field, or write train: false at the turn");
        } else {
            into.put(name, value);
        }
    }

    private static void put(String name, JsonNode value, String place, Map<String, JsonNode> into) {
        JsonNode other = into.putIfAbsent(name, value);
        if (other != null && !other.equals(value)) {
            throw new DataException(place, "the same as the turn says elsewhere (" + name + ")",
                    Turns.shown(value) + " beside " + Turns.shown(other), "keep one of the two");
        }
    }

    private static void ofAssistant(String role, String place) {
        if (!role.equals(ChatMessage.ASSISTANT)) {
            throw new DataException(place, "this field at turns of the assistant only", "one of " + role,
                    "remove it there, or mend the role");
        }
    }

    private static JsonNode weight(JsonNode value, String role, String place) {
        boolean whole = value.isBoolean() || value.isNumber() && (value.doubleValue() == 0 || value.doubleValue() == 1);
        if (!whole) {
            throw new DataException(
                    place, "0 or 1, true or false", Turns.shown(value),
                    "a turn counts fully or not at all: write 0 or 1, or repeat rows that are to count more");
        }
        boolean learned = value.isBoolean() ? value.booleanValue() : value.doubleValue() == 1;
        if (learned && !role.equals(ChatMessage.ASSISTANT)) {
            throw new DataException(place, "nothing to learn but turns of the assistant", "a turn of " + role,
                    "remove the field; loss_on: all learns every turn");
        }
        return IntNode.valueOf(learned ? 1 : 0);
    }

    /// @param value a list of calls, one call, or the JSON of either as text
    /// @return the calls; one that is `{name, arguments}` alone is wrapped as `{type: function, function: ...}`
    static ArrayNode calls(JsonNode value, String place) {
        JsonNode given = value.isTextual() ? parsed(value.textValue(), place) : value;
        ArrayNode calls = JsonNodeFactory.instance.arrayNode();
        for (JsonNode call : given.isArray() ? given : JsonNodeFactory.instance.arrayNode().add(given)) {
            JsonNode function = call.path("function").isObject() ? call.get("function") : call;
            if (!function.path("name").isTextual()) {
                throw new DataException(
                        place, "calls with the name of a function", Turns.shown(call),
                        "write {\"name\": \"...\", \"arguments\": {...}}");
            }
            if (function == call) {
                ObjectNode inner = call.deepCopy();
                if (!inner.hasNonNull("arguments")) {
                    inner.putObject("arguments");
                }
                calls.addObject().put("type", "function").set("function", inner);
            } else {
                calls.add(call);
            }
        }
        if (calls.isEmpty()) {
            throw new DataException(place, "at least one call of a function", "none", "remove the field");
        }
        return calls;
    }

    /// @throws DataException if the text is no JSON
    static JsonNode parsed(String text, String place) {
        try {
            return Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new DataException(place, "JSON, where it is a text",
                    "\"" + (text.length() > 60 ? text.substring(0, 60) + "..." : text) + "\"",
                    "write it as a list or an object", e);
        }
    }
}
