package dev.socratic.eval.stats;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/// Quantiles and tails of the normal and of Student's t distribution; the door to Apache Commons Statistics.
public final class Quantiles {
    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    private Quantiles() {}

    /// @param p in (0, 1)
    static double normal(double p) {
        return NORMAL.inverseCumulativeProbability(p);
    }

    /// @return P(X > x) of the standard normal distribution
    static double normalTail(double x) {
        return NORMAL.survivalProbability(x);
    }

    /// @param degrees of freedom, above 0
    public static double student(double p, double degrees) {
        return TDistribution.of(degrees).inverseCumulativeProbability(p);
    }

    /// @return P(|T| > |t|)
    static double studentTails(double t, double degrees) {
        return 2 * TDistribution.of(degrees).survivalProbability(Math.abs(t));
    }
}
