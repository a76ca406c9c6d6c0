package dev.socratic.eval.stats;

/// What n answers to one question, c of them right, say of k answers: each figure is the mean over all subsets of k,
/// so that it is unbiased and has less spread than k answers drawn once.
///
/// @param n answers, at least 1
/// @param c right ones, in 0..n
public record PassAtK(int n, int c) {
    public PassAtK {
        if (n < 1 || c < 0 || c > n) {
            throw new IllegalArgumentException("right answers lie in 0..%s of at least one; got %s".formatted(n, c));
        }
    }

    /// pass@k: the chance that at least one of k is right, `1 - C(n - c, k) / C(n, k)`.
    /// Source: Chen et al. 2021, arXiv:2107.03374.
    ///
    /// @throws IllegalArgumentException if k > n: an estimate from fewer answers would not be one
    public double any(int k) {
        checked(k);
        double none = 1;
        for (int i = 0; i < k; i++) {
            none *= Math.max(0, n - c - i) / (double) (n - i);
        }
        return 1 - none;
    }

    /// pass^k: the chance that all of k are right, `C(c, k) / C(n, k)`. Source: Yao et al. 2024, arXiv:2406.12045.
    public double all(int k) {
        checked(k);
        double all = 1;
        for (int i = 0; i < k; i++) {
            all *= Math.max(0, c - i) / (double) (n - i);
        }
        return all;
    }

    /// G-Pass@k_tau: the chance that at least `ceil(tau k)` of k are right,
    /// `sum_{j >= max(1, ceil(tau k))} C(c, j) C(n - c, k - j) / C(n, k)`; tau 1 is pass^k and tau to 0 pass@k.
    /// Source: Liu et al. 2024, arXiv:2412.13147, whose mG-Pass@k is [#most].
    ///
    /// @param tau in [0, 1]
    public double atLeast(int k, double tau) {
        checked(k);
        if (!(tau >= 0 && tau <= 1)) {
            throw new IllegalArgumentException("tau: from 0 to 1; got %s".formatted(tau));
        }
        return atLeast(k, Math.max(1, (int) Math.ceil(tau * k - 1e-9)));
    }

    /// mG-Pass@k: twice the area under G-Pass@k_tau for tau from 0.5 to 1,
    /// `2 / k sum_{i = ceil(k / 2) + 1}^{k} G-Pass@k_{i / k}`.
    public double most(int k) {
        checked(k);
        double sum = 0;
        for (int i = (k + 1) / 2 + 1; i <= k; i++) {
            sum += atLeast(k, i);
        }
        return 2 * sum / k;
    }

    private double atLeast(int k, int least) {
        double all = logChoose(n, k);
        double sum = 0;
        for (int j = Math.max(least, k - (n - c)); j <= Math.min(c, k); j++) {
            sum += Math.exp(logChoose(c, j) + logChoose(n - c, k - j) - all);
        }
        return Math.min(1, sum);
    }

    /// Of answers of one question there are few enough to add logarithms up.
    private static double logChoose(int n, int k) {
        double log = 0;
        for (int i = 1; i <= Math.min(k, n - k); i++) {
            log += Math.log((n - i + 1.0) / i);
        }
        return log;
    }

    private void checked(int k) {
        if (k < 1 || k > n) {
            throw new IllegalArgumentException("k: from 1 to the %s answers there are; got %s".formatted(n, k));
        }
    }
}
