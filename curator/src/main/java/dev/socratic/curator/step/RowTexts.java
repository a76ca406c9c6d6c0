package dev.socratic.curator.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.socratic.core.text.ChatMessage;
import java.util.List;
import java.util.function.UnaryOperator;

/// What the assistant says in a row, and plain text, whatever layout the row has: what a step may edit. Questions,
/// prompts and what others say stay, and so does what only names things (ids, roles, teachers, hashes).
public final class RowTexts {
    private static final List<String> TEXTS = List.of("text", "answer_text", "reasoning");
    private static final List<String> TURNS = List.of("messages", "chosen", "rejected");
    private static final List<String> OF_A_TURN = List.of("content", "value", "reasoning", "reasoning_content",
            "thinking", "text");

    private RowTexts() {}

    /// @param row  stays as it is
    /// @param edit of each text; the same text where nothing is to be changed
    /// @return a copy with the texts changed; `row` itself where none was
    public static ObjectNode mapAnswers(ObjectNode row, UnaryOperator<String> edit) {
        ObjectNode copy = row.deepCopy();
        TEXTS.forEach(name -> field(copy, name, edit));
        for (String name : TURNS) {
            field(copy, name, edit);
            for (JsonNode turn : copy.path(name)) {
                if (ChatMessage.ASSISTANT.equals(turn.path("role").asText())) {
                    turn(turn, edit);
                }
            }
        }
        return copy.equals(row) ? row : copy;
    }

    private static void field(ObjectNode node, String name, UnaryOperator<String> edit) {
        if (node.path(name).isTextual()) {
            node.put(name, edit.apply(node.path(name).textValue()));
        }
    }

    /// A turn, or parts of one.
    private static void turn(JsonNode node, UnaryOperator<String> edit) {
        if (node instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                if (list.get(i).isTextual()) {
                    list.set(i, TextNode.valueOf(edit.apply(list.get(i).textValue())));
                } else {
                    turn(list.get(i), edit);
                }
            }
        } else if (node instanceof ObjectNode turn) {
            OF_A_TURN.forEach(name -> {
                field(turn, name, edit);
                turn(turn.path(name), edit);
            });
        }
    }
}
