package dev.socratic.datasets.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbers in running text, with the sign, currency or percent that belongs to them.
final class Numbers {
    /// Letters that make a number part of a word, as in `AZYUK2A`; those of scripts whose words touch do not.
    private static final String LETTER = "\\p{L}&&[^" + UnspacedScripts.TOUCHING + "]";
    private static final String UNITS = "(?:km|cm|mm|kg|mg|ml|mL|lbs?|oz|ft|mph|hrs?|min|sec|m|g|h)(?:\\^?[23])?";
    private static final Pattern NUMBER =
            Pattern.compile("(?<![[" + LETTER
            + "]\\d.,^_{\\u7b2c\\ubc88])[-\\u2212]?\\s?(?:\\\\?[$\\u20ac\\u00a3\\u00a5\\u20b9\\u20a9\\u20bd])?\\s?"
            + "(?:\\d{1,3}(?:\\.\\d{3}){1,80},\\d++|\\d{1,3}(?:\\.\\d{3}){2,80}(?![.\\d])"
                    + "|\\d{1,3}(?:'\\d{3}){1,80}(?:\\.\\d++)?|\\d{1,2}(?:,\\d{2}){1,80},\\d{3}(?:\\.\\d++)?"
            + "|\\d{1,3}(?:,\\d{3}){1,80}(?:\\.\\d++)?|\\d++(?:[.,]\\d++)?|\\.\\d++)"
            + "(?:\\s{0,3}/\\s{0,3}\\d++)?(?:[eE][-+]?\\d++)?(?:\\s?(?:\\\\?%|percent|pct|[$\\u20ac\\u00a3])|" + UNITS
                    + "(?![" + LETTER + "\\d]))?"
            + "(?![[" + LETTER + "]\\d}^_])");

    private Numbers() {}

    /// @param start where it begins
    /// @param end   behind it
    record Found(int start, int end) {}

    /// @return the numbers of a stretch of text, in order
    static List<Found> in(String text, int from, int to) {
        List<Found> numbers = new ArrayList<>();
        Matcher matcher = matcher(text, from, to);
        while (matcher.find()) {
            numbers.add(new Found(matcher.start(), matcher.end()));
        }
        return numbers;
    }

    /// @return the stretch's numbers, with what is looked at around them
    static Matcher matcher(String text, int from, int to) {
        return NUMBER.matcher(text).region(from, to).useTransparentBounds(true);
    }
}
