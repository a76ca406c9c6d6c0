package dev.socratic.eval.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Whether a model is as sure as it is right: of answers given with confidence 0.8, eight of ten should be right.
///
/// `ECE = sum_b n_b / n |right_b - confidence_b|` over bins of equal width (Naeini et al. 2015, AAAI; Guo et al. 2017,
/// arXiv:1706.04599); `Brier = mean (confidence - right)^2` (Brier 1950). ECE is biased upwards where bins are thin.
///
/// @param n     answers
/// @param ece   expected calibration error, 0 to 1
/// @param error of it, by [Bootstrap]; none of a single answer
/// @param brier Brier score, 0 to 1
/// @param bins  the reliability table; empty bins are left out
public record Calibration(int n, double ece, Optional<Bootstrap> error, double brier, List<Bin> bins) {
    /// As most papers have it.
    public static final int BINS = 10;

    public Calibration {
        bins = List.copyOf(bins);
    }

    /// @param low        lower end, excluded but for 0
    /// @param high       upper end, included
    /// @param n          answers in it
    /// @param confidence their mean confidence
    /// @param right      share of right ones
    /// @param ci95       of that share (Wilson)
    public record Bin(double low, double high, int n, double confidence, double right, Interval ci95) {}

    /// @param confidence of each answer, in [0, 1]; at least one
    /// @param right      whether it was right
    /// @param bins       at least 1
    /// @param random     of the bootstrap
    public static Calibration of(double[] confidence, boolean[] right, int bins, SplittableRandom random) {
        if (confidence.length == 0 || confidence.length != right.length || bins < 1) {
            throw new IllegalArgumentException(
                    "calibration: at least one bin and one answer with its confidence; got %s, %s and %s".formatted(
                            bins, confidence.length, right.length));
        }
        for (double one : confidence) {
            if (!(one >= 0 && one <= 1)) {
                throw new IllegalArgumentException("confidence: from 0 to 1; got %s".formatted(one));
            }
        }
        int[] all = IntStream.range(0, confidence.length).toArray();
        List<Bin> table = table(confidence, right, bins, all);
        double brier = IntStream.of(all).mapToDouble(i -> Math.pow(confidence[i] - (right[i] ? 1 : 0), 2)).average()
                .orElseThrow();
        Optional<Bootstrap> error = all.length < 2 ? Optional.empty()
                : Optional.of(Bootstrap.of(all.length, Bootstrap.DRAWS, random,
                        drawn -> ece(confidence, right, bins, drawn)));
        return new Calibration(all.length, ece(confidence, right, bins, all), error, brier, table);
    }

    private static int bin(double confidence, int bins) {
        return Math.max(0, (int) Math.ceil(confidence * bins) - 1);
    }

    private static double ece(double[] confidence, boolean[] right, int bins, int[] drawn) {
        double[] gap = new double[bins];
        for (int i : drawn) {
            gap[bin(confidence[i], bins)] += (right[i] ? 1 : 0) - confidence[i];
        }
        double sum = 0;
        for (double one : gap) {
            sum += Math.abs(one);
        }
        return sum / drawn.length;
    }

    private static List<Bin> table(double[] confidence, boolean[] right, int bins, int[] all) {
        List<Bin> table = new ArrayList<>();
        for (int b = 0; b < bins; b++) {
            int number = b;
            int[] in = IntStream.of(all).filter(i -> bin(confidence[i], bins) == number).toArray();
            if (in.length > 0) {
                int hits = (int) IntStream.of(in).filter(i -> right[i]).count();
                table.add(new Bin(b / (double) bins, (b + 1) / (double) bins, in.length,
                        IntStream.of(in).mapToDouble(i -> confidence[i]).average().orElseThrow(),
                        hits / (double) in.length, Interval.wilson(hits, in.length)));
            }
        }
        return table;
    }
}
