package dev.socratic.eval;

import dev.socratic.eval.stats.Interval;
import dev.socratic.eval.stats.Mean;
import java.util.Optional;

/// A figure of a task.
///
/// @param name  as the field calls it: `exact_match`, `pass@4`, `pass^4`, `maj@4`, `g_pass@4_0.5`, `mg_pass@4`
/// @param value mean over the questions, 0 to 1
/// @param error standard error; none of a single question or cluster
/// @param ci95  95 % interval
public record Metric(String name, double value, Optional<Double> error, Interval ci95) {
    static Metric of(String name, Mean mean) {
        return new Metric(name, mean.value(), mean.error(), mean.ci95());
    }
}
