package dev.socratic.curator.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.StepConfig.Consistency;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.Step;
import dev.socratic.datasets.answer.AnswerCheck;
import dev.socratic.datasets.answer.AnswerExtractor;
import dev.socratic.datasets.answer.AnswerExtractor.Extracted;
import dev.socratic.datasets.answer.Equivalence;
import dev.socratic.datasets.answer.ReasoningSplit;
import dev.socratic.datasets.source.Example;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Drops rows whose answer contradicts the right answer, its own reasoning, or arithmetic.
///
/// - **contradicts_gold**: the row names the right answer and the assistant's final answer is not equal to it
///   ([AnswerCheck]);
/// - **contradicts_itself**: the reasoning ends in one final number and the answer in another, or the answer states
///   two (`\boxed{12}`, and then "The answer is 15."), or the final number is not among the numbers that its worked
///   equations give or take;
/// - **wrong_arithmetic**: an equation of numbers does not hold ([Equations]).
///
/// Numbers only: two formulas or two texts may say the same in ways that nobody can compare.
public final class ConsistencyStep implements Step {
    private static final Pattern NUMBER = Pattern.compile(
            "(?<![\\w.])-?[$\u20AC\u00A3]?\\d{1,15}(?:,\\d{3}){0,4}(?:\\.\\d{1,9})?(?![\\w]|\\.\\d)");
    private static final Pattern DIGITS = Pattern.compile("\\d{1,15}(?:,\\d{3})*+(?:\\.\\d{1,9})?|\\.\\d{1,9}");
    private static final Pattern GROUPED = Pattern.compile("(?<=\\d)[ \u00A0\u202F](?=\\d{3}(?!\\d))");
    private static final Pattern STATED = Pattern.compile(
            "(?i)\\\\boxed\\{\\s{0,3}([^{}]{1,40})}|####[ \\t]{0,4}([^\\n]{1,40})"
                    + "|\\b(?:final answer|answer)\\b(?:[\\s*]{0,4}(?:is|:"
                            + "|=))[\\s*:]{0,4}([$\u20AC\u00A3]?-?\\d[\\d,]{0,20}(?:\\.\\d{1,9})?)(?![\\d.,]*\\d"
                                    + "|[^\\n.]{0,20}[=*+/\u00D7])");
    private static final Pattern RESULT = Pattern.compile("=[ "
            + "]?[$\u20AC\u00A3]?(-?\\d{1,15}(?:,\\d{3}){0,4}(?:\\.\\d{1,9})?)");
    private static final int LEAST_RESULTS = 1;
    private static final int MARKS = 3;

    private final Consistency config;

    public ConsistencyStep(Consistency config) {
        this.config = config;
    }

    @Override
    public String name() {
        return "consistency";
    }

    @Override
    public Decision judge(Candidate row) {
        if (row.isText() || row.answer().isBlank()) {
            return Decision.KEEP;
        }
        ReasoningSplit split = ReasoningSplit.of(row.answer());
        return againstGold(row, split.answer())
                .or(() -> config.itself() ? againstItself(split) : Optional.empty())
                .or(() -> config.arithmetic() ? arithmetic(row) : Optional.empty())
                .orElse(Decision.KEEP);
    }

    private Optional<Decision> againstGold(Candidate row, String answer) {
        Optional<String> gold = row.gold().or(() -> written(row));
        Optional<Extracted> found = gold.isEmpty() ? Optional.empty() : AnswerExtractor.extract(answer);
        if (found.isEmpty() || row.exchange().example() instanceof Example.Pair) {
            return Optional.empty();
        }
        AnswerCheck.Result result = AnswerCheck.STANDARD.check(gold.get(), answer);
        return result.equal()
                ? Optional.empty()
                : Optional.of(new Decision.Drop("contradicts_gold", Evidence.object()
                        .put("gold", result.gold()).put("answer", found.get().answer()).put("why", result.why())));
    }

    /// The right answer in a field of the row: a text or a number; a longer text is no gold answer but an answer to
    /// learn from.
    private Optional<String> written(Candidate row) {
        for (String name : config.gold()) {
            JsonNode field = row.json().path(name);
            boolean extracted = name.equals("final_answer") && row.trace().isPresent();
            if (field.isValueNode() && !field.isNull() && !field.asText().isBlank() && !extracted) {
                return Optional.of(field.asText());
            }
        }
        return Optional.empty();
    }

