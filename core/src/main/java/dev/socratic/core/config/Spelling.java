package dev.socratic.core.config;

import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/// Which name was probably meant, for the remedies of whoever checks names that a config only refers to.
public final class Spelling {
    private Spelling() {}

    /// @return the known name nearest to `written`, if it is near enough to have been meant: at most one edit per
    ///         three letters
    public static Optional<String> nearest(String written, Collection<String> known) {
        return Names.nearest(written, known);
    }

    /// @param known in the order they are listed in
    /// @return what to do about a name that is none of them: the one that was probably meant, or which there are
    public static String remedy(String written, Collection<String> known) {
        return nearest(written, known).map(name -> "write '" + name + "'").orElseGet(() -> known(known));
    }

    private static String known(Collection<String> known) {
        int shown = 24;
        String list = known.stream().limit(shown).collect(Collectors.joining(", "));
        return known.isEmpty() ? "there are none" : known.size() > shown ? "known: " + list + " and "
                + (known.size() - shown) + " more" : "known: " + list;
    }
}
