package dev.socratic.eval.judged;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// Which sentences of a text ask something: those that end in a question mark, of whatever script.
final class AskingSentences {
    // A point behind a digit ends a sentence only before a blank, and a lone capital's ("J. Smith") none.
    private static final Pattern END = Pattern.compile(
            "(?<=[?\\uff1f\\u061f\\u3002])(?![\"')\\]*_\\u201d\\u2019])\\s*|(?<=[^\\s\\d\\p{Lu}][.!])\\s+|"
            + "(?<=[!])\\s+|(?<=\\d\\.)\\s+|\\n+");
    private static final Pattern ASKS = Pattern.compile(".*[?\\uff1f\\u061f][\"')\\]*_\\u201d\\u2019]*\\s*",
            Pattern.DOTALL);

    private AskingSentences() {}

    /// @return the sentences that ask, in their order
    static List<String> of(String text) {
        return Arrays.stream(END.split(text)).map(String::strip).filter(one -> ASKS.matcher(one).matches()).toList();
    }

    static boolean asks(String text) {
        return !of(text).isEmpty();
    }
}
