package dev.socratic.curator.quality;

import dev.socratic.curator.text.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// A text as the published filters see it.
///
/// @param text       itself
/// @param words      runs between blanks, punctuation included: the sources' own tokenisers differ (NLTK, spaCy,
///                   blanks), and their limits are wide
/// @param lines      that are not blank, without blanks around them
/// @param paragraphs parts between blank lines, likewise
/// @param folded     words as everything in this module compares them, for n-grams
record Document(String text, List<String> words, List<String> lines, List<String> paragraphs, List<String> folded) {
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern LINE = Pattern.compile("\\R");
    private static final Pattern PARAGRAPH = Pattern.compile("\\R\\s*\\R");

    static Document of(String text) {
        return new Document(text, parts(text, BLANKS), parts(text, LINE), parts(text, PARAGRAPH), Words.of(text));
    }

    private static List<String> parts(String text, Pattern between) {
        List<String> parts = new ArrayList<>();
        Arrays.stream(between.split(text)).map(String::strip).filter(part -> !part.isEmpty()).forEach(parts::add);
        return parts;
    }

    /// @return characters of the lines, at least 1
    long characters() {
        return Math.max(1, lines.stream().mapToLong(String::length).sum());
    }

    /// @return how often a phrase stands in the text, whatever its case, at the borders of words where it begins or
    ///         ends with a letter
    long count(String phrase) {
        String in = text.toLowerCase(Locale.ROOT);
        String wanted = phrase.toLowerCase(Locale.ROOT);
        long count = 0;
        for (int at = in.indexOf(wanted); at >= 0; at = in.indexOf(wanted, at + wanted.length())) {
            boolean begins = at == 0 || !letters(wanted.charAt(0), in.charAt(at - 1));
            int end = at + wanted.length();
            boolean ends = end == in.length() || !letters(wanted.charAt(wanted.length() - 1), in.charAt(end));
            count += begins && ends ? 1 : 0;
        }
        return count;
    }

    private static boolean letters(char one, char other) {
        return Character.isLetterOrDigit(one) && Character.isLetterOrDigit(other);
    }
}
