package dev.socratic.review.agree;

/// The share of bad rows that a random sample lets expect of the whole, with its exact interval of 95 % (Clopper and
/// Pearson 1934): the lowest and the highest share at which as many bad rows, or as few, would still be seen with a
/// probability of 2.5 %.
///
/// @param population rows that the sample was drawn from
/// @param sample     rows that were looked at
/// @param bad        of them
public record ErrorRate(long population, int sample, int bad) {
    private static final double TAIL = 0.025;

    public double rate() {
        return sample == 0 ? 0 : (double) bad / sample;
    }

    public double low() {
        return bad == 0 ? 0 : solve(p -> 1 - atMost(bad - 1, p) - TAIL);
    }

    public double high() {
        return bad == sample ? 1 : solve(p -> TAIL - atMost(bad, p));
    }

    /// What is looked for: where it turns from below zero to above.
    @FunctionalInterface
    private interface Rising {
        double at(double share);
    }

    private static double solve(Rising rising) {
        double low = 0;
        double high = 1;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            if (rising.at(middle) < 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /// @return the probability of at most so many bad rows, at a share of `p`: terms by their ratios, in logarithms
    private double atMost(int most, double p) {
        if (p <= 0 || p >= 1) {
            return p <= 0 ? 1 : most >= sample ? 1 : 0;
        }
        double log = sample * Math.log1p(-p);
        double sum = Math.exp(log);
        for (int k = 1; k <= most; k++) {
            log += Math.log((double) (sample - k + 1) / k) + Math.log(p) - Math.log1p(-p);
            sum += Math.exp(log);
        }
        return Math.min(1, sum);
    }
}
