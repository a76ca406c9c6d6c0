package dev.socratic.generator.strategy;

import dev.socratic.core.config.Default;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Answers until enough of them are right: few of easy questions, many of hard ones, none beyond hope. Each answer is
/// a row, with the question's pass rate and a word for its difficulty.
///
/// Where a question has no gold answer, every answer counts.
///
/// @param enough right answers at which it stops
/// @param most   answers at most
/// @param atOnce answers asked for in a step
/// @param giveUp answers after which it stops where none is right
@About(value = "answers until enough are right; pass rate and difficulty of each question", source = "")
public record Adaptive(
        @Default("1") int enough, @Default("16") int most, @Default("4") int atOnce, @Default("16") int giveUp)
        implements Strategy {
    private static final double EASY = 0.75;
    private static final double HARD = 0.25;

    public Adaptive {
        ConfigNumbers.atLeast("enough", 1, enough, "1 is the default");
        ConfigNumbers.atLeast("most", enough, most, "at least as many as enough");
        ConfigNumbers.atLeast("at_once", 1, atOnce, "4 suits most teachers");
        ConfigNumbers.atLeast("give_up", 1, giveUp, "16 is the default");
    }

    @Override
    public int mostSteps() {
        return (most + atOnce - 1) / atOnce;
    }

    @Override
    public int mostQueries() {
        return most;
    }

    @Override
    public Move next(Scene scene) {
        List<Reply> all = scene.history().stream().flatMap(List::stream).toList();
        long right = all.stream().filter(reply -> scene.right(reply.text()).orElse(true)).count();
        int asked = Math.min(most, scene.step() * atOnce);
        if (right >= enough || asked >= most || right == 0 && asked >= giveUp) {
            return done(scene, all, right);
        }
        return new Move.Ask(IntStream.range(0, Math.min(atOnce, most - asked))
                .mapToObj(i -> scene.solve(TEACHER, i)).toList());
    }

    private static Move done(Scene scene, List<Reply> all, long right) {
        double rate = right / (double) all.size();
        Map<String, Object> facts = scene.question().answer().isEmpty() ? Map.of("asked", all.size())
                : Map.of("asked", all.size(), "pass_rate", rate, "difficulty", difficulty(rate));
        List<Result> rows = all.stream().<Result>map(reply -> Result.Answer.of(reply).with(facts)).toList();
        return new Move.Done(rows, Map.of("questions", 1L, "asked", (long) all.size(), "right", right,
                "questions_" + difficulty(rate), 1L));
    }

    private static String difficulty(double rate) {
        return rate == 0 ? "unsolved" : rate < HARD ? "hard" : rate < EASY ? "medium" : "easy";
    }
}
