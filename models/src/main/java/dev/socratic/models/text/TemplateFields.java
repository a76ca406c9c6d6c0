package dev.socratic.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.Conversation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which fields a chat template names. What it names nowhere it cannot print, and the reference leaves such fields
/// out without a word.
///
/// @param source the template's text
record TemplateFields(String source) {
    /// Names of the assistant's thoughts, in the order in which a template that knows several is given them.
    private static final List<String> THOUGHTS = List.of(ChatMessage.REASONING, "reasoning", "thinking");
    private static final List<String> VARIABLES = List.of("tools", "documents");

    /// @return whether the name stands there as a word of its own, as a field (`.name`, `'name'`) or a variable
    boolean reads(String name) {
        return Pattern.compile("(?<![\\w])" + Pattern.quote(name) + "(?![\\w])").matcher(source).find();
    }

    private boolean readsField(String name) {
        return Pattern.compile("[.'\"]" + Pattern.quote(name) + "(?![\\w])").matcher(source).find();
    }

    /// @return the message with its thoughts under the name that the template reads
    ChatMessage spelled(ChatMessage message) {
        JsonNode thoughts = message.fields().get(ChatMessage.REASONING);
        if (thoughts == null || readsField(ChatMessage.REASONING)) {
            return message;
        }
        Map<String, JsonNode> fields = new LinkedHashMap<>(message.fields());
        THOUGHTS.stream().filter(this::readsField).findFirst().ifPresent(name -> fields.put(name, thoughts));
        return new ChatMessage(message.role(), message.content(), fields);
    }

    /// @return the first thing that changes what is learned and that the template does not name
    Optional<String> unread(Conversation conversation) {
        if (has(conversation, ChatMessage.TOOL_CALLS) && !readsField(ChatMessage.TOOL_CALLS)) {
            return Optional.of(ChatMessage.TOOL_CALLS);
        }
        if (has(conversation, ChatMessage.REASONING) && THOUGHTS.stream().noneMatch(this::readsField)) {
            return Optional.of("reasoning");
        }
        return VARIABLES.stream().filter(name -> conversation.variables().containsKey(name) && !reads(name))
                .findFirst();
    }

    private static boolean has(Conversation conversation, String field) {
        return conversation.messages().stream().anyMatch(message -> message.fields().containsKey(field));
    }
}
