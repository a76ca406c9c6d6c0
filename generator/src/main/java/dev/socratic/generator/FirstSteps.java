package dev.socratic.generator;

import dev.socratic.core.error.ConfigException;
import dev.socratic.datasets.row.Question;
import dev.socratic.generator.engine.StrategyRun;
import dev.socratic.generator.step.Query;
import java.util.List;
import java.util.Map;

/// What a generation asks first about a question; what follows depends on the answers.
public final class FirstSteps {
    private FirstSteps() {}

    /// @param all questions, for strategies that work on the whole set
    /// @throws ConfigException if a prompt is not there, or asks for what it is not given
    public static List<Query> of(GenerateConfig config, List<Question> all, Question question) {
        StrategyRun run = StrategyStage.of(config, Prompting.of(config.prompt(), config.fewShot()), Map.of());
        return StrategyRun.first(config.strategy(), run.asking(), all, question);
    }
}
