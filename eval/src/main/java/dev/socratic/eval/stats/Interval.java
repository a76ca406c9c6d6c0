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
        double rate = successes / (double) trials;
        Interval interval = wilson(rate, trials, Z95);
        // At the ends the exact bound is 0 or 1; rounding must not push it off.
        return new Interval(successes == 0 ? 0 : interval.low, successes == trials ? 1 : interval.high);
    }

    /// The same for a rate of `n` trials, which need not be whole, and any quantile.
    static Interval wilson(double rate, double n, double z) {
        double z2 = z * z;
        double centre = (rate + z2 / (2 * n)) / (1 + z2 / n);
        double half = z * Math.sqrt(rate * (1 - rate) / n + z2 / (4 * n * n)) / (1 + z2 / n);
        return new Interval(Math.max(0, centre - half), Math.min(1, centre + half));
    }
}
