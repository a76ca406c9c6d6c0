package dev.socratic.generator.strategy;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.Sampling;
import dev.socratic.core.text.Usage;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.Trace;
import dev.socratic.generator.step.Query;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Scene;
import dev.socratic.generator.step.StageAsking;
import dev.socratic.generator.step.Subject;
import dev.socratic.generator.step.Uses;
import dev.socratic.prompts.PromptTemplate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Strategies and scenes of tests; nobody is asked.
final class Scenes {
    private Scenes() {}

    record Config(Strategy strategy) {}

    /// @param yaml as it stands behind `strategy:`
    static Strategy strategy(String yaml) {
        return ConfigReader.read("strategy: " + yaml, "test", Config.class).strategy();
    }

    static Scene scene(Strategy strategy, List<Question> questions, long seed) {
        Map<String, PromptTemplate> templates = new LinkedHashMap<>();
        for (Uses uses : strategy.prompts()) {
            templates.put(uses.template(), uses.open());
        }
        StageAsking asking = new StageAsking(
                question -> List.of(ChatMessage.user(question.question() + "\nThink step by step.")),
                new Trace.Prompt("chain_of_thought", "1", "hash"),
                new GenerationParameters(new Sampling(0.7, 1), 64), seed, templates, Map.of("teacher", "<user>"));
        return new Scene(strategy.whole() ? Subject.whole(questions) : Subject.of(questions.getFirst(), 0), List.of(),
                asking);
    }

    static Reply reply(Query query, String text) {
        return reply(query, text, FinishReason.STOP);
    }

    static Reply reply(Query query, String text, FinishReason finish) {
        return new Reply(query, new Completion("r", text, Optional.empty(), finish,
                new Usage(10, text.length() / 4 + 1, 0)));
    }

    static Question question(String text, String answer, String solution) {
        return Question.of(text, Optional.of(answer), Optional.of(solution), "test");
    }
}
