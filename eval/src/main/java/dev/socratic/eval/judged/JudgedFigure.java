package dev.socratic.eval.judged;

import dev.socratic.eval.stats.Interval;
import dev.socratic.eval.stats.Mean;
import java.util.Optional;

/// A figure of a judged task.
///
/// @param metric as results files call it: `judge_score`, `win_rate`, `leak`
/// @param value  from 0 to 1
/// @param error  standard error, where there is one
/// @param ci95   95 % interval
/// @param rising whether higher is better
public record JudgedFigure(String metric, double value, Optional<Double> error, Interval ci95, boolean rising) {
    static JudgedFigure of(String metric, Mean mean) {
        return of(metric, mean, true);
    }

    static JudgedFigure of(String metric, Mean mean, boolean rising) {
        return new JudgedFigure(metric, mean.value(), mean.error(), mean.ci95(), rising);
    }
}
