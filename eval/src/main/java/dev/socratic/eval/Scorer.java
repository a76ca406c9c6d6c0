package dev.socratic.eval;

import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.datasets.answer.AnswerCheck;
import dev.socratic.datasets.answer.AnswerExtractor;

/// Exact match of the final answer: taken out of the response and compared with the gold answer by value ("1,000" equals "1000").
final class Scorer {
    /// To be raised whenever the same answer may get another verdict; stands in `results_*.json` as the tasks' version.
    static final int VERSION = 1;

    private Scorer() {}

    static Sample sample(Asking.Asked asked, GenerationOutcome.Completion answer) {
        return SampleJson.write(asked, answer, verdict(asked.question().answer().orElseThrow(), answer.text()));
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
