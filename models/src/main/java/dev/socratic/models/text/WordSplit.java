package dev.socratic.models.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The stretches of a text inside which tokens may grow: `Sequence[Digits(individual_digits), ByteLevel(use_regex)]`.
///
/// First every numeric character (Unicode N) stands alone, then the GPT-2 pattern cuts what lies between: a letter
/// run with the blank before it, a run of other signs likewise, blanks. No merge crosses a cut, which is what keeps
/// `12` two tokens and a word's blank with it.
final class WordSplit {
    private static final Pattern DIGIT = Pattern.compile("\\p{N}");

    private static final Pattern WORD = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);

    private WordSplit() {}

    /// @return the words of the text in order; joined they are the text
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher digits = DIGIT.matcher(text);
        int from = 0;
        while (digits.find()) {
            addWords(text.substring(from, digits.start()), words);
            words.add(digits.group());
            from = digits.end();
        }
        addWords(text.substring(from), words);
        return words;
    }

    private static void addWords(String stretch, List<String> words) {
        Matcher matcher = WORD.matcher(stretch);
        while (matcher.find()) {
            words.add(matcher.group());
        }
    }
}
