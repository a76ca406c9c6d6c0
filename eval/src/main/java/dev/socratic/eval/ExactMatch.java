package dev.socratic.eval;

import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.datasets.answer.AnswerCheck;
import dev.socratic.datasets.answer.AnswerExtractor;
import dev.socratic.datasets.answer.Choices;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Exact match of the final answer: taken out of the response and compared with the gold answer by value ("1,000"
/// equals "1000"), or as the option it chooses where the question has options. Of several gold answers one is enough.
final class ExactMatch {
    /// To be raised whenever the same answer may get another verdict; stands in `results_*.json` as the tasks' version.
    static final int VERSION = 2;

    private ExactMatch() {}

    /// @param outcomes one for each time the question was asked; none of them temporary
    static Sample sample(PreparedTask.Instance asked, List<GenerationOutcome> outcomes) {
        Choices choices = Choices.of(asked.question().extra(), asked.question().question());
        List<String> golds = List.of(asked.question().answer().orElseThrow());
        return SampleJson.write(asked, outcomes.stream().map(outcome -> switch (outcome) {
            case GenerationOutcome.Completion done -> new Sample.Answer(done.text(), Optional.empty(), false, "",
                    done.finish().name().toLowerCase(Locale.ROOT)).with(verdict(golds, done.text(), choices));
            case GenerationOutcome.Failure failed ->
                    new Sample.Answer("", Optional.empty(), false, failed.problem(), SampleJson.ERROR);
        }).toList());
    }

    /// @return the sample with today's verdicts; of a foreign line with several responses each is judged
    static Sample again(Sample sample) {
        Choices choices = Choices.of(sample.choiceFields(), sample.question());
        List<Sample.Answer> answers = sample.answers();
        if (answers.size() == 1 && !answers.getFirst().failed()) {
            answers = SampleJson.responses(sample.line().path(SampleJson.RESPONSES)).stream()
                    .map(text -> new Sample.Answer(text, Optional.empty(), false, "",
                            sample.answers().getFirst().finish())).toList();
        }
        return sample.with(answers.stream().map(answer -> answer.failed() ? answer
                : answer.with(verdict(sample.targets(), answer.response(), choices))).toList());
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
