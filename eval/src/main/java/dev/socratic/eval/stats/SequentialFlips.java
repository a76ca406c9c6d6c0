package dev.socratic.eval.stats;

import java.util.Optional;

/// Two models on the same questions, looked at after every question: whether the better one could be known early.
///
/// If both are equally good, a question on which exactly one is better falls to either side like a fair coin, so the
/// share of flips that go to the first is a rate, and [ConfidenceSequence] holds it at all looks together: the chance
/// that the interval of two equally good models ever leaves 1/2 out is at most 5 %. Questions must come in random
/// order and each stand for itself. It is McNemar's question, asked as one goes on; wider than his test at the end,
/// which may be looked at once.
///
/// Worked example: of 40 flips 31 go to the first; share 0.775, interval [0.532, 0.932]: the first is better.
///
/// @param flips   questions that one model answered better
/// @param toFirst of them, those of the first
/// @param ci95    of the share of flips that go to the first, at any time
/// @param settled after how many questions 1/2 first lay outside; none where it never did
public record SequentialFlips(int flips, int toFirst, Interval ci95, Optional<Integer> settled) {

    /// @param first  scores in the order the questions were asked
    /// @param second of the other model, in the same order
    public static SequentialFlips of(double[] first, double[] second) {
        if (first.length != second.length) {
            throw new IllegalArgumentException(
                    "a paired comparison needs the same questions on both sides; got %s and %s".formatted(first.length,
                            second.length));
        }
        int flips = 0;
        int toFirst = 0;
        Optional<Integer> settled = Optional.empty();
        for (int i = 0; i < first.length; i++) {
            if (first[i] != second[i]) {
                flips++;
                toFirst += first[i] > second[i] ? 1 : 0;
                Interval now = ConfidenceSequence.ci95(toFirst, flips);
                if (settled.isEmpty() && (now.low() > 0.5 || now.high() < 0.5)) {
                    settled = Optional.of(i + 1);
                }
            }
        }
        return new SequentialFlips(flips, toFirst, ConfidenceSequence.ci95(toFirst, flips), settled);
    }
}
