package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.AnswerExtractor.Extracted;
import dev.socratic.datasets.answer.AnswerExtractor.Rule;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Stretches of a text read as an answer: what a sentence says it is, formulas side by side, the last number.
///
/// @param text the folded text ([Reading])
record Clauses(String text) {
    private static final Pattern SENTENCE_END = Pattern.compile(
            "(?<![Rr]s)\\.(?=\\s|$)|[!?](?=\\s|$)|\\n|,?\\s{1,3}(?:which|because|since|where|I hope|weil|denn|da sie"
                    + "|parce que"
                    + "|car|porque|perch\u00e9|ya que"
                    + "|\u043f\u043e\u0442\u043e\u043c\u0443)\\b|<\\|");
    /// A sentence that names a number without saying that it is the answer.
    private static final Pattern VAGUE =
            Pattern.compile("(?i)(?<!\\p{L})(?:not|n't|isn't|cannot|can't|either|neither|between|unknown|unclear"
            + "|impossible|nearly|almost"
            + "|(?:less|more|greater|fewer|larger|smaller|higher|lower) than|at (?:least|most)|up to|over|under"
                    + "|above|below|or|nicht|kein|keine|oder|weniger als"
            + "|mehr als|mindestens|h\u00f6chstens|zwischen|pas|plus de|moins de|au moins|ou|no|menos de|m\u00e1s de"
                    + "|al menos|entre|\u043d\u0435|\u0438\u043b\u0438"
            + "|\u0431\u043e\u043b\u0435\u0435|\u043c\u0435\u043d\u0435\u0435)(?!\\p{L})|\u4e0d\u662f|\u6216"
                    + "|\u81f3\u5c11|\u6700\u591a|\u5927\u4e8e|\u5c0f\u4e8e");
    private static final Pattern BETWEEN = Pattern.compile("\\s{0,9}(?:,\\s{0,9}(?:and|or)|,|and|or)\\s{0,9}");
    private static final Pattern COMMAND = Pattern.compile("\\\\[a-zA-Z]{2,}");
    private static final Pattern PROSE = Pattern.compile("(?:[\\p{L}]{2,}['\\p{L}-]*|[aI])[,.:;!?]?");
    /// The longest sentence whose beginning is looked for.
    private static final int SENTENCE = 600;
    private static final int SHORT = 200;
    private static final int MOST_JOINED = 16;

    /// The rest of the line, as GSM8K and its solutions end; what the sentence says if that is no answer.
    Optional<Extracted> line(int start, Rule rule) {
        int stop = lineEnd(start);
        Optional<Extracted> box = Boxes.last(text, start, stop);
        Optional<Extracted> whole = span(start, stop, rule);
        boolean readable = whole.map(e -> Readable.of(e.answer()) != Readable.NO).orElse(true);
        // "Answer: 7. It takes 3 steps." names a value and goes on.
        Optional<Extracted> first = clauseEnd(start) < stop ? certain(start, rule) : Optional.empty();
        return box.or(() -> first).or(() -> readable ? whole : clause(start, rule)).map(e -> named(e, rule));
    }

    /// The rest of the line, whatever it is.
    Optional<Extracted> wholeLine(int start, Rule rule) {
        int stop = lineEnd(start);
        return Boxes.last(text, start, stop).or(() -> span(start, stop, rule)).map(e -> named(e, rule));
    }

    private int lineEnd(int start) {
        int end = text.indexOf('\n', start);
        return end < 0 ? text.length() : end;
    }

    /// What a sentence says the answer is: a box or a formula it begins with, else the sentence if it can be read as a
    /// whole, else the part behind its last "is" or "=", else its last number, unless the sentence only speaks of it
    /// ("more than 5").
    Optional<Extracted> clause(int start, Rule rule) {
        return certain(start, rule).or(() -> {
            int end = clauseEnd(start);
            Optional<Extracted> whole = span(start, end, rule);
            if (whole.isEmpty() || Readable.of(whole.get().answer()) == Readable.WORD
                    || VAGUE.matcher(whole.get().answer()).find()) {
                return whole;
            }
            return formula(start, end).or(() -> lastNumber(start, end)).or(() -> whole).map(e -> named(e, rule));
        });
    }

