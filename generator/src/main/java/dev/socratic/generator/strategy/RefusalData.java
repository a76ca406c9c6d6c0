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
import java.util.regex.Pattern;

/// Questions that cannot be answered, and an answer that says so: a model leaves out a fact that is needed, and the
/// teacher, told to mind it, says what is missing. The row is the question as it is, without that warning.
///
/// Kept where the answer says that it cannot be answered and the question is another one than before.
///
/// @param teacher            who answers
/// @param writer             who leaves a fact out
/// @param unanswerablePrompt template of the writer's question
/// @param missingPrompt      template of the teacher's question
@About(value = "questions that lack a fact, with answers that say so", source = "Sun et al. 2024, arXiv:2403.03558")
public record RefusalData(
        @Default("teacher") String teacher, @Default("teacher") String writer,
        @Default("unanswerable") @NameOrFile(PromptTemplate.FILES) String unanswerablePrompt,
        @Default("missing") @NameOrFile(PromptTemplate.FILES) String missingPrompt) implements Strategy {
    private static final Pattern DECLINES = Pattern.compile(
            "(?i)\\b(?:can(?:not|'t|\u2019t) be (?:answered|determined|solved|calculated)"
            + "|(?:not|isn't|isn\u2019t) (?:enough|sufficient) information|insufficient information"
            + "|(?:is|are) (?:missing|not (?:given|stated|known|specified|provided)))\\b");

    @Override
    public Map<String, String> roles() {
        return Map.of(TEACHER, teacher, "writer", writer);
    }

    private Uses leaving() {
        return new Uses("unanswerable_prompt", unanswerablePrompt, "question");
    }

    private Uses answering() {
        return new Uses("missing_prompt", missingPrompt, "question");
    }

    @Override
    public List<Uses> prompts() {
        return List.of(leaving(), answering());
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
        if (scene.step() == 0) {
            return Move.ask(scene.query("writer", "unanswerable", leaving(),
                    Map.of("question", scene.question().question()), 0));
        }
        String question = Written.question(scene.reply(0).text());
        Optional<Result> fault = Written.fault(scene.reply(0), question);
        if (fault.isPresent()) {
            return Move.done(fault.get());
        }
        if (question.equals(scene.question().question().strip())) {
            return Move.done(new Result.Dropped("unchanged", "the question is the one before"));
        }
        if (scene.step() == 1) {
            return Move.ask(scene.query(TEACHER, "answer", answering(), Map.of("question", question), 0));
        }
        boolean declines = DECLINES.matcher(scene.last().text()).find();
        return Move.done(new Result.Talk("refusal", scene.last(),
                List.of(ChatMessage.user(question), ChatMessage.assistant(scene.last().text())),
                List.of(new Verdict("declines", declines, declines ? "" : "answers what cannot be answered")),
                Map.of("original", scene.question().question())));
    }
}
