package dev.socratic.datasets.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Takes the final answer out of a text.
///
/// Looks only behind the last `</think>`, if there is one, and tries the rules of [Rule] in their order; within a rule the last place
/// counts, since models repeat the examples of their prompt first. Two exceptions: an explicit "final answer" that stands after the last
/// `\boxed` wins over it, and boxes that belong together (`\boxed{1} and \boxed{-2}`) are one list.
///
/// Safe for any number of threads. Of a text longer than [Bounds#TEXT] characters only the end is searched.
public final class AnswerExtractor {
    /// How an answer was found, the most reliable first.
    public enum Rule {
        /// "the final answer is X", "Final Answer: X", behind any box.
        FINAL_ANSWER,
        /// `\boxed{X}`.
        BOXED,
        /// `#### X`, as GSM8K writes it.
        HASHES,
        /// A line `A: X` or `Answer: X`.
        ANSWER_LINE,
        /// "the answer is X".
        ANSWER_IS,
        /// All of a short text that can be read as an answer.
        WHOLE,
        /// The last formula between dollars or `\( \)`.
        FORMULA,
        /// The last number.
        LAST_NUMBER
    }

    /// @param answer what was found, trimmed
    /// @param rule   how
    /// @param start  where the span begins in the text that was given, in characters
    /// @param end    where it ends
    public record Extracted(String answer, Rule rule, int start, int end) {}

    // Every repetition is bounded or possessive: none of these takes more than linear time on any text.
    private static final Pattern FINAL_ANSWER = Pattern.compile("(?i)\\bfinal answer(?:\\s{1,9}is\\b|\\*\\*|\\s{0,9}:){1,3}\\s{0,9}"
            + "(?:the (?:final )?answer is\\s{0,9}:?)?[\\s*]{0,9}");
    private static final Pattern ANSWER_LINE = Pattern.compile("(?im)^[ \\t*>#-]{0,9}(?:a|answer)[ \\t]{0,9}:[*\\s]{0,9}");
    private static final Pattern ANSWER_IS = Pattern.compile("(?i)\\banswer\\b[\\s*]{0,9}(?:is\\b|:|=)[\\s*]{0,9}"
            + "(?:equal to|exactly|approximately|about|therefore|:)?\\s{0,9}");
    private static final Pattern HASHES = Pattern.compile("####[ \\t]{0,9}");
    private static final Pattern BOX = Pattern.compile("\\\\f?box(?:ed)?[ ]{0,9}\\{");
    private static final Pattern BETWEEN = Pattern.compile("\\s{0,9}(?:,\\s{0,9}(?:and|or)|,|and|or)\\s{0,9}");
    private static final Pattern NUMBER = Pattern.compile(
            "(?<![\\p{L}\\d.,])[-\u2212]?\\s?[$\u20ac\u00a3\u00a5]?\\s?(?:\\d{1,3}(?:,\\d{3}){1,80}(?:\\.\\d++)?|\\d++(?:[.,]\\d++)?|\\.\\d++)"
                    + "(?:\\s{0,3}/\\s{0,3}\\d++)?(?:[eE][-+]?\\d++)?(?:\\s?(?:\\\\?%|percent|pct|[$\u20ac\u00a3]))?(?![\\p{L}\\d])");
    private static final Pattern SENTENCE_END = Pattern.compile(
            "\\.(?=\\s|$)|[!?](?=\\s|$)|\\n|,?\\s{1,3}(?:which|because|since|where|I hope)\\b|<\\|");
    private static final Pattern JOINT = Pattern.compile("(?:\\\\q?quad|\\\\[a-zA-Z]+|[^\\p{L}]|\\p{L}+)");
    private static final int SHORT = 200;
    private static final int MOST_JOINED = 16;

    private AnswerExtractor() {}

    /// @return the answer in a model's text; empty if there is none
    public static Optional<Extracted> extract(String text) {
        return extract(text, true);
    }

    /// A gold answer is trusted to be one: if no mark says otherwise, all of it is the answer, and the last number in a text never is.
    ///
    /// @return the answer in a gold text; empty if the text is blank
    public static Optional<Extracted> gold(String text) {
        return extract(text, false).or(() -> span(text, 0, text.length(), Rule.WHOLE));
    }

    private static Optional<Extracted> extract(String text, boolean guess) {
        int close = text.lastIndexOf("</think>");
        int from = Math.max(close < 0 ? 0 : close + "</think>".length(), text.length() - Bounds.TEXT);
        String tail = text.substring(from);
        if (tail.isBlank() || ReasoningSplit.of(tail).unclosed()) {
            return Optional.empty();
        }
        Optional<Extracted> found = marked(tail)
                .or(() -> whole(tail))
                .or(() -> formula(tail, 0, tail.length()))
                .or(() -> guess ? lastNumber(tail, 0, tail.length()) : Optional.empty());
        return found.map(e -> new Extracted(e.answer(), e.rule(), e.start() + from, e.end() + from));
    }

