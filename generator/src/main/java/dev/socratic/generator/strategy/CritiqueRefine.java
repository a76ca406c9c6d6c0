package dev.socratic.generator.strategy;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.NameOrFile;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import dev.socratic.generator.step.Uses;
import dev.socratic.prompts.PromptTemplate;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// An answer, what is wrong with it, a better one, and so on until the critic finds nothing or the rounds are over. The
/// row is the last answer behind the question, as if it had been written at once.
///
/// @param rounds       critiques at most
/// @param writer       who answers
/// @param critic       who looks for mistakes
/// @param critiquePrompt template of the critic's question
/// @param refinePrompt template of the writer's second and later tries
@About(value = "an answer, a critique, a better answer, until nothing is found",
        source = "Madaan et al. 2023, arXiv:2303.17651")
public record CritiqueRefine(
        @Default("2") int rounds, @Default("teacher") String writer, @Default("teacher") String critic,
        @Default("critique") @NameOrFile(PromptTemplate.FILES) String critiquePrompt,
        @Default("refine") @NameOrFile(PromptTemplate.FILES) String refinePrompt) implements Strategy {
    private static final String NOTHING = "no mistakes";

    public CritiqueRefine {
        ConfigNumbers.atLeast("rounds", 1, rounds, "2 is the default");
    }

    @Override
    public Map<String, String> roles() {
        return Map.of("writer", writer, "critic", critic);
    }

    private Uses critiquing() {
        return new Uses("critique_prompt", critiquePrompt, "question", "answer");
    }

    private Uses refining() {
        return new Uses("refine_prompt", refinePrompt, "question", "answer", "critique");
    }

    @Override
    public List<Uses> prompts() {
        return List.of(critiquing(), refining());
    }

    @Override
    public int mostSteps() {
        return 1 + 2 * rounds;
    }

    @Override
    public int mostQueries() {
        return mostSteps();
    }

    /// Even steps write, odd ones criticise.
    @Override
    public Move next(Scene scene) {
        if (scene.step() == 0) {
            return Move.ask(scene.solve("writer", 0));
        }
        String question = scene.question().question();
        Reply draft = scene.reply((scene.step() - 1) / 2 * 2);
        if (scene.step() % 2 == 1) {
            return scene.step() == mostSteps() ? done(scene, draft) : Move.ask(scene.query("critic", "critique",
                    critiquing(), Map.of("question", question, "answer", draft.text()), 0));
        }
        String critique = scene.last().text();
        return critique.toLowerCase(Locale.ROOT).contains(NOTHING) ? done(scene, draft)
                : Move.ask(scene.query("writer", "refine", refining(), Map.of(
                        "question", question, "answer", draft.text(), "critique", critique), 0));
    }

    private static Move done(Scene scene, Reply draft) {
        Reply first = scene.reply(0);
        boolean before = scene.right(first.text()).orElse(false);
        boolean after = scene.right(draft.text()).orElse(false);
        return new Move.Done(
                List.of(new Result.Answer(draft, first.query().messages(), List.of(),
                        Map.of("drafts", (scene.step() + 1) / 2))),
                Map.of("questions", 1L, "right_before", before ? 1L : 0L, "right_after", after ? 1L : 0L));
    }
}
