package dev.socratic.cli.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ChatMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// The messages of a chat request. What a message has besides role and text reaches the chat template, and is refused
/// where the template would pass over it.
///
/// @param reads whether the chat template knows a field of this name
record ChatMessages(Predicate<String> reads) {
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool");
    private static final String CALL_ID = "tool_call_id";
    private static final String NAME = "name";

    /// @param list the field `messages`
    /// @throws ApiFailure naming the field that is wrong
    List<ChatMessage> read(JsonNode list) {
        if (!list.isArray() || list.isEmpty()) {
            throw ApiFailure.invalid("messages", "a list of at least one {\"role\", \"content\"} expected; got "
                    + RequestFields.said(list));
        }
        List<ChatMessage> messages = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String place = "messages[%s]".formatted(i);
            if (!list.get(i).isObject()) {
                throw ApiFailure.invalid(place,
                        "{\"role\", \"content\"} expected; got " + RequestFields.said(list.get(i)));
            }
            messages.add(message(new RequestFields(place + ".", list.get(i)), place));
        }
        return messages;
    }

    private ChatMessage message(RequestFields fields, String place) {
        String role = fields.text("role").orElse("");
        if (!ROLES.contains(role)) {
            throw fields.wrong("role", "one of system, user, assistant, tool expected; got '%s'".formatted(role));
        }
        Map<String, JsonNode> more = new LinkedHashMap<>();
        fields.value(ChatMessage.TOOL_CALLS).filter(calls -> !calls.isArray() || !calls.isEmpty()).ifPresent(calls ->
                more.put(ChatMessage.TOOL_CALLS, calls(calls, fields)));
        fields.text(ChatMessage.REASONING).ifPresent(text -> more.put(ChatMessage.REASONING,
                fields.raw(ChatMessage.REASONING)));
        fields.text(CALL_ID).ifPresent(id -> more.put(CALL_ID, fields.raw(CALL_ID)));
        fields.text(NAME).ifPresent(name -> more.put(NAME, fields.raw(NAME)));
        for (String none : List.of("refusal", "audio", "function_call")) {
            fields.only(none, "this server reads no such field; leave it out", value -> false);
        }
        more.keySet().stream().filter(field -> !field.equals(CALL_ID) && !reads.test(field)).findFirst()
                .ifPresent(field -> {
            throw fields.wrong(field, "the model's chat template writes no such field; leave it out");
        });
        boolean assistant = role.equals(ChatMessage.ASSISTANT);
        if (!assistant && (more.containsKey(ChatMessage.TOOL_CALLS) || more.containsKey(ChatMessage.REASONING))) {
            throw fields.wrong(more.containsKey(ChatMessage.TOOL_CALLS) ? ChatMessage.TOOL_CALLS
                    : ChatMessage.REASONING,
                    "a message of the assistant expected with this field; got one of '%s'".formatted(role));
        }
        JsonNode content = fields.raw("content");
        boolean silent = assistant && more.containsKey(ChatMessage.TOOL_CALLS)
                && (content.isNull() || content.isMissingNode());
        if (silent) {
            more.put("content", content);
        }
        fields.close();
        return new ChatMessage(role.equals("developer") ? ChatMessage.SYSTEM : role, silent ? ""
                : text(content, place), more);
    }

    /// Arguments come as JSON in a text; templates take the value, as every server hands it to them.
    private static JsonNode calls(JsonNode calls, RequestFields fields) {
        if (!calls.isArray()) {
            throw fields.wrong(ChatMessage.TOOL_CALLS, "a list of calls expected; got " + RequestFields.said(calls));
        }
        ArrayNode read = calls.deepCopy();
        for (JsonNode call : read) {
            if (!call.path("function").path("name").isTextual()) {
                throw fields.wrong(ChatMessage.TOOL_CALLS,
                        "calls such as {\"type\": \"function\", \"function\": {\"name\", \"arguments\"}} "
                                + "expected; got " + RequestFields.said(call));
            }
            JsonNode arguments = call.path("function").path("arguments");
            if (arguments.isTextual() && !arguments.asText().isBlank()) {
                try {
                    ((ObjectNode) call.path("function")).set("arguments", Json.mapper().readTree(arguments.asText()));
                } catch (JsonProcessingException broken) {
                    throw fields.wrong(ChatMessage.TOOL_CALLS, "arguments that are JSON expected; got "
                            + RequestFields.said(arguments));
                }
            }
        }
        return read;
    }

    private static String text(JsonNode content, String place) {
        if (content.isTextual()) {
            return content.asText();
        }
        if (!content.isArray()) {
            throw ApiFailure.invalid(place + ".content", "a text expected; got "
                    + (content.isMissingNode() ? "nothing" : RequestFields.said(content)));
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            if (!part.path("type").asText().equals("text") || !part.path("text").isTextual()) {
                throw ApiFailure.invalid(place + ".content", "this server reads parts of type 'text' only; got '%s'"
                        .formatted(part.path("type").asText()));
            }
            text.append(part.path("text").asText());
        }
        return text.toString();
    }
}