    private static Optional<Extracted> marked(String text) {
        Optional<Extracted> box = boxed(text, 0, text.length());
        Optional<Extracted> stated = last(FINAL_ANSWER, text)
                .filter(at -> box.isEmpty() || at[1] > box.get().start())
                .flatMap(at -> clause(text, at[1], Rule.FINAL_ANSWER));
        return stated.or(() -> box)
                .or(() -> last(HASHES, text).flatMap(at -> line(text, at[1], Rule.HASHES)))
                .or(() -> last(ANSWER_LINE, text).flatMap(at -> line(text, at[1], Rule.ANSWER_LINE)))
                .or(() -> last(ANSWER_IS, text).flatMap(at -> clause(text, at[1], Rule.ANSWER_IS)));
    }

    private static Optional<int[]> last(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        int[] found = null;
        while (matcher.find()) {
            found = new int[] {matcher.start(), matcher.end()};
        }
        return Optional.ofNullable(found);
    }

    /// The rest of the line, as GSM8K and its solutions end.
    private static Optional<Extracted> line(String text, int start, Rule rule) {
        int end = text.indexOf('\n', start);
        int stop = end < 0 ? text.length() : end;
        return boxed(text, start, stop).or(() -> span(text, start, stop, rule)).map(e -> named(e, rule));
    }

    /// What a sentence says the answer is: a box or a formula it begins with, else the sentence if it can be read as a whole, else the part
    /// behind its last "is" or "=", else its last number.
    private static Optional<Extracted> clause(String text, int start, Rule rule) {
        List<FormulaSpan> formulas = formulasOfLine(text, start);
        if (!formulas.isEmpty() && formulas.getFirst().start() == start) {
            return Optional.of(joined(text, formulas, 0)).map(e -> named(e, rule));
        }
        Matcher sentence = SENTENCE_END.matcher(text).region(start, text.length());
        int end = sentence.find() ? sentence.start() : text.length();
        Optional<Extracted> whole = span(text, start, end, rule);
        if (whole.isEmpty() || readable(whole.get().answer())) {
            return whole;
        }
        int is = Math.max(text.lastIndexOf(" is ", end - 1) + 4, text.lastIndexOf("= ", end - 1) + 2);
        Optional<Extracted> behind = is > start && is < end ? span(text, is, end, rule) : Optional.empty();
        return behind.filter(e -> readable(e.answer()))
                .or(() -> formula(text, start, end))
                .or(() -> lastNumberFirst(text, start, end))
                .or(() -> whole)
                .map(e -> named(e, rule));
    }

    /// In "18 dollars, three more than 15" the number it begins with is meant, in "Jane started 3 hours ago" the last one.
    private static Optional<Extracted> lastNumberFirst(String text, int start, int end) {
        Matcher number = NUMBER.matcher(text).region(start, end).useTransparentBounds(true);
        return number.lookingAt() ? span(text, number.start(), number.end(), Rule.LAST_NUMBER) : lastNumber(text, start, end);
    }

    private static Optional<Extracted> whole(String text) {
        String trimmed = text.strip();
        boolean possible = trimmed.length() <= SHORT
                && trimmed.indexOf('\n') < 0
                && isAtMostOneFormula(trimmed)
                && readable(trimmed);
        return possible ? span(text, 0, text.length(), Rule.WHOLE) : Optional.empty();
    }

    /// A single word may be an answer; words around a number are a sentence that was not understood.
    private static boolean readable(String text) {
        if (text.length() > Bounds.ANSWER) {
            return false;
        }
        try {
            Term term = Parser.parse(Latex.clean(text));
            return term instanceof Term.Words words ? words.text().indexOf(' ') < 0 : !hasWords(term);
        } catch (Refusal e) {
            return false;
        }
    }

    private static boolean hasWords(Term term) {
        // "I cannot help" reads like a letter with a unit.
        return term instanceof Term.Words
                || term instanceof Term.Quantity(Term.Sym letter, String unit)
                || Variables.parts(term).stream().anyMatch(AnswerExtractor::hasWords);
    }

