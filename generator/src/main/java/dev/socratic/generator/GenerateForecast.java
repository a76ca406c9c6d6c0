package dev.socratic.generator;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.text.TokenEstimate;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.source.RowStream;
import java.util.Iterator;
import java.util.List;

/// What a generation would ask for, before anything is sent: the questions are read, nobody is asked.
///
/// @param questions    readable questions, after `limit`
/// @param unreadable   rows that are no questions
/// @param said         what they are, in a few lines
/// @param requests     questions x samples, fewer where a request brings several answers
/// @param promptTokens estimate of all prompts, from above ([TokenEstimate])
/// @param mostTokens   most new tokens of all answers together: answers x `max_tokens`
/// @param leastUsd     price if every answer were empty
/// @param mostUsd      price if every answer were as long as it may be
public record GenerateForecast(
        long questions, long unreadable, List<String> said, long requests, long promptTokens, long mostTokens,
        double leastUsd, double mostUsd) {

    /// @throws ConfigException where the prompt or the questions are wrong, as the stage itself would throw
    public static GenerateForecast of(GenerateConfig config) {
        Prompting prompting = Prompting.of(config.prompt(), config.fewShot());
        long limit = config.limit().map(Integer::longValue).orElse(Long.MAX_VALUE);
        long questions = 0;
        long prompt = 0;
        long unreadable;
        List<String> said;
        try (Quarantine.Listed quarantine = Quarantine.list();
                RowStream<Question> rows = config.questions().open(quarantine, config.seed())) {
            for (Iterator<Question> all = rows.iterator(); questions < limit && all.hasNext(); questions++) {
                prompt += TokenEstimate.ofMessages(prompting.messages(all.next()));
            }
            unreadable = quarantine.count();
            said = quarantine.report();
        }
        int together = config.teacher().answersPerRequest();
        int each = (config.samples() + together - 1) / together;
        long requests = questions * each;
        long prompts = prompt * each;
        long most = questions * config.samples() * config.sampling().maxTokens();
        return new GenerateForecast(
                questions, unreadable, said, requests, prompts, most,
                config.teacher().price(prompts, 0), config.teacher().price(prompts, most));
    }
}
