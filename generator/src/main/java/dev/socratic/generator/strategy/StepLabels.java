package dev.socratic.generator.strategy;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.NameOrFile;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Query;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import dev.socratic.generator.step.Uses;
import dev.socratic.prompts.PromptTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How good each step of a solution is: from behind it the solution is finished several times, and the share of right
/// ends is the step's soft label, whether there is any its hard one. A step is a line.
///
/// The row is the solution with `step_labels`: `[{step, right, rollouts, hard}]`. The last step's label is whether the
/// solution itself is right. Deviation: the completer is shown the steps in a request of its own, where the paper lets
/// a model go on behind them, so that endpoints can be completers.
///
/// @param rollouts       from behind each step
/// @param most           steps; a longer solution is dropped
/// @param teacher        who solves
/// @param completer      who finishes
/// @param continuePrompt template of the completer's question
@About(value = "labels for every step of a solution, by finishing it several times",
        source = "Wang et al. 2023, arXiv:2312.08935")
public record StepLabels(
        @Default("4") int rollouts, @Default("12") int most, @Default("teacher") String teacher,
        @Default("teacher") String completer,
        @Default("continue_solution") @NameOrFile(PromptTemplate.FILES) String continuePrompt) implements Strategy {
    public StepLabels {
        ConfigNumbers.atLeast("rollouts", 1, rollouts, "4 is the default");
        ConfigNumbers.atLeast("most", 1, most, "12 is the default");
    }

    @Override
    public Map<String, String> roles() {
        return Map.of(TEACHER, teacher, "completer", completer);
    }

    private Uses continuing() {
        return new Uses("continue_prompt", continuePrompt, "question", "begun");
    }

    @Override
    public List<Uses> prompts() {
        return List.of(continuing());
    }

    @Override
    public int mostSteps() {
        return 2;
    }

    @Override
    public int mostQueries() {
        return 1 + rollouts * (most - 1);
    }

    @Override
    public Move next(Scene scene) {
        if (scene.question().answer().isEmpty()) {
            return Move.done(new Result.Dropped("no_gold", "the question has no gold answer"));
        }
        if (scene.step() == 0) {
            return Move.ask(scene.solve(TEACHER, 0));
        }
        List<String> steps = scene.reply(0).text().lines().filter(line -> !line.isBlank()).toList();
        if (steps.isEmpty() || steps.size() > most) {
            return Move.done(new Result.Dropped(steps.isEmpty() ? "empty" : "too_many_steps",
                    "%s steps, at most %s".formatted(steps.size(), most)));
        }
        if (scene.step() == 1 && steps.size() > 1) {
            return new Move.Ask(queries(scene, steps));
        }
        return Move.done(Result.Answer.of(scene.reply(0)).with(Map.of("step_labels", labels(scene, steps))));
    }

    private List<Query> queries(Scene scene, List<String> steps) {
        List<Query> queries = new ArrayList<>();
        for (int step = 0; step < steps.size() - 1; step++) {
            String begun = String.join("\n", steps.subList(0, step + 1));
            for (int i = 0; i < rollouts; i++) {
                queries.add(scene.query("completer", name(step), continuing(),
                        Map.of("question", scene.question().question(), "begun", begun), step * rollouts + i));
            }
        }
        return queries;
    }

    private static String name(int step) {
        return "behind_step_" + (step + 1);
    }

    private static List<Map<String, Object>> labels(Scene scene, List<String> steps) {
        List<Map<String, Object>> labels = new ArrayList<>();
        List<Reply> ends = scene.step() > 1 ? scene.history().get(1) : List.of();
        for (int step = 0; step < steps.size(); step++) {
            boolean last = step == steps.size() - 1;
            String name = name(step);
            List<Reply> from = last ? List.of(scene.reply(0))
                    : ends.stream().filter(reply -> reply.query().step().equals(name)).toList();
            long right = from.stream().filter(reply -> scene.right(reply.text()).orElse(false)).count();
            labels.add(Map.of("step", steps.get(step), "right", right, "rollouts", from.size(), "hard", right > 0));
        }
        return labels;
    }
}
