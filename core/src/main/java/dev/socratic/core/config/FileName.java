package dev.socratic.core.config;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// Names that users give to what becomes a file or a folder: runs, students, stores, models, tasks.
///
/// Any script, capitals, dots, dashes and blanks inside are allowed; what a file system, a shell or a path would take
/// for something else is
/// not. A config checks a name when it is read, so that no stage finds out hours later.
public final class FileName {
    /// Letters and digits of any script first, so that no name is hidden, an option or a way up; no dot or blank last,
    /// which Windows drops.
    private static final Pattern NAME = Pattern.compile(
            "[\\p{L}\\p{N}_](?:[\\p{L}\\p{M}\\p{N}_.+@=~ -]*[\\p{L}\\p{M}\\p{N}_+@=~-])?");
    /// File systems allow 255; a stage puts its own words and a date around the name.
    private static final int MOST_BYTES = 150;

    private FileName() {}

    /// @return whether it is one
    public static boolean fits(String name) {
        return NAME.matcher(name).matches() && name.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES;
    }

    /// @param component of the record that refuses, for the place of the message
    /// @return the same name
    /// @throws IllegalArgumentException if it is none, with one that is
    public static String checked(String component, String name) {
        if (!fits(name)) {
            throw new IllegalArgumentException(
                    ("%s: letters, digits and _ . - + @ = ~, at most %s bytes, for it names a file or folder; got "
                            + "'%s'; write '%s'").formatted(
                            component, MOST_BYTES, name, mended(name)));
        }
        return name;
    }

    /// @return a name that fits, as like this one as can be
    static String mended(String name) {
        String kept = name.strip().replaceAll("[^\\p{L}\\p{M}\\p{N}_.+@=~ -]", "_").replaceAll("^[^\\p{L}\\p{N}_]+", "")
                .replaceAll("[. ]+$", "");
        while (kept.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            kept = kept.substring(0, kept.offsetByCodePoints(kept.length(), -1)).replaceAll("[. ]+$", "");
        }
        return kept.isEmpty() ? "name" : kept;
    }
}
