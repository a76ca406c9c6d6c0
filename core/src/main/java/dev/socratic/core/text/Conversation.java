package dev.socratic.core.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Turns and what a chat template reads beside them.
///
/// @param messages  in order
/// @param variables by the name the template knows them under: `tools`, `documents`, `enable_thinking`, ...
public record Conversation(List<ChatMessage> messages, Map<String, JsonNode> variables) {
    public Conversation {
        messages = List.copyOf(messages);
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    }

    public Conversation(List<ChatMessage> messages) {
        this(messages, Map.of());
    }

    /// @return the same variables with other turns
    public Conversation with(List<ChatMessage> others) {
        return new Conversation(others, variables);
    }
}
