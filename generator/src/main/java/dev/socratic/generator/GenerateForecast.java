package dev.socratic.generator;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.TokenEstimate;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.generator.step.Query;
import dev.socratic.generator.strategy.Ask;
import dev.socratic.generator.strategy.Strategy;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToLongFunction;

/// What a generation would ask for, before anything is sent: the questions are read, nobody is asked.
///
/// @param questions    readable questions, after `limit`
/// @param unreadable   rows that are no questions
/// @param said         what they are, in a few lines
/// @param requests     questions x samples, fewer where a request brings several answers; of a strategy the most it
///                     may send about these questions
/// @param firstRequests those of them that are known now: all, or those of a strategy's first step
/// @param promptTokens estimate of the prompts of `firstRequests`, from above ([TokenEstimate])
/// @param mostTokens   most new tokens of all answers together: answers x `max_tokens`
/// @param leastUsd     price if every answer were empty
/// @param mostUsd      price if every answer were as long as it may be
public record GenerateForecast(
        long questions, long unreadable, List<String> said, long requests, long firstRequests,
        long promptTokens, long mostTokens,
        double leastUsd, double mostUsd) {

    /// @throws ConfigException where the prompt or the questions are wrong, as the stage itself would throw
    public static GenerateForecast of(GenerateConfig config) {
        return config.strategy() instanceof Ask ? ofAsking(config, TokenEstimate::ofMessages) : ofStrategy(config);
    }

    /// What a strategy asks depends on the answers: the first step is known, of the rest the most.
    private static GenerateForecast ofStrategy(GenerateConfig config) {
        Strategy strategy = config.strategy();
        long limit = config.limit().map(Integer::longValue).orElse(Long.MAX_VALUE);
        long first = 0;
        long prompt = 0;
        List<Question> all = new ArrayList<>();
        try (Quarantine.Listed quarantine = Quarantine.list();
                RowStream<Question> rows = config.questions().open(quarantine, config.seed())) {
            for (Iterator<Question> each = rows.iterator(); all.size() < limit && each.hasNext(); ) {
                all.add(each.next());
            }
            int samples = strategy.chain().size() == 1 && !strategy.whole() ? config.samples() : 1;
            for (Question question : strategy.whole() ? all.stream().limit(1).toList() : all) {
                for (Query query : FirstSteps.of(config, all, question)) {
                    first += samples;
                    prompt += samples * TokenEstimate.ofMessages(query.messages());
                }
            }
            long most = strategy.mostQueries(strategy.whole() ? 1 : all.size(), config.samples());
            long written = most * config.sampling().maxTokens();
            return new GenerateForecast(all.size(), quarantine.count(), quarantine.report(), most, first, prompt,
                    written, config.teacher().price(prompt, 0), config.teacher().price(prompt, written));
        }
    }

    /// The same of questions that are asked once each, with tokens that are counted.
    ///
    /// @param tokens of a prompt
    public static GenerateForecast ofAsking(GenerateConfig config, ToLongFunction<List<ChatMessage>> tokens) {
        Prompting prompting = Prompting.of(config.prompt(), config.fewShot());
        long limit = config.limit().map(Integer::longValue).orElse(Long.MAX_VALUE);
        long questions = 0;
        long prompt = 0;
        long unreadable;
        List<String> said;
        try (Quarantine.Listed quarantine = Quarantine.list();
                RowStream<Question> rows = config.questions().open(quarantine, config.seed())) {
            for (Iterator<Question> all = rows.iterator(); questions < limit && all.hasNext(); questions++) {
                prompt += tokens.applyAsLong(prompting.messages(all.next()));
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
                questions, unreadable, said, requests, requests, prompts, most,
                config.teacher().price(prompts, 0), config.teacher().price(prompts, most));
    }
}
