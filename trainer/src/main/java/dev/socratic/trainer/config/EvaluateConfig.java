package dev.socratic.trainer.config;

import dev.socratic.core.config.Default;
import dev.socratic.datasets.source.ExampleSource;
import java.util.List;

/// Loss and token accuracy on held-out rows, measured while training, and scores of tasks.
///
/// @param source    the rows
/// @param rows      at most so many of them, from the start
/// @param every     steps between two measurements; one more is made at the end
/// @param bothSides whether the teacher is measured on the same rows (`eval_teacher_loss`, once, for it does not
///                  change), and the student by its objective too (`eval_objective_loss`), where that is made of terms
///                  over the tokens of data alone
/// @param tasks     names of tasks of the recipe's evaluation that the student answers as it is now
///                  (`eval_score_<task>`)
/// @param taskRows  at most so many questions of each, from the start
public record EvaluateConfig(ExampleSource source, @Default("512") int rows, @Default("200") int every,
        @Default("false") boolean bothSides, @Default("[]") List<String> tasks, @Default("64") int taskRows) {
    public EvaluateConfig {
        if (rows < 1 || every < 1) {
            throw new IllegalArgumentException(
                    "rows and every must be at least 1; got %s and %s".formatted(rows, every));
        }
        Limits.atLeast("task_rows", taskRows, 1);
        tasks = List.copyOf(tasks);
    }
}
