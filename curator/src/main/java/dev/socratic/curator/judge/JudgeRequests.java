package dev.socratic.curator.judge;

import dev.socratic.core.ask.Asks;
import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.curator.config.ScoreConfig.Judge;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.store.TextStore;
import dev.socratic.prompts.judge.Rubric;
import java.util.List;
import java.util.Map;

/// What a judge is asked, one request a row, in the order of the rows.
///
/// @param ids     of the rows
/// @param prompts one a row, by its number
record JudgeRequests(Judge config, Rubric rubric, List<String> ids, TextStore prompts) implements Asks {
    @Override
    public int size() {
        return ids.size();
    }

    /// Equal prompts have equal seeds, so that they are one request.
    @Override
    public GenerationRequest request(int number) {
        String prompt;
        synchronized (prompts) {
            prompt = prompts.get(number);
        }
        return new GenerationRequest("judge-" + number, rubric.messages(prompt), config.generation(),
                Seeds.derive(config.seed(), "judge", prompt));
    }

    static String prompt(Rubric rubric, Candidate row) {
        return rubric.asked(Map.of("question", row.question(), "answer", row.answer(), "gold",
                row.gold().orElse("")));
    }
}
