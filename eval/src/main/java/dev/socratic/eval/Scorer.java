package dev.socratic.eval;

import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.datasets.answer.AnswerCheck;
import dev.socratic.datasets.answer.AnswerExtractor;
import dev.socratic.datasets.row.Question;

/// Exact match of the final answer: taken out of the response and compared with the gold answer by value ("1,000" equals "1000").
final class Scorer {
    private Scorer() {}

    static Sample sample(int docId, Question question, GenerationRequest request, GenerationOutcome.Completion answer) {
        return Sample.of(
                docId,
                question,
                request.messages(),
                request.sampling(),
                answer.text(),
                verdict(question.answer().orElseThrow(), answer.text()));
    }

    /// @return the sample with today's verdict
    static Sample again(Sample sample) {
        return sample.with(verdict(sample.target(), sample.response()));
    }

    private static Sample.Verdict verdict(String gold, String response) {
        AnswerCheck.Result result = AnswerCheck.STANDARD.check(gold, response);
        return new Sample.Verdict(result.extracted().map(AnswerExtractor.Extracted::answer), result.equal(), result.why());
    }
}
