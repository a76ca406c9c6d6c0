package dev.socratic.datasets.tutoring;

import dev.socratic.datasets.answer.AnswerCheck;
import dev.socratic.datasets.answer.AnswerExtractor;
import dev.socratic.datasets.answer.Equivalence;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a text gives the answer of its question away.
///
/// A gold answer with a digit in it leaks where any number or formula of the text has its value ([Equivalence]):
/// "$1,000.00" leaks 1000, "0.5" leaks 1/2, "twelve" leaks 12. Any other leaks where it stands as words of their own,
/// whatever their case. A single letter (an option) is in every text, and leaks only where the text states it as its
/// final answer ([AnswerCheck]).
///
/// By value, so a number that means something else and happens to be equal is found too; whoever judges dialogues asks
/// first whether the answer stands in the question itself ([#find] of the question).
public final class AnswerLeak {
    private static final String DIGITS = "\\d+(?:[,.'\\u00a0\\u202f]\\d+)*";
    private static final Pattern NUMBER = Pattern.compile(
            "(?<![\\w.])[-\\u2212]?(?:[$\\u20ac\\u00a3\\u00a5]\\s?)?" + DIGITS + "(?:/" + DIGITS + ")?%?");
    private static final Pattern FORMULA = Pattern.compile(
            "\\\\boxed\\{((?:[^{}]|\\{[^{}]{0,100}}){1,200})}|\\$([^$\\n]{1,200})\\$|\\\\\\(([^\\n]{1,200}?)\\\\\\)");
    private static final Pattern WORD = Pattern.compile("\\p{L}+(?:-\\p{L}+)?");
    private static final Pattern INTEGER = Pattern.compile("[-\\u2212]?[\\d,]+");

    private AnswerLeak() {}

    /// Where the answer stands.
    ///
    /// @param start first character
    /// @param end   behind the last
    /// @param said  what stands there
    public record Place(int start, int end, String said) {}

    /// @param gold a gold answer, or a solution that ends in one
    /// @param text what a tutor says
    /// @return the first place; empty where the text does not give it away
    public static Optional<Place> find(String gold, String text) {
        String wanted = AnswerExtractor.gold(gold).map(AnswerExtractor.Extracted::answer).orElse(gold).strip();
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        if (wanted.codePoints().anyMatch(Character::isDigit)) {
            return first(valued(wanted, text, NUMBER), first(valued(wanted, text, FORMULA),
                    valued(wanted, text, WORD)));
        }
        if (wanted.length() == 1) {
            return Optional.of(AnswerCheck.STANDARD.check(wanted, text)).filter(AnswerCheck.Result::equal)
                    .flatMap(AnswerCheck.Result::extracted)
                    .map(found -> new Place(found.start(), found.end(), found.answer()));
        }
        Matcher words = Pattern.compile("(?<![\\p{L}\\p{N}])" + Pattern.quote(wanted.toLowerCase(Locale.ROOT))
                + "(?![\\p{L}\\p{N}])").matcher(text.toLowerCase(Locale.ROOT));
        return words.find() && words.end() <= text.length()
                ? Optional.of(new Place(words.start(), words.end(), text.substring(words.start(), words.end())))
                : first(valued(wanted, text, FORMULA), Optional.empty());
    }

    private static Optional<Place> first(Optional<Place> one, Optional<Place> other) {
        return one.isPresent() && other.isPresent() ? one.get().start() <= other.get().start() ? one : other
                : one.or(() -> other);
    }

    private static Optional<Place> valued(String wanted, String text, Pattern pattern) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            int group = 0;
            for (int g = 1; g <= matcher.groupCount(); g++) {
                group = matcher.group(g) == null ? group : g;
            }
            Optional<Place> found = part(wanted, matcher.group(group), matcher.start(group));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /// A quotient that is only written down has not been worked out: "18/2" gives 9 not away, but 18.
    private static Optional<Place> part(String wanted, String said, int start) {
        int slash = said.indexOf('/');
        if (slash >= 0 && INTEGER.matcher(wanted).matches()) {
            return part(wanted, said.substring(0, slash), start)
                    .or(() -> part(wanted, said.substring(slash + 1), start + slash + 1));
        }
        return Equivalence.STANDARD.judge(wanted, said.strip()).equal()
                ? Optional.of(new Place(start, start + said.length(), said.strip())) : Optional.empty();
    }
}
