package dev.socratic.eval.stats;

/// Two models on the same questions, question by question.
///
/// The interval is that of the mean difference, `d +- z sqrt(sum (d_i - d)^2 / (n (n - 1)))` with `d_i = a_i - b_i`: what both find hard cancels,
/// so it is far narrower than the difference of two separate intervals. Source: Miller 2024, arXiv:2411.00640. The p-value is McNemar's exact
/// test on the questions where exactly one model is right. With few such questions the interval is optimistic; trust the p-value then.
///
/// @param n          questions both answered
/// @param bothRight  both right
/// @param onlyFirst  only the first right
/// @param onlySecond only the second right
/// @param difference accuracy of the first minus that of the second
/// @param ci95       95 % interval of the difference
/// @param p          two-sided p-value of McNemar's exact test
public record Paired(
        int n, int bothRight, int onlyFirst, int onlySecond, double difference, Interval ci95, double p) {

    /// Compares verdicts; both arrays in the order of the same questions.
    ///
    /// @throws IllegalArgumentException if the lengths differ or no question is there
    public static Paired of(boolean[] first, boolean[] second) {
        if (first.length != second.length) {
            throw new IllegalArgumentException(
                    "a paired comparison needs the same questions on both sides; got %d and %d".formatted(first.length, second.length));
        }
        if (first.length == 0) {
            throw new IllegalArgumentException("a paired comparison needs at least one question; got none");
        }
        int both = 0;
        int onlyFirst = 0;
        int onlySecond = 0;
        double[] differences = new double[first.length];
        for (int i = 0; i < first.length; i++) {
            differences[i] = (first[i] ? 1 : 0) - (second[i] ? 1 : 0);
            if (first[i] && second[i]) {
                both++;
            } else if (first[i]) {
                onlyFirst++;
            } else if (second[i]) {
                onlySecond++;
            }
        }
        double difference = Interval.mean(differences);
        double half = first.length < 2 ? 1 : Interval.Z95 * Interval.standardError(differences);
        Interval ci = new Interval(Math.max(-1, difference - half), Math.min(1, difference + half));
        return new Paired(first.length, both, onlyFirst, onlySecond, difference, ci, mcNemar(onlyFirst, onlySecond));
    }

    /// McNemar's exact test: if the models are equally good, the discordant questions fall to either side like a fair coin, so
    /// `p = min(1, 2 P(X <= min(b, c)))` with X binomial(b + c, 1/2).
    ///
    /// Source: McNemar 1947, Psychometrika 12, 153-157.
    ///
    /// @param onlyFirst  b: questions only the first got right
    /// @param onlySecond c: questions only the second got right
    public static double mcNemar(int onlyFirst, int onlySecond) {
        int n = onlyFirst + onlySecond;
        int smaller = Math.min(onlyFirst, onlySecond);
        // Logarithms of the terms: 2^-n itself vanishes beyond n = 1074.
        double logTerm = -n * Math.log(2);
        double tail = Math.exp(logTerm);
        for (int i = 1; i <= smaller; i++) {
            logTerm += Math.log((double) (n - i + 1) / i);
            tail += Math.exp(logTerm);
        }
        return Math.min(1, 2 * tail);
    }
}