    /// As [#clause], but only what is surely the value: nothing is searched for in the sentence.
    Optional<Extracted> certain(int start, Rule rule) {
        List<FormulaSpan> formulas = FormulaSpan.in(text, start, Math.min(text.length(), start + 2 * Bounds.ANSWER));
        if (!formulas.isEmpty() && formulas.getFirst().start() == start) {
            return Optional.of(joined(formulas, 0)).map(e -> named(e, rule));
        }
        int end = clauseEnd(start);
        Optional<Extracted> whole = span(start, end, rule);
        if (whole.isEmpty() || Readable.of(whole.get().answer()) == Readable.VALUE) {
            return whole;
        }
        if (VAGUE.matcher(whole.get().answer()).find()) {
            return Optional.empty();
        }
        int is = text.lastIndexOf(" is ", end - 1);
        int equals = text.lastIndexOf("= ", end - 1);
        int value = Math.max(is < start ? -1 : is + 4, equals < start ? -1 : equals + 2);
        Optional<Extracted> behind = value > start && value < end ? span(value, end, rule) : Optional.empty();
        // In "18 dollars, three more than 15" the number it begins with is meant, in "Jane started 3 hours ago" the
        // last one.
        return behind.filter(e -> Readable.of(e.answer()) == Readable.VALUE).or(() -> firstNumber(start, end, rule));
    }

    int clauseEnd(int start) {
        int most = Math.min(text.length(), start + 2 * Bounds.ANSWER);
        Matcher sentence = SENTENCE_END.matcher(text).region(start, most).useAnchoringBounds(false)
                .useTransparentBounds(true);
        int end = sentence.find() ? sentence.start() : most;
        Matcher suffix = AnswerPhrases.STANDARD.suffix().matcher(text).region(start, Math.min(text.length(), end + 1));
        return suffix.useTransparentBounds(true).find() && suffix.start() > start ? suffix.start() : end;
    }

    private Optional<Extracted> firstNumber(int start, int end, Rule rule) {
        Matcher number = Numbers.matcher(text, start, end);
        return number.lookingAt() && FormulaSpan.in(text, start, end).isEmpty()
                && !inBareFormula(number.start(), number.end())
                ? span(number.start(), number.end(), rule) : Optional.empty();
    }

    /// All of a short text that can be read as an answer.
    Optional<Extracted> whole() {
        String trimmed = text.strip();
        boolean possible = trimmed.length() <= SHORT
                && trimmed.indexOf('\n') < 0
                && isAtMostOneFormula(trimmed)
                && Readable.of(trimmed) != Readable.NO;
        return possible ? span(0, text.length(), Rule.WHOLE) : Optional.empty();
    }

    private static boolean isAtMostOneFormula(String text) {
        List<FormulaSpan> formulas = FormulaSpan.in(text, 0, text.length());
        return formulas.isEmpty() || formulas.getFirst().start() == 0 && formulas.getFirst().end() == text.length();
    }

    /// The last formula, with those before it that only `,`, `and` or `or` parts from it.
    Optional<Extracted> formula(int from, int to) {
        List<FormulaSpan> formulas = FormulaSpan.in(text, from, to);
        if (formulas.isEmpty()) {
            return Optional.empty();
        }
        int first = formulas.size() - 1;
        while (first > 0 && formulas.size() - first < MOST_JOINED
                && follows(formulas.get(first - 1), formulas.get(first))) {
            first--;
        }
        return Optional.of(joined(formulas, first));
    }

    private Extracted joined(List<FormulaSpan> formulas, int first) {
        int last = first;
        while (last + 1 < formulas.size() && last - first < MOST_JOINED
                && follows(formulas.get(last), formulas.get(last + 1))) {
            last++;
        }
        String all = String.join(", ", formulas.subList(first, last + 1).stream().map(span -> span.content(text))
                .toList());
        String answer = Boxes.last(all, 0, all.length()).map(Extracted::answer).orElse(all);
        return new Extracted(answer, Rule.FORMULA, formulas.get(first).start(), formulas.get(last).end());
    }

    private boolean follows(FormulaSpan one, FormulaSpan next) {
        return next.start() - one.end() < SHORT && BETWEEN.matcher(text).region(one.end(), next.start()).matches();
    }

    /// The number of a concluding sentence ("Therefore, there are 12 ways.") that stands behind the last formula.
    Optional<Extracted> conclusion(int from) {
        int start = from;
        Optional<Extracted> found = Optional.empty();
        for (int sentences = 0; start < text.length() && sentences < MOST_JOINED; sentences++) {
            Matcher sentence = SENTENCE_END.matcher(text).region(start, Math.min(text.length(), start + SENTENCE));
            int end = sentence.find() ? sentence.start() : Math.min(text.length(), start + SENTENCE);
            int begins = start;
            while (begins < end && (Character.isWhitespace(text.charAt(begins))
                    || "*.,!?".indexOf(text.charAt(begins)) >= 0)) {
                begins++;
            }
            if (AnswerPhrases.STANDARD.concluding().matcher(text).region(begins, end).lookingAt()
                    && !VAGUE.matcher(text).region(begins, end).find()) {
                found = onlyNumber(begins, end).or(() -> Optional.empty());
            }
            start = end + 1;
        }
        return found;
    }

