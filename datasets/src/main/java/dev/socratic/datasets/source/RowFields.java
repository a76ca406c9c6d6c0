package dev.socratic.datasets.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.Conversation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a row of a conversation says beside its turns: the system's text, the tools, earlier turns, variables of the
/// chat template.
///
/// Tables hold lists and objects as JSON text; so does LLaMA-Factory (`tools`). Both forms are read. A field that is
/// null, or blank, is absent.
final class RowFields {
    private static final List<String> SYSTEM = List.of("system", "system_prompt");
    private static final String HISTORY = "history";
    private static final String TOOLS = "tools";
    private static final String FUNCTIONS = "functions";
    private static final String DOCUMENTS = "documents";
    private static final String KWARGS = "chat_template_kwargs";
    /// What the trainer says itself when it renders.
    private static final Set<String> OURS = Set.of(
            "messages", "conversation", "add_generation_prompt", "continue_final_message", "chat_template", "tokenize");

    /// Fields that every layout of conversations reads.
    static final Set<String> READ = Set.of("system", "system_prompt", TOOLS, FUNCTIONS, DOCUMENTS, KWARGS);

    private RowFields() {}

    /// @return the turns behind the system's text, where the row has one of its own
    /// @throws DataException if both the row and its turns have one, and not the same
    static List<ChatMessage> withSystem(ObjectNode row, List<ChatMessage> turns) {
        Optional<String> system = system(row);
        if (system.isEmpty()) {
            return turns;
        }
        if (turns.getFirst().role().equals(ChatMessage.SYSTEM)) {
            if (turns.getFirst().content().equals(system.get())) {
                return turns;
            }
            throw new DataException("system", "one text of the system", "one here and another in the first turn",
                    "keep one of the two");
        }
        List<ChatMessage> all = new ArrayList<>();
        all.add(ChatMessage.system(system.get()));
        all.addAll(turns);
        return all;
    }

    private static Optional<String> system(ObjectNode row) {
        for (String name : SYSTEM) {
            if (row.hasNonNull(name)) {
                String text = Conversations.text(row, name);
                if (!text.isBlank()) {
                    return Optional.of(text);
                }
            }
        }
        return Optional.empty();
    }

    /// @return earlier turns, `[[question, answer], ...]`
    static List<ChatMessage> history(ObjectNode row) {
        List<ChatMessage> turns = new ArrayList<>();
        for (JsonNode pair : list(row, HISTORY).orElse(JsonNodeFactory.instance.arrayNode())) {
            if (!pair.isArray() || pair.size() != 2 || !pair.get(0).isTextual() || !pair.get(1).isTextual()) {
                throw new DataException("history[%s]".formatted(turns.size() / 2),
                        "a question and an answer: [\"...\", \"...\"]", shown(pair), "write earlier turns in pairs");
            }
            turns.add(ChatMessage.user(pair.get(0).textValue()));
            turns.add(ChatMessage.assistant(pair.get(1).textValue()));
        }
        return turns;
    }

    /// @return what a chat template sees beside the turns
    /// @throws DataException if a field is of another type, or names what the trainer says itself
    static Map<String, JsonNode> variables(ObjectNode row) {
        Map<String, JsonNode> variables = new LinkedHashMap<>();
        list(row, TOOLS).map(tools -> each(tools, TOOLS)).ifPresent(tools -> variables.put(TOOLS, tools));
        list(row, FUNCTIONS).map(functions -> wrapped(each(functions, FUNCTIONS))).ifPresent(tools -> {
            if (variables.putIfAbsent(TOOLS, tools) != null) {
                throw new DataException(FUNCTIONS, "tools or functions", "both", "keep tools");
            }
        });
        list(row, DOCUMENTS).ifPresent(documents -> variables.put(DOCUMENTS, documents));
        structured(row, KWARGS).ifPresent(given -> {
            if (!given.isObject()) {
                throw new DataException(KWARGS, "an object of variables of the chat template", shown(given),
                        "write {\"enable_thinking\": false}");
            }
            given.properties().forEach(field -> {
                if (OURS.contains(field.getKey()) || variables.containsKey(field.getKey())) {
                    throw new DataException(KWARGS + "." + field.getKey(), "variables that nothing else gives",
                            "one that is given already", "remove it");
                }
                variables.put(field.getKey(), field.getValue());
            });
        });
        return variables;
    }

    /// @param into receives the variables, so that [#variables] gives them again
    static void write(Conversation conversation, ObjectNode into) {
        ObjectNode kwargs = JsonNodeFactory.instance.objectNode();
        conversation.variables().forEach(
                (name, value) -> (name.equals(TOOLS) || name.equals(DOCUMENTS) ? into : kwargs).set(name, value));
        if (!kwargs.isEmpty()) {
            into.set(KWARGS, kwargs);
        }
    }

    /// Tools may each be JSON text of their own.
    private static ArrayNode each(ArrayNode list, String place) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (JsonNode item : list) {
            JsonNode tool = item.isTextual() ? parsed(item.textValue(), "%s[%s]".formatted(place, all.size())) : item;
            if (!tool.isObject()) {
                throw new DataException("%s[%s]".formatted(place, all.size()), "an object that describes a function",
                        shown(tool), "write {\"type\": \"function\", \"function\": {...}}");
            }
            all.add(tool);
        }
        return all;
    }

    private static ArrayNode wrapped(ArrayNode functions) {
        ArrayNode tools = JsonNodeFactory.instance.arrayNode();
        functions.forEach(function -> tools.addObject().put("type", "function").set("function", function));
        return tools;
    }

    /// @return the list, or nothing where it is absent or has no items
    private static Optional<ArrayNode> list(ObjectNode row, String name) {
        return structured(row, name).map(value -> {
            if (!(value instanceof ArrayNode list)) {
                throw new DataException(name, "a list", shown(value), "write a list, or its JSON as text");
            }
            return list;
        }).filter(list -> !list.isEmpty());
    }

    private static Optional<JsonNode> structured(ObjectNode row, String name) {
        JsonNode value = row.path(name);
        if (value.isTextual()) {
            return value.textValue().isBlank() ? Optional.empty()
                    : Optional.of(parsed(value.textValue(), name)).filter(node -> !node.isNull());
        }
        return value.isNull() || value.isMissingNode() ? Optional.empty() : Optional.of(value);
    }

    private static JsonNode parsed(String text, String place) {
        try {
            return Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new DataException(place, "JSON, where it is a text", "\"" + cut(text) + "\"",
                    "write it as a list or an object", e);
        }
    }

    private static String shown(JsonNode node) {
        return cut(node.toString());
    }

    private static String cut(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
