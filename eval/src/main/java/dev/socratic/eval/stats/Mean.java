package dev.socratic.eval.stats;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// The mean of one score a question, with its standard error.
///
/// Questions that share a text, a story or a template are no independent draws: their deviations add up within the
/// cluster before they are squared,
/// `SE^2 = G / (G - 1) sum_c (sum_{i in c} (x_i - mean))^2 / n^2` for G clusters. With one question a cluster that is
/// the usual `s^2 / n` with divisor n - 1. Source: Miller 2024, arXiv:2411.00640, 2.2; the factor G / (G - 1) is that
/// of Liang and Zeger 1986, Biometrika 73, which Miller leaves out.
///
/// @param n        scores
/// @param value    their mean
/// @param error    its standard error; none of a single cluster
/// @param clusters independent ones among them: n where each question stands for itself
/// @param spread   sample standard deviation of the scores (divisor n - 1); none of a single score
/// @param rate     whether every score is 0 or 1
public record Mean(int n, double value, Optional<Double> error, int clusters, Optional<Double> spread, boolean rate) {

    /// @param scores at least one
    public static Mean of(double[] scores) {
        return of(scores, IntStream.range(0, scores.length).boxed().toList());
    }

    /// @param scores   at least one
    /// @param clusters what each belongs to; as many as scores
    public static Mean of(double[] scores, List<?> clusters) {
        if (scores.length == 0 || clusters.size() != scores.length) {
            throw new IllegalArgumentException("scores: at least one, each with its cluster; got %s and %s".formatted(
                    scores.length, clusters.size()));
        }
        int n = scores.length;
        double mean = Arrays.stream(scores).sum() / n;
        Map<Object, Double> deviations = new HashMap<>();
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double deviation = scores[i] - mean;
            squares += deviation * deviation;
            deviations.merge(clusters.get(i), deviation, Double::sum);
        }
        int groups = deviations.size();
        double between = groups == n ? squares : deviations.values().stream().mapToDouble(d -> d * d).sorted().sum();
        Optional<Double> error = groups < 2 ? Optional.empty()
                : Optional.of(Math.sqrt(between * groups / (groups - 1.0)) / n);
        return new Mean(n, mean, error, groups, n < 2 ? Optional.empty() : Optional.of(Math.sqrt(squares / (n - 1.0))),
                Arrays.stream(scores).allMatch(score -> score == 0 || score == 1));
    }

    /// The 95 % interval of a mean of scores in [0, 1].
    ///
    /// Of independent zeros and ones Wilson's; otherwise `mean +- t SE` with Student's t of G - 1 degrees of freedom,
    /// cut at 0 and 1. Where all scores are equal, so that this would be a point, Wilson's of as many trials as there
    /// are clusters; of a single cluster nothing is known.
    public Interval ci95() {
        if (error.isEmpty()) {
            return clusters == n && rate ? Interval.wilson(Math.round(value * n), n) : new Interval(0, 1);
        }
        if (rate && clusters == n) {
            return Interval.wilson(Math.round(value * n), n);
        }
        if (error.get() == 0) {
            return Interval.wilson(value, clusters, Interval.Z95);
        }
        double half = Quantiles.student(0.975, clusters - 1.0) * error.get();
        return new Interval(Math.max(0, value - half), Math.min(1, value + half));
    }
}
