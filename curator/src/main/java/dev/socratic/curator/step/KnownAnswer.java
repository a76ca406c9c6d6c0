package dev.socratic.curator.step;

import dev.socratic.datasets.answer.AnswerExtractor;
import dev.socratic.datasets.answer.AnswerExtractor.Extracted;
import dev.socratic.datasets.answer.Equivalence;
import dev.socratic.datasets.answer.ReasoningSplit;
import java.util.Optional;

/// The right answer to a row's question as far as the row tells it.
public final class KnownAnswer {
    /// An answer is stated at the end; characters.
    private static final int TAIL = 400;

    private KnownAnswer() {}

    /// @return the gold answer, or else, of a row that no teacher of ours wrote, the final answer it states: a corpus
    ///         is taken at its word,
    ///     a sample is not
    public static Optional<String> of(Candidate row) {
        if (row.gold().isPresent()) {
            return row.gold().flatMap(AnswerExtractor::gold).map(Extracted::answer);
        }
        if (row.trace().isPresent() || row.isText()) {
            return Optional.empty();
        }
        String answer = ReasoningSplit.of(row.answer()).answer();
        return AnswerExtractor.extract(answer.substring(Math.max(0, answer.length() - TAIL)))
                .filter(found -> isStated(found.rule()))
                .map(Extracted::answer);
    }

    /// @return whether a text says of the answer that it is the answer, or consists of it
    public static boolean isStated(AnswerExtractor.Rule rule) {
        return rule != AnswerExtractor.Rule.FORMULA && rule != AnswerExtractor.Rule.LAST_NUMBER;
    }

    /// @param a an answer, empty where none is known
    /// @return false only where both are known and differ
    public static boolean mayBeEqual(String a, String b) {
        return a.isEmpty() || b.isEmpty() || a.equals(b) || Equivalence.STANDARD.judge(a, b).equal();
    }
}
