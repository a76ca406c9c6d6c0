package dev.socratic.models.constrain;

import dev.socratic.core.error.DataException;
import java.util.List;

/// A regular expression, read.
sealed interface Pattern {
    /// Any one of some characters.
    record Chars(CodePoints set) implements Pattern {}

    /// One behind the other; nothing where there is none.
    record Sequence(List<Pattern> parts) implements Pattern {}

    /// Any of them.
    record Either(List<Pattern> parts) implements Pattern {}

    /// @param most how often at most; -1 for any number
    record Repeat(Pattern part, int least, int most) implements Pattern {
        private void unroll(Node from, Node to, Spelling spelling, Size size) {
            Node at = from;
            for (int i = 0; i < least; i++) {
                at = once(at, spelling, size);
            }
            if (most < 0) {
                Node loop = new Node();
                at.empty(loop);
                once(loop, spelling, size).empty(loop);
                loop.empty(to);
                return;
            }
            for (int i = least; i < most; i++) {
                at.empty(to);
                at = once(at, spelling, size);
            }
            at.empty(to);
        }

        private Node once(Node at, Spelling spelling, Size size) {
            Node next = new Node();
            part.add(at, next, spelling, size);
            return next;
        }
    }

    /// How characters are written.
    interface Spelling {
        void add(Node from, CodePoints set, Node to);
    }

    /// Leads from one node to another by whatever the pattern matches.
    ///
    /// @param size counts nodes, and refuses too many
    default void add(Node from, Node to, Spelling spelling, Size size) {
        size.count();
        switch (this) {
            case Chars(CodePoints set) -> spelling.add(from, set, to);
            case Sequence(List<Pattern> parts) -> {
                Node at = from;
                for (Pattern part : parts) {
                    Node next = new Node();
                    part.add(at, next, spelling, size);
                    at = next;
                }
                at.empty(to);
            }
            case Either(List<Pattern> parts) -> parts.forEach(part -> part.add(from, to, spelling, size));
            case Repeat repeat -> repeat.unroll(from, to, spelling, size);
        }
    }

    /// How large a grammar has become.
    final class Size {
        private static final int MOST = 200_000;
        private final String place;
        private int nodes;

        Size(String place) {
            this.place = place;
        }

        void count() {
            if (++nodes > MOST) {
                throw new DataException(place, "a pattern or bounds of at most %s parts, repetitions written out"
                        .formatted(MOST), "more", "lower the numbers of repetitions");
            }
        }
    }
}
