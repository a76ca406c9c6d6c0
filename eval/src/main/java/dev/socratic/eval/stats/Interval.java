package dev.socratic.eval.stats;

/// A confidence interval, both ends included.
///
/// @param low  lower end
/// @param high upper end
public record Interval(double low, double high) {
    /// Standard normal quantile for a two-sided 95 % interval.
    static final double Z95 = 1.959963984540054;

    public Interval {
        if (!(low <= high)) {
            throw new IllegalArgumentException("an interval runs from low to high; got [%s, %s]".formatted(low, high));
        }
    }

    /// The 95 % interval of Wilson for a rate: it stays inside [0, 1] and keeps its coverage near the ends, where the
    /// usual normal interval collapses to a point.
    ///
    /// With `p = k / n` and `z = 1.96`: centre `(p + z^2 / 2n) / (1 + z^2 / n)`, half width
    /// `z sqrt(p (1 - p) / n + z^2 / 4n^2) / (1 + z^2 / n)`. Source: Wilson 1927, J. Am. Stat. Assoc. 22, 209-212.
    ///
    /// @param successes k, in 0..n
    /// @param trials    n; with no trial nothing is known and the interval is [0, 1]
    public static Interval wilson(long successes, long trials) {
        if (successes < 0 || successes > trials) {
            throw new IllegalArgumentException("successes lie in 0..%s; got %s".formatted(trials, successes));
        }
        if (trials == 0) {
            return new Interval(0, 1);
        }
        double n = trials;
        double rate = successes / n;
        double z2 = Z95 * Z95;
        double centre = (rate + z2 / (2 * n)) / (1 + z2 / n);
        double half = Z95 * Math.sqrt(rate * (1 - rate) / n + z2 / (4 * n * n)) / (1 + z2 / n);
        // At the ends the exact bound is 0 or 1; rounding must not push it off.
        double low = successes == 0 ? 0 : Math.max(0, centre - half);
        double high = successes == trials ? 1 : Math.min(1, centre + half);
        return new Interval(low, high);
    }

    /// The 95 % interval of a mean of scores: `mean +- z s / sqrt(n)`, with s the sample deviation (divisor n - 1).
    ///
    /// Source: Miller 2024, arXiv:2411.00640. Meant for scores that are no plain 0/1 (several samples a question
    /// averaged).
    public static Interval ofMean(double[] scores) {
        if (scores.length < 2) {
            return new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        }
        double mean = mean(scores);
        double half = Z95 * standardError(scores);
        return new Interval(mean - half, mean + half);
    }

    static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return values.length == 0 ? Double.NaN : sum / values.length;
    }

    /// @return `sqrt(sum (x - mean)^2 / (n (n - 1)))`
    static double standardError(double[] values) {
        double mean = mean(values);
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        double n = values.length;
        return Math.sqrt(squares / (n * (n - 1)));
    }
}
