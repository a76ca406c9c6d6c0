package dev.socratic.eval.stats;

import java.util.Arrays;
import java.util.List;

/// Where the spread of answers comes from: the questions, which more answers do not settle, or the draws, which they
/// do. One-way analysis of variance with random effects.
///
/// With K_i answers to question i, N of them in all, `MS_w = SS_w / (N - n)`, `MS_b = SS_b / (n - 1)` and
/// `K0 = (N - sum K_i^2 / N) / (n - 1)`: within `MS_w`, between `max(0, (MS_b - MS_w) / K0)`. The variance of the mean
/// score of K answers a question is `(between + within / K) / n`. Source: Searle, Casella and McCulloch 1992, Variance
/// Components, 3.6.
///
/// @param between variance of the questions' true scores
/// @param within  variance of one answer's score about its question's
public record VarianceSplit(double between, double within) {

    /// @param scores of each question's answers; at least two questions, one of which has two answers
    public static VarianceSplit of(List<double[]> scores) {
        int n = scores.size();
        int all = scores.stream().mapToInt(one -> one.length).sum();
        if (n < 2 || all <= n || scores.stream().anyMatch(one -> one.length == 0)) {
            throw new IllegalArgumentException(
                    "a split of the variance needs two questions and more answers than questions; got %s and %s"
                            .formatted(n, all));
        }
        double grand = scores.stream().flatMapToDouble(Arrays::stream).sum() / all;
        double within = 0;
        double between = 0;
        double squares = 0;
        for (double[] one : scores) {
            double mean = Arrays.stream(one).average().orElseThrow();
            within += Arrays.stream(one).map(x -> (x - mean) * (x - mean)).sum();
            between += one.length * (mean - grand) * (mean - grand);
            squares += (double) one.length * one.length;
        }
        double meanWithin = within / (all - n);
        double effective = (all - squares / all) / (n - 1);
        return new VarianceSplit(Math.max(0, (between / (n - 1) - meanWithin) / effective), meanWithin);
    }

    /// @return share of one answer's variance that lies in the questions (intraclass correlation); 0 where there is
    ///         none
    public double share() {
        return between + within == 0 ? 0 : between / (between + within);
    }

    /// @param answers a question
    /// @return standard error of the mean over so many questions
    public double error(int questions, int answers) {
        return Math.sqrt((between + within / answers) / questions);
    }
}
