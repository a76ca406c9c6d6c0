package dev.socratic.core.error;

import java.util.Locale;
import java.util.regex.Pattern;

/// Text of unknown origin as a terminal may show it.
///
/// A row or a file name may hold sequences that move the cursor, change colours or titles, or turn the direction of
/// what is read; they are shown
/// by their codes instead.
public final class Printable {
    /// C0 without tabs and line ends, DEL, C1 (a byte of it begins a sequence as ESC [ does), marks and overrides of
    /// direction, line separators.
    private static final Pattern ODD =
            Pattern.compile("[\\x00-\\x08\\x0B-\\x1F\\x7F-\\x9F\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\uFEFF]");

    private Printable() {}

    /// @return the text, tabs and line ends as they are, other control characters as `\\u001b`
    public static String of(String text) {
        return ODD.matcher(text)
                .replaceAll(odd -> String.format(Locale.ROOT, "\\\\u%04x", (int) odd.group().charAt(0)));
    }
}
