package dev.socratic.generator.strategy;

import dev.socratic.core.config.Default;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A longer trace: where the model ends its thoughts, or its text if it has no marks around them, a word is put there
/// and it goes on, `waits` times. The row is the whole text.
///
/// Local weights alone can go on with a text of their own (`prefix`). One that was cut off at `max_tokens` is not
/// forced further.
///
/// @param waits how often
/// @param word  what is put behind the text
@About(value = "longer reasoning: where it ends a word makes the model go on; local weights",
        source = "Muennighoff et al. 2025, arXiv:2501.19393")
public record BudgetForcing(@Default("1") int waits, @Default("Wait") String word) implements Strategy {
    public BudgetForcing {
        ConfigNumbers.atLeast("waits", 1, waits, "1 is the default");
        if (word.isBlank()) {
            throw new IllegalArgumentException("word: a word; got a blank text; Wait is the default");
        }
    }

    @Override
    public int mostSteps() {
        return 1 + waits;
    }

    @Override
    public int mostQueries() {
        return 1 + waits;
    }

    @Override
    public Set<String> goesOn() {
        return Set.of(TEACHER);
    }

    @Override
    public Move next(Scene scene) {
        if (scene.step() == 0) {
            return Move.ask(scene.solve(TEACHER, 0));
        }
        Reply last = scene.last();
        boolean cut = last.completion().finish() == FinishReason.LENGTH;
        if (scene.step() == mostSteps() || cut) {
            boolean before = scene.right(scene.reply(0).text()).orElse(false);
            boolean after = scene.right(last.text()).orElse(false);
            return new Move.Done(List.of(Result.Answer.of(last).with(Map.of("waits", scene.step() - 1))), Map.of(
                    "questions", 1L, "right_before", before ? 1L : 0L, "right_after", after ? 1L : 0L));
        }
        GenerationParameters own = scene.asking().parameters();
        return Move.ask(scene.solve(TEACHER, 0).named("wait").with(new GenerationParameters(own.sampling(),
                own.maxTokens(), own.stop(), own.limits(), begun(last.completion().text()), own.constrain())));
    }

    /// Thoughts go on where they ended: the mark behind them and the answer are left out.
    private String begun(String text) {
        int end = text.lastIndexOf("</think>");
        return (end < 0 ? text : text.substring(0, end)).stripTrailing() + "\n" + word + ",";
    }
}
