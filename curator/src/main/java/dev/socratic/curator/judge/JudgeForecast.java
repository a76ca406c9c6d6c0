package dev.socratic.curator.judge;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.TokenEstimate;
import dev.socratic.curator.config.ScoreConfig.Judge;
import dev.socratic.curator.step.Candidate;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.datasets.source.Exchange;
import dev.socratic.datasets.source.Exchanges;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.prompts.judge.Rubric;
import java.util.List;
import java.util.Optional;

/// What judging the rows of files would take at most, before anything is sent: as if every row reached the judge, and
/// every verdict were as long as it may be.
///
/// @param rows         that can be read
/// @param promptTokens of all requests, estimated from above ([TokenEstimate])
/// @param mostTokens   of all verdicts
public record JudgeForecast(long rows, long promptTokens, long mostTokens) {
    /// @throws dev.socratic.core.error.ConfigException where the rubric is wrong
    public static JudgeForecast of(Judge config, List<ExampleSource.File> files) {
        Rubric rubric = Rubric.read(config.rubric(), Rubric.ANSWER);
        long system = rubric.system().map(text -> TokenEstimate.ofMessages(List.of(ChatMessage.user(text)))).orElse(0L);
        long rows = 0;
        long prompt = 0;
        for (ExampleSource.File file : files) {
            try (Quarantine.Listed bad = Quarantine.list(); RowStream<Exchange> all = Exchanges.open(file, bad)) {
                for (Exchange exchange : all) {
                    Candidate row = new Candidate(exchange, exchange.id(), exchange.questionId(), exchange.question(),
                            Optional.empty());
                    prompt += system + TokenEstimate.ofMessages(List.of(ChatMessage.user(
                            JudgeRequests.prompt(rubric, row))));
                    rows++;
                }
            }
        }
        return new JudgeForecast(rows, prompt, rows * config.generation().maxTokens());
    }
}
