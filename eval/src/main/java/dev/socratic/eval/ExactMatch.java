package dev.socratic.eval;

import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.datasets.answer.AnswerCheck;
import dev.socratic.datasets.answer.AnswerExtractor;
import dev.socratic.datasets.answer.Choices;
import java.util.List;
import java.util.Optional;

/// Exact match of the final answer: taken out of the response and compared with the gold answer by value ("1,000"
/// equals "1000"), or as the option it chooses where the question has options. Of several gold answers one is enough.
final class ExactMatch {
    /// To be raised whenever the same answer may get another verdict; stands in `results_*.json` as the tasks' version.
    static final int VERSION = 2;

    private ExactMatch() {}

    static Sample sample(PreparedTask.Instance asked, GenerationOutcome.Completion answer) {
        Choices choices = Choices.of(asked.question().extra(), asked.question().question());
        return SampleJson.write(asked, answer,
                verdict(List.of(asked.question().answer().orElseThrow()), answer.text(), choices));
    }

    /// @return the sample with today's verdict
    static Sample again(Sample sample) {
        if (sample.failed()) {
            return sample.with(new Sample.Verdict(Optional.empty(), false, sample.why()));
        }
        Choices choices = Choices.of(sample.choiceFields(), sample.question());
        return sample.with(verdict(sample.targets(), sample.response(), choices));
    }

    /// @param golds at least one
    private static Sample.Verdict verdict(List<String> golds, String response, Choices choices) {
        List<AnswerCheck.Result> results = golds.stream()
                .map(gold -> AnswerCheck.STANDARD.check(gold, response, choices)).toList();
        AnswerCheck.Result result = results.stream().filter(AnswerCheck.Result::equal).findFirst()
                .orElse(results.getFirst());
        return new Sample.Verdict(result.extracted().map(AnswerExtractor.Extracted::answer), result.equal(),
                result.why());
    }
}
