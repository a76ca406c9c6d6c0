package dev.socratic.datasets.source;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.Conversation;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Something a student learns from.
public sealed interface Example {
    /// A conversation; the student learns what the assistant says.
    ///
    /// @param id           the row's own `id`, or empty
    /// @param conversation at least one message
    /// @param tag          where tags are read
    record Chat(String id, Conversation conversation, Optional<Tag> tag) implements Example {
        public Chat {
            Objects.requireNonNull(id);
            Objects.requireNonNull(conversation);
        }

        public Chat(String id, List<ChatMessage> messages) {
            this(id, new Conversation(messages), Optional.empty());
        }

        public List<ChatMessage> messages() {
            return conversation.messages();
        }
    }

    /// Plain text, all of which is learned.
    ///
    /// @param id  the row's own `id`, or empty
    /// @param tag where tags are read
    record Text(String id, String text, Optional<Tag> tag) implements Example {
        public Text {
            Objects.requireNonNull(id);
            Objects.requireNonNull(text);
        }

        public Text(String id, String text) {
            this(id, text, Optional.empty());
        }
    }

    /// Two answers to one prompt, of which the first is the better one.
    ///
    /// @param id       the row's own `id`, or empty
    /// @param asked    what came before, at least one message
    /// @param chosen   the preferred answer, from the assistant's turn on
    /// @param rejected the other one
    /// @param tag      where tags are read
    record Pair(String id, Conversation asked, List<ChatMessage> chosen, List<ChatMessage> rejected,
            Optional<Tag> tag) implements Example {
        public Pair(String id, List<ChatMessage> prompt, List<ChatMessage> chosen, List<ChatMessage> rejected) {
            this(id, new Conversation(prompt), chosen, rejected, Optional.empty());
        }

        public Pair {
            Objects.requireNonNull(id);
            Objects.requireNonNull(asked);
            chosen = List.copyOf(chosen);
            rejected = List.copyOf(rejected);
        }

        public List<ChatMessage> prompt() {
            return asked.messages();
        }

        /// @return the prompt and the preferred answer
        public Conversation preferred() {
            return with(chosen);
        }

        /// @return the prompt and the other answer
        public Conversation other() {
            return with(rejected);
        }

        private Conversation with(List<ChatMessage> answer) {
            return asked.with(Stream.concat(prompt().stream(), answer.stream()).toList());
        }
    }

    /// What a row says beside what is learned from it, in fields that the reader named ([Beside]).
    ///
    /// @param text   its tag; empty where there is none
    /// @param fields texts and numbers by the name they were asked for under; those that the row has
    /// @param place  file and line of the row, for messages
    record Tag(Optional<String> text, Map<String, String> fields, String place) {
        public Tag {
            fields = Map.copyOf(fields);
        }

        public Tag(Optional<String> text, String place) {
            this(text, Map.of(), place);
        }

        /// Of a row that has no fields.
        public static final Tag NONE = new Tag(Optional.empty(), "row");
    }

    String id();

    /// @return its tag, where tags or fields were asked for
    Optional<Tag> tag();

    /// @return the same with a tag
    default Example with(Tag tag) {
        return switch (this) {
            case Chat chat -> new Chat(chat.id(), chat.conversation(), Optional.of(tag));
            case Text text -> new Text(text.id(), text.text(), Optional.of(tag));
            case Pair pair -> new Pair(pair.id(), pair.asked(), pair.chosen(), pair.rejected(), Optional.of(tag));
        };
    }
}
