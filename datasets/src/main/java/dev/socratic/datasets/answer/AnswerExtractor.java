package dev.socratic.datasets.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Takes the final answer out of a text.
///
/// Looks only behind the reasoning ([ReasoningSplit]) and before the tokens that end a turn, and tries the rules of
/// [Rule] in their order; within a rule the last place counts, since models repeat the examples of their prompt first.
/// Two exceptions: a value stated as the final answer behind the last `\boxed` wins over it, and boxes that belong
/// together (`\boxed{1} and \boxed{-2}`) are one list.
///
/// Safe for any number of threads. Of a text longer than [Bounds#TEXT] characters only the end is searched.
public final class AnswerExtractor {
    /// How an answer was found, the most reliable first.
    public enum Rule {
        /// `<answer>X</answer>`.
        TAG,
        /// "the final answer is X", "Final Answer: X", behind any box.
        FINAL_ANSWER,
        /// `\boxed{X}`.
        BOXED,
        /// `#### X`, as GSM8K writes it.
        HASHES,
        /// `{"answer": X}`.
        KEY,
        /// A line `A: X` or `Answer: X`, or the line under such a heading.
        ANSWER_LINE,
        /// "the answer is X".
        ANSWER_IS,
        /// "C is correct", a line that begins with `C)`: an option of a multiple choice ([Options]).
        OPTION,
        /// All of a short text that can be read as an answer.
        WHOLE,
        /// The last formula between dollars or `\( \)`.
        FORMULA,
        /// The last number.
        LAST_NUMBER
    }

    /// @param answer what was found, trimmed, in our spelling of digits and signs ("４２" is `42`)
    /// @param rule   how
    /// @param start  where the span begins in the text that was given, in characters
    /// @param end    where it ends
    public record Extracted(String answer, Rule rule, int start, int end) {}

    static final Pattern HASHES = Pattern.compile("####[ \\t]{0,9}");
    private static final Pattern KEY =
            Pattern.compile("(?i)[\"'](?:final[_ ]?)?answer[\"']\\s{0,9}:\\s{0,9}(?:\"((?:[^\"\\\\\\n]"
            + "|\\\\.){1,4096}+)\"|([^,}\\n\"]{1,4096}+))");

    private AnswerExtractor() {}

    /// @return the answer in a model's text; empty if there is none
    public static Optional<Extracted> extract(String text) {
        return Reading.of(text).flatMap(reading -> find(reading.text(), true).map(reading::placed));
    }

    /// A gold answer is trusted to be one: if no mark says otherwise, all of it is the answer, and the last number in a
    /// text never is.
    ///
    /// @return the answer in a gold text; empty if the text is blank
    public static Optional<Extracted> gold(String text) {
        return Reading.of(text).flatMap(reading -> find(reading.text(), false).map(reading::placed))
                .or(() -> new Clauses(text).span(0, text.length(), Rule.WHOLE));
    }

    private static Optional<Extracted> find(String text, boolean guess) {
        Clauses clauses = new Clauses(text);
        return tagged(text)
                .or(() -> marked(text))
                .or(clauses::whole)
                .or(() -> clauses.formula(0, text.length())
                        .map(formula -> guess ? clauses.conclusion(formula.end()).orElse(formula) : formula))
                .or(() -> guess ? clauses.lastNumber(0, text.length()) : Optional.empty());
    }

    /// What stands in a tag: by the rules below if one of them fits, else all of it if that can be an answer, else its
    /// last number.
    private static Optional<Extracted> tagged(String text) {
        return AnswerTags.in(text).flatMap(tag -> {
            String inner = text.substring(tag.start(), tag.end());
            Clauses clauses = new Clauses(inner);
            Optional<Extracted> found = marked(inner).or(clauses::whole);
            if (tag.only()) {
                found = found.or(() -> clauses.clause(skipBlanks(inner), Rule.TAG));
            }
            return found.map(e -> new Extracted(e.answer(), Rule.TAG, e.start() + tag.start(), e.end() + tag.start()));
        });
    }

    private static int skipBlanks(String text) {
        return text.length() - text.stripLeading().length();
    }

    private static Optional<Extracted> marked(String text) {
        Clauses clauses = new Clauses(text);
        Optional<Extracted> box = Boxes.last(text, 0, text.length());
        Optional<Integer> stated = last(AnswerPhrases.STANDARD.finalAnswer(), text);
        if (box.isPresent()) {
            boolean words = Readable.of(box.get().answer()) != Readable.VALUE;
            return stated.filter(at -> at > box.get().start())
                    .flatMap(at -> words ? clauses.clause(at, Rule.FINAL_ANSWER)
                            : clauses.certain(at, Rule.FINAL_ANSWER))
                    .or(() -> box);
        }
        return stated.flatMap(at -> clauses.clause(at, Rule.FINAL_ANSWER))
                .or(() -> hashes(text, clauses))
                .or(() -> key(text))
                .or(() -> last(AnswerPhrases.STANDARD.answerLine(), text)
                        .flatMap(at -> clauses.line(at, Rule.ANSWER_LINE)))
                .or(() -> last(AnswerPhrases.STANDARD.answerIs(), text)
                        .flatMap(at -> clauses.clause(at, Rule.ANSWER_IS)));
    }

    /// `####` also begins headings: it counts where a value follows, or in the last line.
    private static Optional<Extracted> hashes(String text, Clauses clauses) {
        return last(HASHES, text).flatMap(at -> clauses.wholeLine(at, Rule.HASHES))
                .filter(e -> Readable.of(e.answer()) == Readable.VALUE
                        || text.length() - e.end() < Bounds.ANSWER && Clauses.isBare(text.substring(e.end())));
    }

    static Optional<Extracted> key(String text) {
        Matcher matcher = KEY.matcher(text);
        Optional<Extracted> found = Optional.empty();
        while (matcher.find()) {
            int group = matcher.group(1) != null ? 1 : 2;
            // In JSON a backslash is written twice.
            String value = matcher.group(group).strip().replace("\\\\", "\\").replace("\\\"", "\"");
            if (!value.isEmpty() && !value.equals("null") && value.charAt(0) != '{' && value.charAt(0) != '[') {
                found = Optional.of(new Extracted(value, Rule.KEY, matcher.start(group), matcher.end(group)));
            }
        }
        return found;
    }

    static Optional<Integer> last(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        Optional<Integer> found = Optional.empty();
        while (matcher.find()) {
            found = Optional.of(matcher.end());
        }
        return found;
    }
}
