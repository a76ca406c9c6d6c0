package dev.socratic.curator.review;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What one reviewer says of a row at last.
///
/// @param decision what shall become of it; empty where the reviewer only said something else
/// @param flag     whether somebody should look again
/// @param labels   of the reviewer's own choice
/// @param rating   from 1
/// @param note     in words; empty where there is none
/// @param edit     other texts for the row
/// @param spans    labelled pieces of its texts
public record Opinion(Optional<Choice> decision, boolean flag, List<String> labels, Optional<Integer> rating,
        String note, Optional<TextEdit> edit, List<Span> spans) {
    public static final Opinion NONE = new Opinion(Optional.empty(), false, List.of(), Optional.empty(), "",
            Optional.empty(), List.of());

    public Opinion {
        labels = List.copyOf(labels);
        spans = List.copyOf(spans);
    }

    /// What shall become of a row.
    public enum Choice {
        /// It stays, whatever most steps say.
        ACCEPT,
        /// It goes.
        REJECT,
        /// The reviewer passed it by.
        LATER;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Texts that take the place of a row's own.
    ///
    /// @param reasoning empty where it stays; an empty text takes it away
    /// @param answer    empty where it stays
    public record TextEdit(Optional<String> reasoning, Optional<String> answer) {}

    /// A labelled piece of a text.
    ///
    /// @param in   `question`, `reasoning` or `answer`
    /// @param from first character, UTF-16 units as browsers count
    /// @param to   behind the last
    public record Span(String in, int from, int to, String label) {}

    /// @return the same with another decision
    public Opinion with(Choice other) {
        return new Opinion(Optional.of(other), flag, labels, rating, note, edit, spans);
    }

    /// @return whether it says nothing
    public boolean saysNothing() {
        return equals(NONE);
    }
}
