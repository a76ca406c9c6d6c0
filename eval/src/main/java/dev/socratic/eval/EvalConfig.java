package dev.socratic.eval;

import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.config.Default;
import dev.socratic.core.config.Effort;
import dev.socratic.eval.harness.Suite;
import dev.socratic.eval.judged.JudgedTask;
import dev.socratic.eval.task.EvalTask;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which tasks a model is put through.
///
/// @param tasks  questions with gold answers, each task with a name of its own
/// @param seed   of the draws, where a task samples
/// @param budget what may be spent by all evaluations in the run's folder
/// @param suites tasks of lm-evaluation-harness
/// @param judged tasks that take another model's word or part; of all three kinds together at least one
public record EvalConfig(
        @Default("[]") List<EvalTask> tasks, @Default("0") long seed, @Default("{}") @Effort BudgetConfig budget,
        @Default("[]") List<Suite> suites, @Default("[]") List<JudgedTask> judged) {
    /// Without a limit on what may be spent.
    public EvalConfig(List<EvalTask> tasks, long seed) {
        this(tasks, seed, BudgetConfig.NONE, List.of(), List.of());
    }

    /// Without suites.
    public EvalConfig(List<EvalTask> tasks, long seed, BudgetConfig budget) {
        this(tasks, seed, budget, List.of(), List.of());
    }

    /// Without judged tasks.
    public EvalConfig(List<EvalTask> tasks, long seed, BudgetConfig budget, List<Suite> suites) {
        this(tasks, seed, budget, suites, List.of());
    }

    public EvalConfig {
        tasks = List.copyOf(tasks);
        suites = List.copyOf(suites);
        judged = List.copyOf(judged);
        if (tasks.isEmpty() && suites.isEmpty() && judged.isEmpty()) {
            throw new IllegalArgumentException("tasks: at least one task; got none");
        }
        Set<String> names = new HashSet<>();
        for (EvalTask task : tasks) {
            if (!names.add(task.name())) {
                throw new IllegalArgumentException(
                        "tasks: every task needs a name of its own; got '%s' twice".formatted(task.name()));
            }
        }
        for (JudgedTask task : judged) {
            if (!names.add(task.name())) {
                throw new IllegalArgumentException(
                        "judged: every task needs a name of its own; got '%s' twice".formatted(task.name()));
            }
        }
    }
}
