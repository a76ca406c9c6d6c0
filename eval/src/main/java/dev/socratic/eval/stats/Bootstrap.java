package dev.socratic.eval.stats;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/// Spread of a statistic that has no formula for it, by drawing its questions again with replacement.
///
/// The standard error is the sample deviation (divisor B - 1) of the B values; the interval is the percentile one, ends
/// by linear interpolation between order statistics. Source: Efron and Tibshirani 1993, 13. Narrow for few questions:
/// fifty or more are wanted.
///
/// @param error standard error
/// @param ci95  95 % interval
public record Bootstrap(double error, Interval ci95) {
    /// Draws that settle the second digit of an interval's ends.
    public static final int DRAWS = 2_000;

    /// @param units     questions, or clusters of them; at least 2
    /// @param draws     B, at least 2
    /// @param random    of the draws
    /// @param statistic of the units drawn, by number, some more than once
    public static Bootstrap of(int units, int draws, SplittableRandom random, ToDoubleFunction<int[]> statistic) {
        if (units < 2 || draws < 2) {
            throw new IllegalArgumentException("bootstrap: at least 2 questions and 2 draws; got %s and %s".formatted(
                    units, draws));
        }
        double[] values = new double[draws];
        int[] drawn = new int[units];
        for (int b = 0; b < draws; b++) {
            for (int i = 0; i < units; i++) {
                drawn[i] = random.nextInt(units);
            }
            values[b] = statistic.applyAsDouble(drawn);
        }
        Arrays.sort(values);
        return new Bootstrap(Mean.of(values).spread().orElseThrow(), interval(values));
    }

    /// @param sorted values of all draws, rising, at least one
    /// @return the 95 % percentile interval
    public static Interval interval(double[] sorted) {
        return new Interval(quantile(sorted, 0.025), quantile(sorted, 0.975));
    }

    /// @param sorted rising
    /// @return as numpy's `quantile` with its default method, `linear`
    static double quantile(double[] sorted, double p) {
        double at = p * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
