package dev.socratic.datasets.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.row.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Rows as conversations.
final class Conversations {
    private Conversations() {}

    /// @throws DataException if the row has no conversation of that layout
    static List<ChatMessage> of(Layout layout, ObjectNode row) {
        return switch (layout) {
            case MESSAGES -> Rows.messages(row);
            case SHARE_GPT -> shareGpt(row);
            case ALPACA -> List.of(
                    ChatMessage.user(instruction(row)), ChatMessage.assistant(text(row, "output")));
            case GSM8K -> {
                Gsm8k parts = Gsm8k.parse(text(row, "answer"));
                yield List.of(
                        ChatMessage.user(text(row, "question")),
                        ChatMessage.assistant(parts.solution() + "\nThe answer is " + parts.answer() + "."));
            }
            case QUESTION -> List.of(ChatMessage.user(text(row, "question")), ChatMessage.assistant(text(row, "answer")));
            case PREFERENCE, TEXT, AUTO -> throw new DataException(
                    "row", "a conversation: messages, conversations, instruction or question", "none of these fields", "");
        };
    }

    /// @return instruction and, where there is one, input, a blank line between them
    static String instruction(ObjectNode row) {
        String input = FieldPath.of("input").textIn(row).orElse("").strip();
        String instruction = text(row, "instruction");
        return input.isEmpty() ? instruction : instruction + "\n\n" + input;
    }

    static Optional<ChatMessage> first(List<ChatMessage> messages, String role) {
        return messages.stream().filter(m -> m.role().equals(role)).findFirst();
    }

    static String text(ObjectNode row, String field) {
        JsonNode node = row.path(field);
        if (!node.isTextual()) {
            throw new DataException(field, "a string", node.isMissingNode() ? "nothing" : node.getNodeType().toString().toLowerCase(Locale.ROOT), "");
        }
        return node.textValue();
    }

    private static List<ChatMessage> shareGpt(ObjectNode row) {
        List<ChatMessage> messages = turns(row.path("conversations"), "conversations");
        if (messages.isEmpty()) {
            throw new DataException("conversations", "at least one turn", "none", "");
        }
        return messages;
    }

    /// @param turns a list of `from` and `value`
    /// @param name  its field, for messages
    static List<ChatMessage> turns(JsonNode turns, String name) {
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonNode turn : turns) {
            String at = "%s[%s]".formatted(name, messages.size());
            if (!turn.path("from").isTextual() || !turn.path("value").isTextual()) {
                throw new DataException(at, "an object with from and value", turn.getNodeType().toString().toLowerCase(Locale.ROOT), "");
            }
            messages.add(new ChatMessage(role(turn.path("from").textValue(), at), turn.path("value").textValue()));
        }
        return messages;
    }

    private static String role(String from, String at) {
        return switch (from) {
            case "human", "user" -> ChatMessage.USER;
            case "gpt", "assistant", "chatgpt", "model" -> ChatMessage.ASSISTANT;
            case "system" -> ChatMessage.SYSTEM;
            case "tool", "observation", "function_response" -> "tool";
            case String other -> throw new DataException(
                    at + ".from", "one of system, human, user, gpt, assistant, tool", "\"" + other + "\"", "");
        };
    }
}
