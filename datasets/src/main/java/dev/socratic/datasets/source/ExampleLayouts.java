package dev.socratic.datasets.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.Conversation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Rows of each layout as examples to learn from.
final class ExampleLayouts {
    private ExampleLayouts() {}

    /// @throws DataException if the row does not fit, or has nothing an assistant says
    static Example example(Layout layout, ObjectNode row) {
        return switch (layout) {
            case TEXT -> new Example.Text(id(row), Conversations.text(row, "text"));
            case PREFERENCE -> Preferences.of(row);
            case GSM8K, ALPACA, SHARE_GPT, MESSAGES, QUESTION, MULTIPLE_CHOICE, AUTO ->
                    chat(row, Conversations.of(layout, row));
        };
    }

    /// @param fields `text` alone, `user`, `chosen` and `rejected`, or `assistant` with `user` and `system` as given,
    ///               in the order system, user, assistant
    /// @throws DataException if a mapped field is absent
    static Example mapped(Map<String, FieldPath> fields, ObjectNode row) {
        if (fields.containsKey("text")) {
            return new Example.Text(id(row), text(fields.get("text"), row));
        }
        if (fields.containsKey("chosen")) {
            List<ChatMessage> prompt = said(fields, List.of(ChatMessage.SYSTEM, ChatMessage.USER), row);
            return Preferences.checked(
                    row, prompt, List.of(ChatMessage.assistant(text(fields.get("chosen"), row))),
                    List.of(ChatMessage.assistant(text(fields.get("rejected"), row))));
        }
        List<ChatMessage> messages =
                said(fields, List.of(ChatMessage.SYSTEM, ChatMessage.USER, ChatMessage.ASSISTANT), row);
        return chat(row, new Conversation(RowFields.withSystem(row, messages), RowFields.variables(row)));
    }

    private static List<ChatMessage> said(Map<String, FieldPath> fields, List<String> roles, ObjectNode row) {
        List<ChatMessage> messages = new ArrayList<>();
        for (String role : roles) {
            if (fields.containsKey(role)) {
                messages.add(new ChatMessage(role, text(fields.get(role), row)));
            }
        }
        return messages;
    }

    private static Example chat(ObjectNode row, Conversation conversation) {
        if (conversation.messages().stream().noneMatch(ChatMessage::isAssistant)) {
            throw new DataException("row", "a turn of the assistant to learn from", "none", "");
        }
        return new Example.Chat(id(row), conversation, Optional.empty());
    }

    private static String text(FieldPath path, ObjectNode row) {
        return path.textIn(row)
                .orElseThrow(() -> new DataException(path.toString(), "a text or a number", "nothing", ""));
    }

    static String id(ObjectNode row) {
        return FieldPath.of("id").textIn(row).orElse("");
    }
}