    private Optional<Extracted> onlyNumber(int from, int to) {
        List<Numbers.Found> numbers = Numbers.in(text, from, to);
        TreeSet<String> different = new TreeSet<>();
        numbers.forEach(n -> different.add(text.substring(n.start(), n.end()).strip()));
        return different.size() == 1
                ? span(numbers.getLast().start(), numbers.getLast().end(), Rule.LAST_NUMBER) : Optional.empty();
    }

    /// The last number; the formula without dollars in which it stands, if there is one.
    Optional<Extracted> lastNumber(int from, int to) {
        Matcher matcher = Numbers.matcher(text, from, to);
        int[] last = null;
        while (matcher.find()) {
            last = new int[] {matcher.start(), matcher.end()};
        }
        int start = Math.max(from, text.lastIndexOf('\n', to - 1) + 1);
        int bare = lastCommand(last == null ? start : Math.max(start, text.lastIndexOf('\n', last[0]) + 1), to);
        if (bare >= 0) {
            return bareFormula(bare, from, to);
        }
        return last == null ? Optional.empty() : span(last[0], last[1], Rule.LAST_NUMBER);
    }

    private int lastCommand(int from, int to) {
        Matcher command = COMMAND.matcher(text).region(from, Math.max(from, to));
        int last = -1;
        while (command.find()) {
            last = command.start();
        }
        return last;
    }

    private boolean inBareFormula(int start, int end) {
        return lastCommand(start, Math.min(lineEnd(end), end + SHORT)) >= 0;
    }

    /// A formula without dollars: the words of the line around a command that are no words of prose; an answer only as
    /// a whole.
    private Optional<Extracted> bareFormula(int command, int from, int to) {
        int lineStart = Math.max(Math.max(from, command - Bounds.ANSWER), text.lastIndexOf('\n', command) + 1);
        int lineEnd = Math.min(Math.min(to, command + Bounds.ANSWER), lineEnd(command));
        int start = lineStart;
        int end = lineEnd;
        for (int at = lineStart; at < lineEnd; ) {
            int next = at;
            while (next < lineEnd && !Character.isWhitespace(text.charAt(next))) {
                next++;
            }
            if (PROSE.matcher(text).region(at, next).matches()) {
                if (next <= command) {
                    start = next;
                } else if (at > command) {
                    end = at;
                    break;
                }
            }
            at = next + 1;
        }
        return span(start, Math.max(start, end), Rule.FORMULA).filter(e -> Readable.of(e.answer()) == Readable.VALUE);
    }

    /// @return the span without blanks, marks, quotation marks and ending punctuation; empty if nothing is left
    Optional<Extracted> span(int from, int to, Rule rule) {
        int start = from;
        int end = to;
        for (boolean quoted = true; quoted; ) {
            while (start < end && (isEdge(text.charAt(start)) || "=\u2248\u2192".indexOf(text.charAt(start)) >= 0)) {
                start++;
            }
            while (end > start && (isEdge(text.charAt(end - 1)) || ".,;:!".indexOf(text.charAt(end - 1)) >= 0
                    && !isFactorial(start, end))) {
                end--;
            }
            quoted = end - start > 2 && "\"'".indexOf(text.charAt(start)) >= 0
                    && text.charAt(start) == text.charAt(end - 1);
            start += quoted ? 1 : 0;
            end -= quoted ? 1 : 0;
        }
        return start == end ? Optional.empty()
                : Optional.of(new Extracted(text.substring(start, end), rule, start, end));
    }

    private boolean isFactorial(int start, int end) {
        return text.charAt(end - 1) == '!' && end - 2 >= start
                && (Character.isDigit(text.charAt(end - 2)) || text.charAt(end - 2) == ')');
    }

    /// @return whether there is nothing in it but blanks, marks and punctuation
    static boolean isBare(String text) {
        return new Clauses(text).span(0, text.length(), Rule.WHOLE).isEmpty();
    }

    private static boolean isEdge(char c) {
        return Character.isWhitespace(c) || c == '*' || c == '`';
    }

    static Extracted named(Extracted found, Rule rule) {
        return new Extracted(found.answer(), rule, found.start(), found.end());
    }
}
