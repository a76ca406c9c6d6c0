package dev.socratic.core.config;

import java.util.Collection;
import java.util.Optional;

/// Which name was probably meant, for the remedies of whoever checks names that a config only refers to.
public final class Spelling {
    private Spelling() {}

    /// @return the known name nearest to `written`, if it is near enough to have been meant: at most one edit per three letters
    public static Optional<String> nearest(String written, Collection<String> known) {
        return Names.nearest(written, known);
    }
}
