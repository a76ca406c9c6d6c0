package dev.socratic.generator.strategy;

import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;

/// The question once, by the config's own prompt. Alone in a recipe it is asked by
/// [dev.socratic.generator.plan.RequestPlan], which makes requests as they are wanted.
@About(value = "the question, by the config's prompt; the default", source = "")
public record Ask() implements Strategy {
    @Override
    public Move next(Scene scene) {
        return scene.step() == 0 ? Move.ask(scene.solve(TEACHER, 0)) : Move.done(Result.Answer.of(scene.last()));
    }

    @Override
    public int mostSteps() {
        return 1;
    }

    @Override
    public int mostQueries() {
        return 1;
    }
}
