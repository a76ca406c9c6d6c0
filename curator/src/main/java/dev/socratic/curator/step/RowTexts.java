package dev.socratic.curator.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.socratic.core.text.ChatMessage;
import java.util.List;
import java.util.function.UnaryOperator;

/// The texts of a row that somebody wrote to be read: question, turns, thoughts, plain text, whatever layout the row
/// has. What only names things (ids, roles, teachers, hashes) is no text.
public final class RowTexts {
    private static final List<String> TEXTS = List.of("text", "question", "original_question", "instruction", "input",
            "output", "answer", "answer_text", "reasoning", "final_answer", "system", "system_prompt", "gold",
            "completion", "response", "solution");
    private static final List<String> ANSWERS = List.of("text", "answer_text", "reasoning");
    private static final List<String> TURNS = List.of("messages", "conversations", "prompt", "chosen", "rejected",
            "history");
    private static final List<String> OF_TURNS = List.of("content", "value", "reasoning", "reasoning_content",
            "thinking", "text");

    private RowTexts() {}

    /// @param row  stays as it is
    /// @param edit of each text; the same object where nothing is to be changed
    /// @return a copy with the texts changed; `row` itself where none was
    public static ObjectNode map(ObjectNode row, UnaryOperator<String> edit) {
        ObjectNode copy = row.deepCopy();
        TEXTS.forEach(name -> field(copy, name, edit));
        TURNS.forEach(name -> {
            field(copy, name, edit);
            turns(copy.path(name), edit);
        });
        return copy.equals(row) ? row : copy;
    }

    /// The same of what the assistant says, and of plain texts: questions, prompts and what others say stay.
    public static ObjectNode mapAnswers(ObjectNode row, UnaryOperator<String> edit) {
        ObjectNode copy = row.deepCopy();
        ANSWERS.forEach(name -> field(copy, name, edit));
        for (String name : List.of("chosen", "rejected", "messages")) {
            field(copy, name, edit);
            for (JsonNode turn : copy.path(name)) {
                if (ChatMessage.ASSISTANT.equals(turn.path("role").asText())) {
                    turns(turn, edit);
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

    /// A text, a turn, parts of a turn, or a list of any.
    private static void turns(JsonNode node, UnaryOperator<String> edit) {
        if (node instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                if (list.get(i).isTextual()) {
                    list.set(i, TextNode.valueOf(edit.apply(list.get(i).textValue())));
                } else {
                    turns(list.get(i), edit);
                }
            }
        } else if (node instanceof ObjectNode turn) {
            OF_TURNS.forEach(name -> {
                field(turn, name, edit);
                turns(turn.path(name), edit);
            });
        }
    }
}
