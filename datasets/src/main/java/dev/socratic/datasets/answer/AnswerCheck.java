package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.AnswerExtractor.Extracted;
import dev.socratic.datasets.answer.Equivalence.Verdict;
import java.util.Optional;

/// Takes the final answer out of two texts and compares: what generator, eval and `verify` do with every answer.
///
/// A gold answer that is the letter of an option, or one of the options a question gives, is an answer of a known set
/// and not a value: the option that the text chooses is looked for ([Options]). Only where it names none, the letter
/// may be a formula's.
///
/// @param equivalence how answers are compared
public record AnswerCheck(Equivalence equivalence) {
    public static final AnswerCheck STANDARD = new AnswerCheck(Equivalence.STANDARD);

    /// @param gold      the gold answer as it was compared
    /// @param extracted the answer found in the text; empty if none
    /// @param equal     whether both say the same
    /// @param why       one line
    public record Result(String gold, Optional<Extracted> extracted, boolean equal, String why) {}

    /// @param gold a gold answer, or a solution that ends in one (`#### 18`, `A: 18`, `\boxed{18}`)
    /// @param text what a model wrote
    public Result check(String gold, String text) {
        return check(gold, text, Choices.NONE);
    }

    /// @param choices the options of the question, where it has some
    public Result check(String gold, String text, Choices choices) {
        String wanted = AnswerExtractor.gold(gold).map(Extracted::answer).orElse("");
        Optional<String> label = choices.isEmpty() ? Options.letter(wanted) : choices.labelOf(wanted);
        if (label.isPresent()) {
            Optional<Extracted> option = option(text, choices);
            if (option.isPresent()) {
                boolean equal = option.get().answer().equals(label.get());
                String why = equal ? "the same option: " + label.get()
                        : "another option: %s, not %s".formatted(option.get().answer(), label.get());
                return new Result(label.get(), option, equal, why);
            }
        }
        Optional<Extracted> found = AnswerExtractor.extract(text);
        if (found.isEmpty()) {
            return new Result(wanted, found, false, "no final answer in the text");
        }
        boolean sentence = switch (found.get().rule()) {
            case ANSWER_LINE, ANSWER_IS, LAST_NUMBER, OPTION -> true;
            case TAG, FINAL_ANSWER, BOXED, HASHES, KEY, WHOLE, FORMULA ->
                    Readable.of(found.get().answer()) == Readable.NO;
        };
        if (label.isPresent() && (!choices.isEmpty() || sentence)) {
            return new Result(label.get(), found, false, "no option in the text");
        }
        Verdict verdict = equivalence.judge(wanted, found.get().answer());
        return new Result(wanted, found, verdict.equal(), verdict.why());
    }

    /// The final answer of a text to a question whose gold answer may be unknown: the option it chooses where the
    /// question has options.
    public static Optional<Extracted> find(String text, Choices choices) {
        return choices.isEmpty() ? AnswerExtractor.extract(text) : option(text, choices)
                .or(() -> AnswerExtractor.extract(text));
    }

    private static Optional<Extracted> option(String text, Choices choices) {
        Options options = new Options(choices.isEmpty() ? Options.LETTERS : choices);
        return Reading.of(text).flatMap(reading -> options.find(reading.text()).map(reading::placed));
    }
}
