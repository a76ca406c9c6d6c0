package dev.socratic.eval;

import dev.socratic.eval.stats.Interval;
import dev.socratic.eval.task.EvalTask;

/// The figures of one task.
///
/// @param task     the task
/// @param accuracy share of right answers
/// @param ci95     Wilson's interval of it
/// @param stderr   `sqrt(a (1 - a) / (n - 1))`, as lm-evaluation-harness states it for a mean of 0/1 scores
/// @param asked    questions read
/// @param scored   answers scored
record TaskResult(EvalTask task, double accuracy, Interval ci95, double stderr, long asked, long scored) {
    static TaskResult of(EvalTask task, EvalStage.TaskRun run) {
        long n = run.samples().size();
        long right = run.samples().stream().filter(Sample::correct).count();
        double accuracy = n == 0 ? 0 : (double) right / n;
        double stderr = n < 2 ? 0 : Math.sqrt(accuracy * (1 - accuracy) / (n - 1));
        return new TaskResult(task, accuracy, Interval.wilson(right, n), stderr, run.questions(), n);
    }
}
