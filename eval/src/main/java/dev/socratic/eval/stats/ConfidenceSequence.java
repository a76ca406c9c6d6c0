package dev.socratic.eval.stats;

import org.apache.commons.numbers.gamma.LogBeta;

/// An interval of a mean of scores in [0, 1] that may be looked at after every question: the chance that it *ever*
/// misses the mean is at most 5 %, so one may stop as soon as it is narrow enough. A usual interval looked at so often
/// misses far more often.
///
/// With sum S of n scores, `p` lies outside when `B(a + S, b + n - S) / B(a, b) / (p^S (1 - p)^{n - S}) >= 1 / alpha`,
/// `a = b = 1/2`: the left side is a beta mixture of likelihood ratios, a martingale for zeros and ones and a
/// supermartingale for scores in between, and Ville's inequality bounds how high it ever gets. Scores must come in
/// random order. Source: Robbins 1970, Ann. Math. Stat. 41; for scores in [0, 1] Howard et al. 2021, Ann. Stat. 49,
/// arXiv:1810.08240 (sub-Bernoulli).
public final class ConfidenceSequence {
    private static final double PRIOR = 0.5;
    private static final int HALVINGS = 60;

    private ConfidenceSequence() {}

    /// @param sum of the scores, in 0..n
    /// @param n   scores so far; none says nothing
    public static Interval ci95(double sum, int n) {
        return of(sum, n, 0.05);
    }

    static Interval of(double sum, int n, double alpha) {
        if (!(sum >= 0 && sum <= n)) {
            throw new IllegalArgumentException("the sum of %s scores lies in 0..%s; got %s".formatted(n, n, sum));
        }
        if (n == 0) {
            return new Interval(0, 1);
        }
        double mean = sum / n;
        double most = LogBeta.value(PRIOR + sum, PRIOR + n - sum) - LogBeta.value(PRIOR, PRIOR) + Math.log(alpha);
        return new Interval(sum == 0 ? 0 : edge(0, mean, sum, n, most), sum == n ? 1 : edge(1, mean, sum, n, most));
    }

    /// Between an end that is outside and the mean, which is inside.
    private static double edge(double outside, double inside, double sum, int n, double most) {
        double out = outside;
        double in = inside;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (out + in) / 2;
            double log = sum * Math.log(middle) + (n - sum) * Math.log1p(-middle);
            if (log > most) {
                in = middle;
            } else {
                out = middle;
            }
        }
        return out; // rather too wide than too narrow
    }
}
