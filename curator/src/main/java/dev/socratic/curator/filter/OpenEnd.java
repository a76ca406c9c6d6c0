package dev.socratic.curator.filter;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds answers that stop in the middle, whatever the endpoint said of why they ended.
///
/// Only what no finished text ends with: a comma, an operator or an opening bracket; a word that needs another one
/// (`the`, `of`, `and`); a box or a code fence that is never closed. A text without a full stop at its end may be
/// finished. Texts of fewer than five words are not judged.
final class OpenEnd {
    private static final int LEAST_WORDS = 5;
    /// Words that a finished sentence does not end with, also one without a full stop.
    private static final Set<String> DANGLING = Set.of((
            "the a an of and or than because if but every plus minus equals into my your our their its his "
                    + "der die und oder ein eine le les un une des et ou du el los las del").split(" ", -1));
    private static final Pattern SIGN = Pattern.compile("[,;(\\[{=+\u00D7\u00F7<\u2212]$|(?<=[\\d\\s)])[-*/]$");
    private static final Pattern LAST_WORD = Pattern.compile("(?<![\\p{L}\\p{N}'\u2019$\\\\_-])([\\p{L}]{1,12})$");
    private static final Pattern FENCE = Pattern.compile("(?m)^ {0,3}```");
    private static final Pattern BOX = Pattern.compile("\\\\boxed\\s?\\{[^{}]{0,200}$");

    private OpenEnd() {}

    /// @return what it ends with
    static Optional<String> find(String answer) {
        String text = answer.stripTrailing();
        if (text.split("\\s+", LEAST_WORDS + 1).length < LEAST_WORDS) {
            return Optional.empty();
        }
        if (FENCE.matcher(text).results().count() % 2 == 1) {
            return Optional.of("a code fence that is not closed");
        }
        if (BOX.matcher(text).find()) {
            return Optional.of("a box that is not closed");
        }
        Matcher sign = SIGN.matcher(text);
        if (sign.find()) {
            return Optional.of(sign.group());
        }
        Matcher word = LAST_WORD.matcher(text);
        // A capital letter alone names something: "the answer is A".
        return word.find() && DANGLING.contains(word.group(1).toLowerCase(Locale.ROOT)) && !word.group(1).equals("A")
                ? Optional.of(word.group(1))
                : Optional.empty();
    }
}
