package dev.socratic.datasets.dialogue;

import dev.socratic.datasets.answer.AnswerExtractor;
import dev.socratic.datasets.answer.AnswerExtractor.Extracted;
import dev.socratic.datasets.answer.Equivalence;
import dev.socratic.datasets.answer.StatedNumbers;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Whether a text states a value, and not merely repeats what the question gives.
///
/// A number is stated where it stands in the text, in digits or words; one that the question gives too, only behind an
/// equals sign or where the text names it as its answer ("the answer is 3", `\boxed{3}`). Other values are words: they
/// are stated where they stand in the text as whole words, and were not in the question.
public final class Stated {
    private static final Pattern BREAKS = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

    private final String value;
    private final Optional<String> number;
    private final boolean given;

    /// @param question what both sides know from the beginning
    /// @param value    a final answer, or a step's
    public Stated(String question, String value) {
        this.value = AnswerExtractor.gold(value).map(Extracted::answer).orElse(value).strip();
        List<StatedNumbers> numbers = StatedNumbers.in(this.value);
        this.number = numbers.stream().map(StatedNumbers::value).reduce((a, b) -> b);
        this.given = number.isPresent()
                ? StatedNumbers.in(question).stream().anyMatch(n -> n.value().equals(number.get()))
                : words(question).contains(words(this.value));
    }

    /// @return whether there is anything to look for
    public boolean isSomething() {
        return number.isPresent() || words(value).length() > 2;
    }

    public boolean in(String text) {
        if (!isSomething()) {
            return false;
        }
        if (number.isPresent() && StatedNumbers.in(text).stream()
                .anyMatch(n -> n.value().equals(number.get()) && (!given || n.concluding()))) {
            return true;
        }
        return number.isEmpty() && !given && words(text).contains(words(value)) || named(text);
    }

    /// The text says itself that this is its answer.
    private boolean named(String text) {
        return AnswerExtractor.extract(text).filter(found -> switch (found.rule()) {
            case TAG, FINAL_ANSWER, BOXED, HASHES, KEY, ANSWER_LINE, ANSWER_IS -> true;
            case OPTION, WHOLE, FORMULA, LAST_NUMBER -> false;
        }).filter(found -> Equivalence.STANDARD.judge(value, found.answer()).equal()).isPresent();
    }

    private static String words(String text) {
        return " " + BREAKS.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" ").strip() + " ";
    }
}
