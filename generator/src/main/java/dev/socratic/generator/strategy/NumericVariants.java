package dev.socratic.generator.strategy;

import dev.socratic.core.config.Default;
import dev.socratic.datasets.row.Question;
import dev.socratic.generator.step.Derived;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/// The same story with other numbers and the answer computed anew from the worked solution ([Recomputed]). Nobody is
/// asked.
///
/// A variant stands only where every equation of the solution can be traced to numbers of the question and to results
/// before it, and where every value that was a whole positive number is one again.
///
/// @param n     variants of each question
/// @param tries numbers drawn for one before it is given up
@About(value = "the same question with other numbers; the answer is computed, nobody is asked",
        source = "Mirzadeh et al. 2024, arXiv:2410.05229", gives = About.Gives.QUESTIONS)
public record NumericVariants(@Default("1") int n, @Default("100") int tries) implements Strategy {
    public NumericVariants {
        ConfigNumbers.atLeast("n", 1, n, "1 is the default");
        ConfigNumbers.atLeast("tries", 1, tries, "100 is the default");
    }

    @Override
    public int mostSteps() {
        return 0;
    }

    @Override
    public int mostQueries() {
        return 0;
    }

    @Override
    public int mostMade() {
        return n;
    }

    @Override
    public Move next(Scene scene) {
        Question question = scene.question();
        if (question.solution().isEmpty() || question.answer().isEmpty()) {
            return Move.done(new Result.Dropped("no_solution", "the question has no worked solution with an answer"));
        }
        Optional<Recomputed> plan = Recomputed.of(question.question(), question.solution().get(),
                question.answer().get());
        if (plan.isEmpty()) {
            return Move.done(new Result.Dropped("not_traceable",
                    "its solution cannot be computed from the numbers of the question"));
        }
        List<Result> results = new ArrayList<>();
        Set<String> texts = new HashSet<>(Set.of(question.question()));
        SplittableRandom random = scene.random("numbers");
        for (int i = 0; i < n * tries && results.size() < n; i++) {
            plan.get().variant(random).filter(variant -> texts.add(variant.question())).ifPresent(variant ->
                    results.add(new Result.Made(Derived.of(question, name(), "numbers", variant.question(),
                            Optional.of(variant.answer()), Optional.of(variant.solution()),
                            Map.of("numbers", variant.numbers())))));
        }
        if (results.isEmpty()) {
            results.add(new Result.Dropped("no_variant", "none of %s draws keeps whole numbers whole"
                    .formatted(n * tries)));
        }
        return Move.done(results);
    }
}
