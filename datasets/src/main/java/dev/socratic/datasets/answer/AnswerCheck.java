package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.AnswerExtractor.Extracted;
import dev.socratic.datasets.answer.Equivalence.Verdict;
import java.util.Optional;

/// Takes the final answer out of two texts and compares: what generator, eval and `verify` do with every answer.
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
        String wanted = AnswerExtractor.gold(gold).map(Extracted::answer).orElse("");
        Optional<Extracted> found = AnswerExtractor.extract(text);
        if (found.isEmpty()) {
            return new Result(wanted, found, false, "no final answer in the text");
        }
        Verdict verdict = equivalence.judge(wanted, found.get().answer());
        return new Result(wanted, found, verdict.equal(), verdict.why());
    }
}
