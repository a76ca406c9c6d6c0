package dev.socratic.datasets.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.Conversation;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.Turns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Rows as conversations.
final class Conversations {
    private Conversations() {}

    /// @throws DataException if the row has no conversation of that layout, or a field that cannot be obeyed
    static Conversation of(Layout layout, ObjectNode row) {
        return new Conversation(RowFields.withSystem(row, turns(layout, row)), RowFields.variables(row));
    }

    private static List<ChatMessage> turns(Layout layout, ObjectNode row) {
        return switch (layout) {
            case MESSAGES -> Turns.read(row.path("messages"), "messages");
            case SHARE_GPT -> Turns.read(row.path("conversations"), "conversations");
            case ALPACA -> {
                List<ChatMessage> turns = new ArrayList<>(RowFields.history(row));
                turns.add(ChatMessage.user(instruction(row)));
                turns.add(ChatMessage.assistant(text(row, "output")));
                yield turns;
            }
            case GSM8K -> {
                Gsm8k parts = Gsm8k.parse(text(row, "answer"));
                yield List.of(
                        ChatMessage.user(text(row, "question")),
                        ChatMessage.assistant(parts.solution() + "\nThe answer is " + parts.answer() + "."));
            }
            case QUESTION ->
                    List.of(ChatMessage.user(text(row, "question")), ChatMessage.assistant(text(row, "answer")));
            case MULTIPLE_CHOICE -> {
                Question choice = QuestionLayouts.question(layout, row, "");
                yield List.of(ChatMessage.user(choice.question()), ChatMessage.assistant(choice.answer().orElseThrow(
                        () -> new DataException("answerKey", "the right choice", "nothing", "mend the row"))));
            }
            case PREFERENCE, TEXT, AUTO -> throw new DataException(
                    "row", "a conversation: messages, conversations, instruction or question", "none of these fields",
                    "");
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
            throw new DataException(field, "a string",
                    node.isMissingNode() ? "nothing" : node.getNodeType().toString().toLowerCase(Locale.ROOT), "");
        }
        return node.textValue();
    }
}
