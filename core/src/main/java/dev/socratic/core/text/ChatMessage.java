package dev.socratic.core.text;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// One turn of a conversation.
///
/// @param role    `system`, `user`, `assistant` or `tool`
/// @param content the text of the turn; empty where it has none
/// @param fields  what else the turn has, in its order: `tool_calls`, `tool_call_id`, `name`, `reasoning_content`
///                ([#REASONING]) and whatever a chat template may ask for; `weight` ([#WEIGHT]) says whether it is
///                learned. `content` stands here only where a template is to see something else than the text: null,
///                or nothing at all (a missing node)
public record ChatMessage(String role, String content, Map<String, JsonNode> fields) {
    public static final String SYSTEM = "system";
    public static final String USER = "user";
    public static final String ASSISTANT = "assistant";
    public static final String TOOL = "tool";
    /// No turn but a whole prompt, read as it is, without a chat template; alone in its request.
    public static final String TEXT = "text";

    /// What the assistant thought before it spoke.
    public static final String REASONING = "reasoning_content";
    /// The functions the assistant calls.
    public static final String TOOL_CALLS = "tool_calls";
    /// 0 for a turn that is read and not learned, 1 or absent for one that is.
    public static final String WEIGHT = "weight";

    private static final String CONTENT = "content";

    public ChatMessage {
        Objects.requireNonNull(role);
        Objects.requireNonNull(content);
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    public ChatMessage(String role, String content) {
        this(role, content, Map.of());
    }

    public static ChatMessage system(String content) {
        return new ChatMessage(SYSTEM, content);
    }

    public static ChatMessage user(String content) {
        return new ChatMessage(USER, content);
    }

    /// @param prompt read as it is
    public static ChatMessage text(String prompt) {
        return new ChatMessage(TEXT, prompt);
    }

    public static ChatMessage assistant(String content) {
        return new ChatMessage(ASSISTANT, content);
    }

    public boolean isAssistant() {
        return role.equals(ASSISTANT);
    }

    /// @return whether it is a turn of the assistant that a student learns
    public boolean isLearned() {
        JsonNode weight = fields.get(WEIGHT);
        return isAssistant() && (weight == null || weight.asDouble() != 0);
    }

    /// @return the same without one of its fields
    public ChatMessage without(String field) {
        Map<String, JsonNode> others = new LinkedHashMap<>(fields);
        others.remove(field);
        return new ChatMessage(role, content, others);
    }

    /// @return all of it by name, as a chat template reads it and as a row holds it: `role`, `content`, the rest
    @JsonValue
    public Map<String, Object> named() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("role", role);
        all.put(CONTENT, content);
        all.putAll(fields);
        if (fields.containsKey(CONTENT) && fields.get(CONTENT).isMissingNode()) {
            all.remove(CONTENT);
        }
        return all;
    }
}
