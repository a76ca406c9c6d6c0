package dev.socratic.generator.strategy;

import dev.socratic.core.config.Default;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Pairs of answers to one question: a right one before a wrong one, or the shortest right one before the longest.
/// Rows have `prompt`, `chosen` and `rejected`.
///
/// @param n       answers of each question
/// @param pairs   which pairs are made
/// @param teacher who answers
@About(value = "pairs of answers: right before wrong, shortest right before longest right",
        source = "NovaSky 2025, Sky-T1-Flash; Rafailov et al. 2023, arXiv:2305.18290", gives = About.Gives.PAIRS)
public record PreferencePairs(
        @Default("8") int n, @Default("[right_wrong, short_long]") List<Kind> pairs,
        @Default("teacher") String teacher) implements Strategy {
    /// A pair that is made of the answers to a question.
    public enum Kind {
        /// The shortest right answer before the first wrong one that ended by itself.
        RIGHT_WRONG,
        /// The shortest right answer before the longest, where one is shorter.
        SHORT_LONG
    }

    public PreferencePairs {
        ConfigNumbers.atLeast("n", 2, n, "8 suits most questions");
        pairs = pairs.stream().distinct().sorted().toList();
        if (pairs.isEmpty()) {
            throw new IllegalArgumentException(
                    "pairs: at least one of right_wrong, short_long; got none; write [right_wrong]");
        }
    }

    @Override
    public Map<String, String> roles() {
        return Map.of(TEACHER, teacher);
    }

    @Override
    public int mostSteps() {
        return 1;
    }

    @Override
    public int mostQueries() {
        return n;
    }

    @Override
    public Move next(Scene scene) {
        if (scene.step() == 0) {
            return new Move.Ask(IntStream.range(0, n).mapToObj(i -> scene.solve(TEACHER, i)).toList());
        }
        if (scene.question().answer().isEmpty()) {
            return Move.done(new Result.Dropped("no_gold", "the question has no gold answer"));
        }
        List<Reply> all = scene.history().getFirst();
        List<Reply> right = Candidates.right(scene, all);
        List<Result> made = new ArrayList<>();
        for (Kind kind : pairs) {
            pair(kind, scene, all, right).ifPresent(made::add);
        }
        if (made.isEmpty()) {
            made.add(new Result.Dropped("no_pair", "%s of %s answers are right".formatted(right.size(), all.size()),
                    Map.of("pass_rate", right.size() / (double) all.size())));
        }
        return new Move.Done(made, Map.of("questions", 1L, "asked", (long) all.size(), "right", (long) right.size()));
    }

    private static Optional<Result> pair(Kind kind, Scene scene, List<Reply> all, List<Reply> right) {
        if (right.isEmpty()) {
            return Optional.empty();
        }
        Reply best = right.getFirst();
        Map<String, Object> facts = Map.of("pass_rate", right.size() / (double) all.size());
        return switch (kind) {
            case RIGHT_WRONG -> all.stream()
                    .filter(reply -> scene.finalAnswer(reply.text()).isPresent()
                            && !scene.right(reply.text()).orElse(true))
                    .findFirst()
                    .map(wrong -> new Result.Pair("right_wrong", best.query().messages(), best, wrong, facts));
            case SHORT_LONG -> right.getLast().tokens() > best.tokens()
                    ? Optional.of(new Result.Pair("short_long", best.query().messages(), best, right.getLast(), facts))
                    : Optional.empty();
        };
    }
}
