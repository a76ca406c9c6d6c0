package dev.socratic.datasets.row;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ChatMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Lists of turns and back: `role` and `content` (OpenAI, Hugging Face) or `from` and `value` (ShareGPT), whatever
/// the field they stand in.
///
/// A turn keeps all it has ([ChatMessage#fields]); what several formats spell differently is kept under one name
/// ([TurnFields]). A turn that cannot be taken whole is refused by name.
public final class Turns {
    private static final String KNOWN = "one of system, developer, user, assistant, tool, function";
    private static final String KNOWN_FROM =
            "one of system, human, user, gpt, assistant, function_call, observation, tool";

    private Turns() {}

    /// @param given the turns, or their JSON as text, as tables hold it
    /// @param place the field they stand in, for messages
    /// @throws DataException if there is none, or one that is no turn or has a field that cannot be obeyed
    public static List<ChatMessage> read(JsonNode given, String place) {
        JsonNode list = given.isTextual() ? TurnFields.parsed(given.textValue(), place) : given;
        if (!list.isArray()) {
            throw new DataException(
                    place, "a list of turns", list.isMissingNode() ? "nothing" : shown(list),
                    "write [{\"role\": \"user\", \"content\": \"...\"}, ...]");
        }
        if (list.isEmpty()) {
            throw new DataException(place, "at least one turn", "none", "fill or remove this row");
        }
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonNode turn : list) {
            messages.add(turn(turn, "%s[%s]".formatted(place, messages.size())));
        }
        return messages;
    }

    /// @return `[{role, content, ...}]`, as [#read] takes it
    public static ArrayNode json(List<ChatMessage> messages) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        for (ChatMessage message : messages) {
            ObjectNode turn = json.addObject();
            message.named().forEach((name, value) -> turn.set(name, Json.tree(value)));
        }
        return json;
    }

    private static ChatMessage turn(JsonNode turn, String place) {
        if (!turn.isObject()) {
            throw new DataException(place, "an object with role and content, or from and value", shown(turn),
                    "write {\"role\": \"user\", \"content\": \"...\"}");
        }
        boolean shareGpt = turn.has("from") && !turn.has("role");
        String said = shareGpt ? "value" : "content";
        String name = role(turn, shareGpt ? "from" : "role", place);
        boolean call = shareGpt && (name.equals("function_call") || name.equals("tool_call"));
        String role = call ? ChatMessage.ASSISTANT : role(name, shareGpt, place);
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        String text = "";
        if (call) {
            fields.put("content", NullNode.getInstance());
            fields.put(ChatMessage.TOOL_CALLS, TurnFields.calls(turn.path(said), place + "." + said));
        } else if (turn.hasNonNull(said)) {
            text = text(turn.get(said), place + "." + said);
        } else {
            fields.put("content", turn.has(said) ? NullNode.getInstance() : MissingNode.getInstance());
        }
        TurnFields.read(turn, shareGpt, role, place, fields);
        if (!call && !turn.hasNonNull(said) && !fields.containsKey(ChatMessage.TOOL_CALLS)) {
            throw new DataException(
                    place + "." + said, "a text, which only a turn that calls tools may lack",
                    turn.has(said) ? "null" : "nothing", "write the text, or remove this row");
        }
        return new ChatMessage(role, text, fields);
    }

    private static String role(JsonNode turn, String field, String place) {
        if (!turn.path(field).isTextual()) {
            throw new DataException(
                    place + "." + field, "who speaks", turn.has(field) ? shown(turn.get(field)) : "nothing",
                    "write \"role\": \"user\" or \"assistant\"");
        }
        return turn.get(field).textValue().toLowerCase(Locale.ROOT);
    }

    private static String role(String name, boolean shareGpt, String place) {
        return switch (name) {
            case "system", "developer" -> ChatMessage.SYSTEM;
            case "user" -> ChatMessage.USER;
            case "assistant" -> ChatMessage.ASSISTANT;
            case "tool", "function" -> ChatMessage.TOOL;
            case "human" -> ChatMessage.USER;
            case "gpt", "chatgpt", "bot", "model" -> ChatMessage.ASSISTANT;
            case "observation", "function_response", "tool_response" -> ChatMessage.TOOL;
            default -> throw new DataException(
                    place + (shareGpt ? ".from" : ".role"), shareGpt ? KNOWN_FROM : KNOWN,
                    "\"" + name + "\"", "rename the role, or remove this row");
        };
    }

    /// A text, or the text parts of a message one behind the other, as templates that know parts print them.
    private static String text(JsonNode content, String place) {
        if (content.isTextual()) {
            return content.textValue();
        }
        if (!content.isArray()) {
            throw new DataException(place, "a text, or a list of parts of type text", shown(content),
                    "write it as text");
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < content.size(); i++) {
            text.append(part(content.get(i), "%s[%s]".formatted(place, i)));
        }
        return text.toString();
    }

    private static String part(JsonNode part, String place) {
        if (part.isTextual()) {
            return part.textValue();
        }
        return switch (part.path("type").asText()) {
            case "text", "input_text", "output_text" -> {
                if (!part.path("text").isTextual()) {
                    throw new DataException(place + ".text", "a text",
                            part.has("text") ? shown(part.get("text")) : "nothing", "write the text of this part");
                }
                yield part.get("text").textValue();
            }
            case "thinking", "reasoning" -> throw new DataException(
                    place, "a part of type text", "type \"" + part.get("type").textValue() + "\"",
                    "write the thoughts into reasoning_content, beside content");
            default -> throw new DataException(
                    place, "a part of type text",
                    part.has("type") ? "type " + shown(part.get("type")) : shown(part),
                    "remove this row, or this part: only text is learned");
        };
    }

    static String shown(JsonNode node) {
        String text = node.toString();
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
