package dev.socratic.datasets.source;

import dev.socratic.core.text.ChatMessage;
import java.util.List;
import java.util.Objects;

/// Something a student learns from.
public sealed interface Example {
    /// A conversation; the student learns what the assistant says.
    ///
    /// @param id       the row's own `id`, or empty
    /// @param messages at least one
    record Chat(String id, List<ChatMessage> messages) implements Example {
        public Chat {
            Objects.requireNonNull(id);
            messages = List.copyOf(messages);
        }
    }

    /// Plain text, all of which is learned.
    ///
    /// @param id the row's own `id`, or empty
    record Text(String id, String text) implements Example {
        public Text {
            Objects.requireNonNull(id);
            Objects.requireNonNull(text);
        }
    }

    String id();
}