    private static Optional<Decision> againstItself(ReasoningSplit split) {
        Optional<String> said = lastStated(split.answer());
        for (int mark = 1; mark < MARKS; mark++) {
            for (int next = mark + 1; next <= MARKS; next++) {
                Optional<String> one = lastStated(split.answer(), mark);
                Optional<String> other = lastStated(split.answer(), next);
                if (differ(one, other)) {
                    return Optional.of(itself("two_answers", one.orElseThrow(), other.orElseThrow()));
                }
            }
        }
        Optional<String> thought = split.reasoning().flatMap(ConsistencyStep::lastStated);
        if (differ(thought, said)) {
            return Optional.of(itself("reasoning_ends_in", thought.orElseThrow(), said.orElseThrow()));
        }
        String work = split.reasoning().orElse("") + "\n" + split.answer();
        return said.filter(number -> RESULT.matcher(work).results().count() >= LEAST_RESULTS && isNowhere(number, work))
                .map(number -> itself("work_ends_in", lastResult(work), number));
    }

    private static Decision itself(String how, String other, String said) {
        return new Decision.Drop("contradicts_itself", Evidence.object().put(how, other).put("answer", said));
    }

    /// @return whether the number stands only where it is stated as the answer; dollars and cents, shares and percent
    ///         count as the same
    private static boolean isNowhere(String number, String work) {
        BigDecimal said = value(number);
        String rest = STATED.matcher(work).replaceAll(" ");
        Matcher found = DIGITS.matcher(rest + "\n" + GROUPED.matcher(rest).replaceAll(""));
        while (found.find()) {
            BigDecimal other = value(found.group());
            if (said.compareTo(other) == 0 || said.compareTo(other.movePointRight(2)) == 0
                    || said.compareTo(other.movePointLeft(2)) == 0 || isRounded(said, other)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isRounded(BigDecimal said, BigDecimal other) {
        return said.scale() < other.scale() && said.subtract(other).abs()
                .compareTo(BigDecimal.ONE.movePointLeft(Math.max(0, said.scale()))) < 0;
    }

    private static BigDecimal value(String number) {
        return new BigDecimal(number.replaceAll("[^0-9.]", "")).stripTrailingZeros();
    }

    private static String lastResult(String work) {
        return RESULT.matcher(work).results().reduce((a, b) -> b).map(result -> result.group(1)).orElse("");
    }

    private static Optional<String> lastStated(String text) {
        return !mayState(text) ? Optional.empty() : STATED.matcher(text).results().map(ConsistencyStep::group)
                .filter(ConsistencyStep::isNumber)
                .reduce((a, b) -> b);
    }

    private static boolean mayState(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.contains("answer") || lower.contains("boxed") || lower.contains("####");
    }

    /// @param mark 1 a box, 2 hashes, 3 words: parts of one answer are stated in the same way, so only different ways
    ///             may contradict
    private static Optional<String> lastStated(String text, int mark) {
        return !mayState(text) ? Optional.empty() : STATED.matcher(text).results().map(found -> found.group(mark))
                .filter(Objects::nonNull)
                .map(String::strip).filter(ConsistencyStep::isNumber).reduce((a, b) -> b);
    }

    private static String group(MatchResult found) {
        return (found.group(1) != null ? found.group(1) : found.group(2) != null ? found.group(2) : found.group(3))
                .strip();
    }

    private static boolean isNumber(String text) {
        return NUMBER.matcher(text).matches();
    }

    private static boolean differ(Optional<String> a, Optional<String> b) {
        return a.isPresent() && b.isPresent() && !a.get().equals(b.get())
                && !Equivalence.STANDARD.judge(a.get(), b.get()).equal();
    }

    private static Optional<Decision> arithmetic(Candidate row) {
        for (String turn : row.turns()) {
            Optional<Equations.Wrong> wrong = Equations.find(turn);
            if (wrong.isPresent()) {
                return Optional.of(new Decision.Drop("wrong_arithmetic", Evidence.object()
                        .put("equation", wrong.get().equation()).put("gives", wrong.get().gives())));
            }
        }
        return Optional.empty();
    }

    @Override
    public ObjectNode facts() {
        ObjectNode facts = Evidence.object();
        config.gold().forEach(facts.putArray("gold")::add);
        return facts.put("itself", config.itself()).put("arithmetic", config.arithmetic());
    }
}