    /// The last `\boxed{...}`, with the boxes before it that belong to it.
    private static Optional<Extracted> boxed(String text, int from, int to) {
        List<int[]> boxes = new ArrayList<>();
        Matcher matcher = BOX.matcher(text).region(from, to);
        while (matcher.find()) {
            int end = closing(text, matcher.end(), to);
            boxes.add(new int[] {matcher.start(), matcher.end(), end});
            matcher.region(Math.min(to, end), to);
        }
        if (boxes.isEmpty()) {
            return Optional.empty();
        }
        int first = boxes.size() - 1;
        while (first > 0
                && boxes.size() - first < MOST_JOINED
                && joins(text.substring(Math.min(boxes.get(first)[0], boxes.get(first - 1)[2] + 1), boxes.get(first)[0]))) {
            first--;
        }
        List<String> contents = boxes.subList(first, boxes.size()).stream().map(b -> text.substring(b[1], b[2]).strip()).toList();
        return Optional.of(new Extracted(
                String.join(", ", contents), Rule.BOXED, boxes.get(first)[0], Math.min(to, boxes.getLast()[2] + 1)));
    }

    /// @return where the brace closes; the end of the text if it never does
    private static int closing(String text, int start, int to) {
        int depth = 1;
        for (int i = start; i < to; i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '{') {
                depth++;
            } else if (c == '}' && --depth == 0) {
                return i;
            }
        }
        return to;
    }

    /// Two boxes belong together if no more than two words stand between them, on one line.
    private static boolean joins(String gap) {
        if (gap.length() > 80 || gap.contains(".") || gap.strip().contains("\n")) {
            return false;
        }
        Matcher piece = JOINT.matcher(gap.replaceAll("\\\\(?:text|mbox|mathrm)", " "));
        int words = 0;
        while (piece.find()) {
            words += Character.isLetter(piece.group().charAt(0)) ? 1 : 0;
        }
        return words <= 2;
    }

    private static boolean isAtMostOneFormula(String text) {
        List<FormulaSpan> formulas = FormulaSpan.in(text, 0, text.length());
        return formulas.isEmpty() || formulas.getFirst().start() == 0 && formulas.getFirst().end() == text.length();
    }

    /// The formulas a sentence may begin with: those within the longest answer that is read.
    private static List<FormulaSpan> formulasOfLine(String text, int start) {
        return FormulaSpan.in(text, start, Math.min(text.length(), start + 2 * Bounds.ANSWER));
    }

    /// The last formula, with those before it that only `,`, `and` or `or` parts from it.
    private static Optional<Extracted> formula(String text, int from, int to) {
        List<FormulaSpan> formulas = FormulaSpan.in(text, from, to);
        if (formulas.isEmpty()) {
            return Optional.empty();
        }
        int first = formulas.size() - 1;
        while (first > 0 && formulas.size() - first < MOST_JOINED && follows(text, formulas.get(first - 1), formulas.get(first))) {
            first--;
        }
        return Optional.of(joined(text, formulas, first));
    }

    private static Extracted joined(String text, List<FormulaSpan> formulas, int first) {
        int last = first;
        while (last + 1 < formulas.size() && last - first < MOST_JOINED && follows(text, formulas.get(last), formulas.get(last + 1))) {
            last++;
        }
        String all = String.join(", ", formulas.subList(first, last + 1).stream().map(span -> span.content(text)).toList());
        String answer = boxed(all, 0, all.length()).map(Extracted::answer).orElse(all);
        return new Extracted(answer, Rule.FORMULA, formulas.get(first).start(), formulas.get(last).end());
    }

    private static boolean follows(String text, FormulaSpan one, FormulaSpan next) {
        return next.start() - one.end() < SHORT && BETWEEN.matcher(text).region(one.end(), next.start()).matches();
    }

    private static Optional<Extracted> lastNumber(String text, int from, int to) {
        Matcher matcher = NUMBER.matcher(text).region(from, to).useTransparentBounds(true);
        Optional<Extracted> found = Optional.empty();
        while (matcher.find()) {
            found = span(text, matcher.start(), matcher.end(), Rule.LAST_NUMBER);
        }
        return found;
    }

    /// @return the span without blanks and ending punctuation; empty if nothing is left
    private static Optional<Extracted> span(String text, int from, int to, Rule rule) {
        int start = from;
        int end = to;
        while (start < end && (Character.isWhitespace(text.charAt(start)) || text.charAt(start) == '*')) {
            start++;
        }
        while (end > start && (Character.isWhitespace(text.charAt(end - 1)) || ".,;:*".indexOf(text.charAt(end - 1)) >= 0)) {
            end--;
        }
        return start == end ? Optional.empty() : Optional.of(new Extracted(text.substring(start, end), rule, start, end));
    }

    private static Extracted named(Extracted found, Rule rule) {
        return new Extracted(found.answer(), rule, found.start(), found.end());
    }
}
