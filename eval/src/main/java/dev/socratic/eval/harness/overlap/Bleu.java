package dev.socratic.eval.harness.overlap;

import dev.socratic.core.python.PythonStrings;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// BLEU, Papineni et al. 2002: `bp * exp(mean of log p_n)`, n = 1..4, times 100; an order without a match counts
/// `1 / (2^k * total)`, k the how many-th such order (Chen and Cherry 2014, method 3).
///
/// @param tokens makes words with blanks between of a text
public record Bleu(UnaryOperator<String> tokens) implements Overlap {
    /// As the tasks of translation have it: words of `mteval-v13a`.
    public static final Bleu STANDARD = new Bleu(Tokenizers::words13a);
    /// By punctuation and symbols of any script: `mteval-v14 --international-tokenization`.
    public static final Bleu INTERNATIONAL = new Bleu(Tokenizers::international);
    private static final int ORDERS = 4;

    /// @return words, words of the reference that is nearest in length, then matches and runs by order
    @Override
    public double[] statistics(Segment segment) {
        List<String> words = words(segment.written());
        List<List<String>> references = segment.references().stream().map(this::words).toList();
        double[] statistics = new double[2 + 2 * ORDERS];
        statistics[0] = words.size();
        statistics[1] = references.stream().map(List::size).min(Comparator.comparingInt((Integer length) ->
                Math.abs(length - words.size())).thenComparing(Comparator.naturalOrder())).orElse(0);
        for (int n = 1; n <= ORDERS; n++) {
            Map<List<String>, Integer> most = new HashMap<>();
            for (List<String> reference : references) {
                RunCounts.of(reference, n).forEach((run, count) -> most.merge(run, count, Math::max));
            }
            Map<List<String>, Integer> runs = RunCounts.of(words, n);
            statistics[1 + n] = RunCounts.shared(runs, most);
            statistics[1 + ORDERS + n] = RunCounts.sum(runs);
        }
        return statistics;
    }

    /// @return from 0 to 100
    @Override
    public double score(double[] sums) {
        double penalty = sums[0] >= sums[1] ? 1 : sums[0] > 0 ? Math.exp(1 - sums[1] / sums[0]) : 0;
        double smoothing = 1;
        double logs = 0;
        double matches = 0;
        for (int n = 0; n < ORDERS; n++) {
            double correct = sums[2 + n];
            double total = sums[2 + ORDERS + n];
            if (total == 0) {
                return 0; // no text is long enough: a precision of 0, whose logarithm there is -9999999999
            }
            smoothing *= correct == 0 ? 2 : 1;
            matches += correct;
            logs += Math.log(correct == 0 ? 100 / (smoothing * total) : 100 * correct / total);
        }
        return matches == 0 ? 0 : penalty * Math.exp(logs / ORDERS);
    }

    private List<String> words(String text) {
        return PythonStrings.split(tokens.apply(PythonStrings.stripRight(text)));
    }
}
