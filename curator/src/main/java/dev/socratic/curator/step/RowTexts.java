package dev.socratic.curator.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.socratic.core.text.ChatMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The texts of a row, whatever layout it has: what a step may edit. What only names things (ids, roles, teachers,
/// hashes) is none.
public final class RowTexts {
    private static final List<String> TEXTS = List.of("text", "answer_text", "reasoning");
    private static final List<String> TURNS = List.of("messages", "chosen", "rejected");
    private static final List<String> SAID = List.of("messages", "prompt", "chosen", "rejected");
    /// Texts of a row beside what the assistant says.
    private static final List<String> ASKED = List.of("question", "original_question", "system", "prompt",
            "final_answer");
    /// What names a thing, and is no text of anybody's.
    private static final Set<String> NAMES = Set.of("id", "question_id", "teacher", "sampling", "usage", "created",
            "finish_reason", "role", "from", "type", "template", "version", "hash", "tool_call_id", "check", "licence",
            "license", "split");
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

    /// What anybody says in a row: questions and prompts too, and every turn.
    ///
    /// @param row  stays as it is
    /// @param edit of each text; the same text where nothing is to be changed
    /// @return a copy with the texts changed; `row` itself where none was
    public static ObjectNode mapTexts(ObjectNode row, UnaryOperator<String> edit) {
        ObjectNode copy = row.deepCopy();
        TEXTS.forEach(name -> field(copy, name, edit));
        ASKED.forEach(name -> field(copy, name, edit));
        for (String name : SAID) {
            field(copy, name, edit);
            copy.path(name).forEach(turn -> turn(turn, edit));
        }
        return copy.equals(row) ? row : copy;
    }

    /// Every text of a row, in whatever field and however deep, but for names.
    ///
    /// @param row  stays as it is
    /// @param edit of each text; the same text where nothing is to be changed
    /// @return a copy with the texts changed; `row` itself where none was
    public static ObjectNode mapAll(ObjectNode row, UnaryOperator<String> edit) {
        ObjectNode copy = row.deepCopy();
        all(copy, edit);
        return copy.equals(row) ? row : copy;
    }

    private static void all(JsonNode node, UnaryOperator<String> edit) {
        if (node instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                if (list.get(i).isTextual()) {
                    list.set(i, TextNode.valueOf(edit.apply(list.get(i).textValue())));
                } else {
                    all(list.get(i), edit);
                }
            }
        } else if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                if (!NAMES.contains(name)) {
                    field(object, name, edit);
                    all(object.path(name), edit);
                }
            }
        }
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
