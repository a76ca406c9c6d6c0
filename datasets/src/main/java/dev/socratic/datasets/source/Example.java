package dev.socratic.datasets.source;

import dev.socratic.core.text.ChatMessage;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

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

    /// Two answers to one prompt, of which the first is the better one.
    ///
    /// @param id       the row's own `id`, or empty
    /// @param prompt   what came before, at least one message
    /// @param chosen   the preferred answer, from the assistant's turn on
    /// @param rejected the other one
    record Pair(String id, List<ChatMessage> prompt, List<ChatMessage> chosen, List<ChatMessage> rejected) implements Example {
        public Pair {
            Objects.requireNonNull(id);
            prompt = List.copyOf(prompt);
            chosen = List.copyOf(chosen);
            rejected = List.copyOf(rejected);
        }

        /// @return the prompt and the preferred answer
        public List<ChatMessage> preferred() {
            return Stream.concat(prompt.stream(), chosen.stream()).toList();
        }

        /// @return the prompt and the other answer
        public List<ChatMessage> other() {
            return Stream.concat(prompt.stream(), rejected.stream()).toList();
        }
    }

    String id();
}
