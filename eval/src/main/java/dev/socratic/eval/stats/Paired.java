package dev.socratic.eval.stats;

import java.util.List;
import java.util.stream.IntStream;

/// Two models on the same questions, question by question: what both find hard cancels, so the interval of the
/// difference is far narrower than two separate intervals suggest.
///
/// The interval is Newcombe's square-and-add: Wilson's intervals of both rates, joined with the correlation of the
/// two columns. Unlike the interval of the mean difference (Miller 2024, arXiv:2411.00640) it does not collapse to a
/// point where the models never disagree, and it stays inside [-1, 1]. The p-value is McNemar's exact test on the
/// questions where exactly one model is right.
///
/// Where scores are no plain right or wrong (several answers a question), or questions hang together, both are those
/// of [PairedScores] instead.
///
/// @param n          questions both answered, at least 1
/// @param bothRight  both right: a score above one half
/// @param onlyFirst  the first better
/// @param onlySecond the second better
/// @param difference mean score of the first minus that of the second
/// @param ci95       95 % interval of the difference
/// @param p          two-sided p-value
/// @param test       whose it is
/// @param spread     sample deviation of the difference question by question; 0 of a single one
public record Paired(int n, int bothRight, int onlyFirst, int onlySecond, double difference, Interval ci95, double p,
        Test test, double spread) {

    /// Of what the p-value is.
    public enum Test {
        MCNEMAR("McNemar"), T("paired t"), CLUSTERED_T("clustered paired t");

        private final String text;

        Test(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// Compares verdicts; both arrays in the order of the same questions.
    public static Paired of(boolean[] first, boolean[] second) {
        return of(scores(first), scores(second), IntStream.range(0, first.length).boxed().toList());
    }

    private static double[] scores(boolean[] verdicts) {
        return IntStream.range(0, verdicts.length).mapToDouble(i -> verdicts[i] ? 1 : 0).toArray();
    }

    /// @param first    scores in [0, 1], in the order of the same questions as the other's
    /// @param clusters what each question belongs to
    /// @throws IllegalArgumentException if the lengths differ or no question is there
    public static Paired of(double[] first, double[] second, List<?> clusters) {
        if (first.length != second.length) {
            throw new IllegalArgumentException(
                    "a paired comparison needs the same questions on both sides; got %s and %s".formatted(first.length,
                            second.length));
        }
        if (first.length == 0) {
            throw new IllegalArgumentException("a paired comparison needs at least one question; got none");
        }
        int both = 0;
        int onlyFirst = 0;
        int onlySecond = 0;
        for (int i = 0; i < first.length; i++) {
            both += first[i] > 0.5 && second[i] > 0.5 ? 1 : 0;
            onlyFirst += first[i] > second[i] ? 1 : 0;
            onlySecond += first[i] < second[i] ? 1 : 0;
        }
        int n = first.length;
        Mean differences = Mean.of(IntStream.range(0, n).mapToDouble(i -> first[i] - second[i]).toArray(), clusters);
        double spread = differences.spread().orElse(0.0);
        boolean clustered = differences.clusters() < n;
        if (!clustered && Mean.of(first).rate() && Mean.of(second).rate()) {
            int neither = n - both - onlyFirst - onlySecond;
            return new Paired(n, both, onlyFirst, onlySecond, differences.value(),
                    newcombe(both, onlyFirst, onlySecond, neither), mcNemar(onlyFirst, onlySecond), Test.MCNEMAR,
                    spread);
        }
        Test test = clustered ? Test.CLUSTERED_T : Test.T;
        if (differences.error().isEmpty()) { // one cluster: nothing is known of how others would differ
            return new Paired(n, both, onlyFirst, onlySecond, differences.value(), new Interval(-1, 1), 1, test,
                    spread);
        }
        PairedScores scores = PairedScores.of(first, second, clusters);
        return new Paired(n, both, onlyFirst, onlySecond, scores.difference(), scores.ci95(), scores.p(), test, spread);
    }

    /// @return questions it takes to see a difference of that size with 80 % power, models differing from question to
    ///         question as these two do
    public long questionsToSee(double delta) {
        return Power.USUAL.questions(delta, spread);
    }

    /// @return the smallest difference that as many questions show with 80 % power
    public double detectable() {
        return Power.USUAL.difference(n, spread);
    }

    /// The 95 % interval of a difference of paired rates.
    ///
    /// With the table e (both), f (only first), g (only second), h (neither), rates `p1 = (e + f) / n` and `p2 = (e +
    /// g) / n`, and Wilson's limits l1, u1, l2, u2 of each: from `d - sqrt((p1 - l1)^2 - 2 phi (p1 - l1)(u2 - p2) +
    /// (u2 - p2)^2)` to `d + sqrt((u1 - p1)^2 - 2 phi (u1 - p1)(p2 - l2) + (p2 - l2)^2)`, where `phi = (eh - fg) /
    /// sqrt((e + f)(g + h)(e + g)(f + h))`; a positive `eh - fg` is first brought n / 2 nearer to 0, and phi is 0
    /// where a margin is empty.
    ///
    /// Source: Newcombe 1998, Statistics in Medicine 17, 2635-2650, method 10.
    static Interval newcombe(int both, int onlyFirst, int onlySecond, int neither) {
        double n = both + onlyFirst + onlySecond + neither;
        double rate1 = (both + onlyFirst) / n;
        double rate2 = (both + onlySecond) / n;
        Interval first = Interval.wilson(both + onlyFirst, (long) n);
        Interval second = Interval.wilson(both + onlySecond, (long) n);
        double cross = (double) both * neither - (double) onlyFirst * onlySecond;
        double corrected = cross > 0 ? Math.max(0, cross - n / 2) : cross;
        double margins =
                (double) (both + onlyFirst) * (onlySecond + neither) * (both + onlySecond) * (onlyFirst + neither);
        double phi = margins == 0 ? 0 : corrected / Math.sqrt(margins);
        double below = joined(rate1 - first.low(), second.high() - rate2, phi);
        double above = joined(first.high() - rate1, rate2 - second.low(), phi);
        return new Interval(Math.max(-1, rate1 - rate2 - below), Math.min(1, rate1 - rate2 + above));
    }

    /// @return `sqrt(a^2 - 2 phi a b + b^2)`, which rounding must not make the root of a negative number
    private static double joined(double a, double b, double phi) {
        return Math.sqrt(Math.max(0, a * a - 2 * phi * a * b + b * b));
    }

    /// McNemar's exact test: if the models are equally good, the discordant questions fall to either side like a fair
    /// coin, so `p = min(1, 2 P(X <= min(b, c)))` with X binomial(b + c, 1/2).
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
