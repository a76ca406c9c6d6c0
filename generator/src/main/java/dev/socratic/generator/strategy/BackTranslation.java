package dev.socratic.generator.strategy;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.NameOrFile;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.row.Trace.Verdict;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import dev.socratic.generator.step.Uses;
import dev.socratic.prompts.PromptTemplate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The request that a text answers: the question's text is taken for the answer, a model writes what was asked, a judge
/// says how well the two fit, and the row is the request with the text as its answer.
///
/// @param least             score from 1 to 5 from which a row is kept
/// @param teacher           who writes the request
/// @param judge             who scores
/// @param instructionPrompt template of the request for it
/// @param scorePrompt       template of the judge's question
@About(value = "the request that a text answers, scored by a judge", source = "Li et al. 2023, arXiv:2308.06259")
public record BackTranslation(
        @Default("4") int least, @Default("teacher") String teacher, @Default("teacher") String judge,
        @Default("back_translate") @NameOrFile(PromptTemplate.FILES) String instructionPrompt,
        @Default("back_translate_score") @NameOrFile(PromptTemplate.FILES) String scorePrompt) implements Strategy {
    private static final int BEST = 5;

    public BackTranslation {
        if (least < 1 || least > BEST) {
            throw new IllegalArgumentException("least: from 1 to 5; got %s; 4 is the default".formatted(least));
        }
    }

    @Override
    public Map<String, String> roles() {
        return Map.of(TEACHER, teacher, "judge", judge);
    }

    private Uses writing() {
        return new Uses("instruction_prompt", instructionPrompt, "text");
    }

    private Uses scoring() {
        return new Uses("score_prompt", scorePrompt, "instruction", "text");
    }

    @Override
    public List<Uses> prompts() {
        return List.of(writing(), scoring());
    }

    @Override
    public int mostSteps() {
        return 2;
    }

    @Override
    public int mostQueries() {
        return 2;
    }

    @Override
    public Move next(Scene scene) {
        String text = scene.question().question();
        if (scene.step() == 0) {
            return Move.ask(scene.query(TEACHER, "instruction", writing(), Map.of("text", text), 0));
        }
        String instruction = Written.question(scene.reply(0).text());
        Optional<Result> fault = Written.fault(scene.reply(0), instruction);
        if (fault.isPresent()) {
            return Move.done(fault.get());
        }
        if (scene.step() == 1) {
            return Move.ask(scene.query("judge", "score", scoring(),
                    Map.of("instruction", instruction, "text", text), 0).with(scene.greedy()));
        }
        Optional<Integer> score = Written.score(scene.last().text()).filter(n -> n <= BEST);
        boolean good = score.filter(n -> n >= least).isPresent();
        return Move.done(new Result.Talk("back_translation", scene.reply(0),
                List.of(ChatMessage.user(instruction), ChatMessage.assistant(text)),
                List.of(new Verdict("score", good, score.map(n -> "%s of 5".formatted(n)).orElse("no score"))),
                score.<Map<String, Object>>map(n -> Map.of("score", n)).orElse(Map.of())));
    }
}
