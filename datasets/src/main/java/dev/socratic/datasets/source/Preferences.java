package dev.socratic.datasets.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.Conversation;
import dev.socratic.datasets.row.Turns;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Rows of two answers to one prompt, in the forms public sets have: answers as texts, as turns or as lists of turns,
/// after a prompt of their own; or two whole conversations that begin alike and part at an answer.
final class Preferences {
    private Preferences() {}

    /// @throws DataException if there is no prompt, an answer is missing or empty, or both are the same
    static Example.Pair of(ObjectNode row) {
        List<ChatMessage> chosen = answer(row, "chosen");
        List<ChatMessage> rejected = answer(row, "rejected");
        int alike = alike(chosen, rejected);
        if (!chosen.getFirst().role().equals(ChatMessage.ASSISTANT)) {
            return checked(row, chosen.subList(0, alike), rest(chosen, alike), rest(rejected, alike));
        }
        List<ChatMessage> prompt = prompt(row).orElseThrow(() -> new DataException(
                "prompt", "what both answers answer: prompt, messages, conversations, instruction or question",
                "none of these fields", ""));
        return checked(row, prompt, chosen, rejected);
    }

    /// @throws DataException as above
    static Example.Pair checked(
            ObjectNode row, List<ChatMessage> prompt, List<ChatMessage> chosen, List<ChatMessage> rejected) {
        if (chosen.equals(rejected)) {
            throw new DataException("rejected", "an answer other than the chosen one", "the same", "");
        }
        if (prompt.isEmpty()) {
            throw new DataException("prompt", "at least one message before the answers", "none", "");
        }
        Conversation asked = new Conversation(RowFields.withSystem(row, prompt), RowFields.variables(row));
        return new Example.Pair(ExampleLayouts.id(row), asked, spoken(chosen, "chosen"), spoken(rejected, "rejected"),
                Optional.empty());
    }

    private static List<ChatMessage> spoken(List<ChatMessage> answer, String field) {
        if (answer.isEmpty() || !answer.getFirst().role().equals(ChatMessage.ASSISTANT)) {
            throw new DataException(field, "a turn of the assistant after what both have in common",
                    answer.isEmpty() ? "nothing" : "a turn of " + answer.getFirst().role(), "");
        }
        if (answer.getFirst().content().isBlank() && !answer.getFirst().fields().containsKey(ChatMessage.TOOL_CALLS)) {
            throw new DataException(field, "an answer", "blank text", "");
        }
        return answer;
    }

    private static List<ChatMessage> rest(List<ChatMessage> all, int from) {
        return all.subList(from, all.size());
    }

    /// Turns both begin with.
    private static int alike(List<ChatMessage> a, List<ChatMessage> b) {
        int n = 0;
        while (n < Math.min(a.size(), b.size()) && a.get(n).equals(b.get(n))) {
            n++;
        }
        return n;
    }

    private static List<ChatMessage> answer(ObjectNode row, String field) {
        JsonNode node = row.path(field);
        if (node.isTextual()) {
            return List.of(ChatMessage.assistant(node.textValue()));
        }
        if (!node.isObject() && !node.isArray() || node.isEmpty()) {
            throw new DataException(
                    field, "a text, a turn or a list of turns", node.isEmpty() && node.isContainerNode()
                            ? "an empty one"
                            : node.getNodeType().toString().toLowerCase(Locale.ROOT), "");
        }
        return Turns.read(node.isArray() ? node : JsonNodeFactory.instance.arrayNode().add(node), field);
    }

    private static Optional<List<ChatMessage>> prompt(ObjectNode row) {
        if (row.path("prompt").isArray()) {
            return Optional.of(Turns.read(row.path("prompt"), "prompt"));
        }
        if (row.path("messages").isArray()) {
            return Optional.of(Turns.read(row.path("messages"), "messages"));
        }
        if (row.path("conversations").isArray()) {
            return Optional.of(Turns.read(row.path("conversations"), "conversations"));
        }
        Optional<String> asked = row.path("prompt").isTextual()
                ? Optional.of(row.path("prompt").textValue())
                : row.path("instruction").isTextual()
                ? Optional.of(Conversations.instruction(row))
                : Optional.of(row.path("question")).filter(JsonNode::isTextual).map(JsonNode::textValue);
        return asked.map(text -> List.of(ChatMessage.user(text)));
    }
}
