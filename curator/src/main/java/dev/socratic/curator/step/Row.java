package dev.socratic.curator.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.row.Trace;
import java.util.Objects;

/// One answer on its way through the steps.
///
/// @param json     the row as it was read, with the field `question` added where it was missing; this is what is written, so that nothing
///                 of a row is lost or reordered
/// @param trace    the same, typed
/// @param question the question's own text, without the prompt around it
public record Row(ObjectNode json, Trace trace, String question) {
    public Row {
        Objects.requireNonNull(json);
        Objects.requireNonNull(trace);
        Objects.requireNonNull(question);
    }

    /// @return the assistant's last message, reasoning included, as a student is to learn it; empty if the last message is of another role
    public String answer() {
        if (trace.messages().isEmpty()) {
            return "";
        }
        ChatMessage last = trace.messages().getLast();
        return last.role().equals(ChatMessage.ASSISTANT) ? last.content() : "";
    }
}
