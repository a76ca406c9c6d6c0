package dev.socratic.eval.task;

import dev.socratic.core.config.Default;
import java.util.List;
import java.util.TreeSet;

/// How often each question is asked, and what is said of the answers together.
///
/// @param repeats    answers to each question, at least 1; more than one want a temperature above 0. The score of a
///                   question is then the share of right ones (avg@n)
/// @param at         for which k `pass@k`, `pass^k`, `maj@k`, `g_pass@k` are stated; left out, 1, 2, 4 ... up to
///                   `repeats`, and `repeats`
/// @param thresholds shares tau of `g_pass@k_tau`, above 0 and below 1 (1 is `pass^k`)
public record Repeats(
        @Default("1") int repeats, @Default("[]") List<Integer> at, @Default("[0.5, 0.75]") List<Double> thresholds) {
    public static final Repeats ONCE = new Repeats(1, List.of(), List.of(0.5, 0.75));

    public Repeats {
        if (repeats < 1) {
            throw new IllegalArgumentException("repeats: at least 1; got %s".formatted(repeats));
        }
        for (int k : at) {
            if (k < 1 || k > repeats) {
                throw new IllegalArgumentException(
                        "at: from 1 to the %s answers of each question (repeats); got %s; raise repeats or leave it out"
                                .formatted(repeats, k));
            }
        }
        for (double tau : thresholds) {
            if (!(tau > 0 && tau < 1)) {
                throw new IllegalArgumentException(
                        "thresholds: above 0 and below 1; got %s; pass@k and pass^k are stated anyway".formatted(tau));
            }
        }
        at = List.copyOf(at);
        thresholds = List.copyOf(thresholds);
    }

    /// @param n answers to each question
    /// @return as if nobody had said for which k
    public static Repeats of(int n) {
        return new Repeats(n, List.of(), ONCE.thresholds());
    }

    /// @return the k that figures are stated for, rising; none where each question is asked once
    public List<Integer> ks() {
        return at.isEmpty() ? usual(repeats) : List.copyOf(new TreeSet<>(at));
    }

    /// @return 1, 2, 4 ... and n; none of a single answer
    public static List<Integer> usual(int n) {
        TreeSet<Integer> ks = new TreeSet<>();
        for (int k = 1; k <= n && n > 1; k *= 2) {
            ks.add(k);
        }
        if (n > 1) {
            ks.add(n);
        }
        return List.copyOf(ks);
    }
}
