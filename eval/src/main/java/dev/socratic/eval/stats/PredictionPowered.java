package dev.socratic.eval.stats;

import java.util.Arrays;

/// The mean that people would give, out of a judge's word on many questions and people's on some of them.
///
/// With judge f and people y on n labelled questions, and f alone on N others:
/// `value = l mean_N(f) + mean_n(y - l f)`, `SE^2 = l^2 var_N(f) / N + var_n(y - l f) / n`,
/// `l = cov_n(y, f) / ((1 + n / N) var_{n+N}(f))`, cut to [0, 1]. A judge that says nothing of people has l = 0, and
/// people alone are counted: the estimate is right whatever the judge is worth, if the labelled questions were drawn at
/// random. Source: Angelopoulos, Duchi and Zrnic 2023, arXiv:2311.01453 (PPI++); normal interval. As `ppi_py`.
///
/// @param value  estimate
/// @param error  its standard error
/// @param ci95   `value +- 1.96 SE`
/// @param lambda how far the judge is trusted
public record PredictionPowered(double value, double error, Interval ci95, double lambda) {

    /// @param people what people say of the labelled questions, at least two
    /// @param judge  what the judge says of the same
    /// @param others what the judge says of all others
    public static PredictionPowered of(double[] people, double[] judge, double[] others) {
        if (people.length != judge.length || people.length < 2) {
            throw new IllegalArgumentException("labels: of at least two questions, each judged too; got %s and %s"
                    .formatted(people.length, judge.length));
        }
        int n = people.length;
        int rest = others.length;
        double meanPeople = Arrays.stream(people).average().orElseThrow();
        double meanJudge = Arrays.stream(judge).average().orElseThrow();
        double covariance = 0;
        for (int i = 0; i < n; i++) {
            covariance += (people[i] - meanPeople) * (judge[i] - meanJudge) / (n - 1);
        }
        double[] all = Arrays.copyOf(judge, n + rest);
        System.arraycopy(others, 0, all, n, rest);
        double spread = variance(all);
        double lambda = rest < 2 || spread == 0 ? 0
                : Math.clamp(covariance / ((1 + n / (double) rest) * spread), 0.0, 1.0);
        double[] left = new double[n];
        for (int i = 0; i < n; i++) {
            left[i] = people[i] - lambda * judge[i];
        }
        double value = Arrays.stream(left).average().orElseThrow()
                + (lambda == 0 ? 0 : lambda * Arrays.stream(others).average().orElseThrow());
        double error = Math.sqrt(variance(left) / n + (lambda == 0 ? 0 : lambda * lambda * variance(others) / rest));
        return new PredictionPowered(value, error,
                new Interval(value - Interval.Z95 * error, value + Interval.Z95 * error), lambda);
    }

    private static double variance(double[] values) {
        double spread = Mean.of(values).spread().orElse(0.0);
        return spread * spread;
    }
}
