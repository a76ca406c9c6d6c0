package dev.socratic.curator.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.review.Opinion.TextEdit;
import dev.socratic.datasets.answer.ReasoningSplit;
import java.util.List;
import java.util.Optional;

/// A row with the texts somebody gave it, in whatever layout it has: the last turn of the assistant of a conversation,
/// the preferred answer of a pair, the answer's field, the plain text. Where reasoning stands in the text it is written
/// back between `<think>` marks; where the row has a field for it, into that.
public final class EditedRow {
    private static final List<String> TURNS = List.of("messages", "conversations", "conversation", "chosen");
    private static final List<String> ANSWERS = List.of("answer", "output", "response", "completion", "solution",
            "chosen", "text");
    private static final List<String> CONTENT = List.of("content", "value", "text");
    private static final List<String> REASONING = List.of("reasoning", "reasoning_content", "thinking");

    private EditedRow() {}

    /// @param row stays as it is
    /// @return a copy; equal to the row where it holds no text that could be edited
    public static ObjectNode of(ObjectNode row, TextEdit edit) {
        ObjectNode copy = row.deepCopy();
        for (String name : TURNS) {
            if (copy.path(name) instanceof ArrayNode turns && !turns.isEmpty()
                    && turns.get(turns.size() - 1) instanceof ObjectNode last) {
                texts(last, CONTENT, edit);
                own(copy, edit);
                return copy;
            }
        }
        texts(copy, ANSWERS, edit);
        own(copy, edit);
        return copy;
    }

    private static void texts(ObjectNode node, List<String> names, TextEdit edit) {
        Optional<String> reasoningField = REASONING.stream().filter(name -> node.path(name).isTextual()).findFirst();
        for (String name : names) {
            JsonNode text = node.path(name);
            if (text.isTextual()) {
                ReasoningSplit split = ReasoningSplit.of(text.textValue());
                String answer = edit.answer().orElse(split.answer());
                if (reasoningField.isPresent()) {
                    edit.reasoning().ifPresent(words -> node.put(reasoningField.get(), words));
                    node.put(name, split.reasoning().isPresent() ? joined(split.reasoning(), answer) : answer);
                } else {
                    node.put(name, joined(edit.reasoning().or(split::reasoning), answer));
                }
                return;
            }
        }
    }

    /// What `generate` keeps of an answer beside the conversation.
    private static void own(ObjectNode row, TextEdit edit) {
        if (row.path("answer_text").isTextual()) {
            edit.answer().ifPresent(text -> row.put("answer_text", text));
            edit.reasoning().ifPresent(text -> row.put("reasoning", text));
        }
    }

    private static String joined(Optional<String> reasoning, String answer) {
        return reasoning.filter(text -> !text.isBlank())
                .map(text -> "<think>\n" + text.strip() + "\n</think>\n\n" + answer).orElse(answer);
    }
}
