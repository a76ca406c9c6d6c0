package dev.socratic.eval.stats;

import java.util.List;
import java.util.stream.IntStream;

/// Two models on the same questions where a question's score is no plain right or wrong: a mean over several answers,
/// a share. `d_i = a_i - b_i`, their mean with its (clustered) standard error, `t = mean / SE` with G - 1 degrees of
/// freedom. Source: Miller 2024, arXiv:2411.00640, 4.
///
/// @param n           questions both answered, at least 2
/// @param difference  mean of `d_i`
/// @param error       its standard error
/// @param ci95        `difference +- t SE`, cut at -1 and 1; where every `d_i` is the same that of one question more
///                    that differs by 1 the other way, so that few questions do not seem to settle it
/// @param p           two-sided p-value of the paired t-test; 1 where every `d_i` is 0
/// @param correlation of the two columns: near 1 the pairing spares most questions; 0 where one is constant
/// @param spread      sample deviation of `d_i`
public record PairedScores(
        int n, double difference, double error, Interval ci95, double p, double correlation, double spread) {

    /// @param first    scores in [0, 1], in the order of the same questions
    /// @param clusters what each question belongs to
    /// @throws IllegalArgumentException if the lengths differ or there are not two clusters
    public static PairedScores of(double[] first, double[] second, List<?> clusters) {
        if (first.length != second.length) {
            throw new IllegalArgumentException(
                    "a paired comparison needs the same questions on both sides; got %s and %s".formatted(
                            first.length, second.length));
        }
        double[] differences = IntStream.range(0, first.length).mapToDouble(i -> first[i] - second[i]).toArray();
        Mean mean = first.length == 0 ? Mean.of(new double[1]) : Mean.of(differences, clusters);
        if (mean.error().isEmpty()) {
            throw new IllegalArgumentException(
                    "a paired comparison of scores needs two independent questions; got %s".formatted(first.length));
        }
        double error = mean.error().get();
        double p = error > 0 ? Quantiles.studentTails(mean.value() / error, mean.clusters() - 1.0)
                : mean.value() == 0 ? 1 : 0;
        return new PairedScores(first.length, mean.value(), error, interval(mean, error), p,
                correlation(first, second), mean.spread().orElseThrow());
    }

    private static Interval interval(Mean mean, double error) {
        double t = Quantiles.student(0.975, mean.clusters() - 1.0);
        double half = t * error;
        if (error == 0) {
            double n = mean.clusters() + 1.0;
            double outlier = mean.value() > 0 ? -1 : 1;
            half = t * Math.abs(outlier - mean.value()) / n;
        }
        return new Interval(Math.max(-1, mean.value() - half), Math.min(1, mean.value() + half));
    }

    private static double correlation(double[] a, double[] b) {
        double meanA = IntStream.range(0, a.length).mapToDouble(i -> a[i]).average().orElseThrow();
        double meanB = IntStream.range(0, b.length).mapToDouble(i -> b[i]).average().orElseThrow();
        double both = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            both += (a[i] - meanA) * (b[i] - meanB);
            squaresA += (a[i] - meanA) * (a[i] - meanA);
            squaresB += (b[i] - meanB) * (b[i] - meanB);
        }
        return squaresA == 0 || squaresB == 0 ? 0 : both / Math.sqrt(squaresA * squaresB);
    }
}
