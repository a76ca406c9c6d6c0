package dev.socratic.generator.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/// Conversations that people exported from ChatGPT and Claude, as turns.
final class ChatExports {
    /// Of ChatGPT: what is no turn of anybody, but custom instructions, recaps and the like.
    private static final Set<String> NO_TURN = Set.of("user_editable_context", "model_editable_context",
            "reasoning_recap", "system_error");

    private ChatExports() {}

    /// The path from the root to the message that was on the screen last: what was edited or written again beside it
    /// is left out.
    static ArrayNode chatGpt(JsonNode conversation) {
        JsonNode mapping = conversation.path("mapping");
        List<JsonNode> path = new ArrayList<>();
        String at = conversation.path("current_node").asText("");
        if (at.isEmpty()) {
            at = lastOf(mapping);
        }
        while (mapping.has(at) && path.size() <= mapping.size()) {
            path.add(mapping.get(at).path("message"));
            at = mapping.get(at).path("parent").asText("");
        }
        Collections.reverse(path);
        ArrayNode turns = Json.mapper().createArrayNode();
        StringBuilder thoughts = new StringBuilder();
        path.forEach(message -> chatGpt(message, turns, thoughts));
        return turns;
    }

    /// The last child of the last child.
    private static String lastOf(JsonNode mapping) {
        String at = "";
        for (JsonNode node : mapping) {
            boolean root = !node.hasNonNull("parent") || !mapping.has(node.path("parent").asText());
            at = root ? node.path("id").asText("") : at;
        }
        for (int steps = 0; steps < mapping.size(); steps++) {
            JsonNode children = mapping.path(at).path("children");
            if (children.isEmpty()) {
                return at;
            }
            at = children.get(children.size() - 1).asText();
        }
        return at;
    }

    private static void chatGpt(JsonNode message, ArrayNode turns, StringBuilder thoughts) {
        JsonNode content = message.path("content");
        String type = content.path("content_type").asText("text");
        boolean hidden = message.path("metadata").path("is_visually_hidden_from_conversation").asBoolean(false)
                || message.path("weight").isNumber() && message.get("weight").asDouble() == 0;
        if (!message.isObject() || hidden || NO_TURN.contains(type)) {
            return;
        }
        if (type.equals("thoughts")) {
            content.path("thoughts").forEach(one -> thoughts.append(one.path("content").asText("")).append('\n'));
            return;
        }
        String role = message.path("author").path("role").asText("");
        ObjectNode turn = Json.mapper().createObjectNode().put("role", role);
        JsonNode parts = content.has("parts") ? text(content.get("parts"))
                : Json.mapper().getNodeFactory().textNode(content.path("text").asText(""));
        String recipient = message.path("recipient").asText("all");
        if (role.equals("assistant") && !recipient.equals("all")) {
            turn.putNull("content").withArrayProperty("tool_calls").addObject().put("type", "function")
                    .putObject("function").put("name", recipient).putObject("arguments")
                    .set(type.equals("code") ? "code" : "text", parts);
        } else if (parts.isTextual() && parts.textValue().isBlank()) {
            return; // what stands for a system prompt that is not told
        } else {
            turn.set("content", parts);
        }
        if (role.equals("assistant") && !thoughts.isEmpty()) {
            turn.put("reasoning_content", thoughts.toString().strip());
            thoughts.setLength(0);
        }
        turns.add(turn);
    }

    /// Texts alone are one text; anything else stays a list, and its row is refused by name.
    private static JsonNode text(JsonNode parts) {
        StringBuilder text = new StringBuilder();
        for (JsonNode part : parts) {
            if (!part.isTextual()) {
                ArrayNode list = Json.mapper().createArrayNode();
                return list.addObject().put("type", part.path("content_type").asText("another part"));
            }
            text.append(text.isEmpty() ? "" : "\n").append(part.textValue());
        }
        return Json.mapper().getNodeFactory().textNode(text.toString());
    }

    /// Blocks where the export has them, its text otherwise. A turn with a file whose text the export holds begins with
    /// it, as the model saw it; one with a file that is not there is refused.
    static ArrayNode claude(JsonNode conversation) {
        ArrayNode turns = Json.mapper().createArrayNode();
        for (JsonNode message : conversation.path("chat_messages")) {
            ObjectNode turn = turns.addObject()
                    .put("role", message.path("sender").asText("").equals("human") ? "user" : "assistant");
            ArrayNode content = Json.mapper().createArrayNode();
            message.path("attachments").forEach(file -> content.addObject().put("type", "text")
                    .put("text", file.path("extracted_content").asText("") + "\n\n"));
            message.path("files").forEach(file -> content.addObject().put("type", "file"));
            if (message.path("content").isArray() && !message.path("content").isEmpty()) {
                message.get("content").forEach(block -> content.add(block.deepCopy()));
            } else {
                content.addObject().put("type", "text").put("text", message.path("text").asText(""));
            }
            turn.set("content", content);
        }
        return turns;
    }
}
