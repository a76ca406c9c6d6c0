package dev.socratic.eval;

import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.config.Default;
import dev.socratic.core.config.Effort;
import dev.socratic.eval.task.EvalTask;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which tasks a model is put through.
///
/// @param tasks  at least one, with different names
/// @param seed   of the draws, where a task samples
/// @param budget what may be spent by all evaluations in the run's folder
public record EvalConfig(
        List<EvalTask> tasks, @Default("0") long seed, @Default("{}") @Effort BudgetConfig budget) {
    /// Without a limit on what may be spent.
    public EvalConfig(List<EvalTask> tasks, long seed) {
        this(tasks, seed, BudgetConfig.NONE);
    }

    public EvalConfig {
        tasks = List.copyOf(tasks);
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("tasks: at least one task; got none");
        }
        Set<String> names = new HashSet<>();
        for (EvalTask task : tasks) {
            if (!names.add(task.name())) {
                throw new IllegalArgumentException(
                        "tasks: every task needs a name of its own; got '%s' twice".formatted(task.name()));
            }
        }
    }
}
