package dev.socratic.eval.harness.overlap;

import dev.socratic.core.python.PythonStrings;
import java.util.List;
import java.util.Locale;

/// TER, Snover et al. 2006: edits (insert, delete, replace a word, move a run of words) that make a text its nearest
/// reference, over the references' mean length, times 100; words as they stand, in lower case. Lower is better.
///
/// Source: the algorithm of tercom, as sacrebleu simplifies it (see [WordShifts]).
public record EditRate() implements Overlap {
    /// @return edits, and the mean length of the references
    @Override
    public double[] statistics(Segment segment) {
        List<String> words = words(segment.written());
        double lengths = 0;
        double fewest = Double.POSITIVE_INFINITY;
        for (String reference : segment.references()) {
            List<String> other = words(reference);
            fewest = Math.min(fewest, WordShifts.edits(words, other));
            lengths += other.size();
        }
        return new double[] {fewest, lengths / segment.references().size()};
    }

    /// @return from 0, and above 100 where a text is much longer than its reference
    @Override
    public double score(double[] sums) {
        return 100 * (sums[1] > 0 ? sums[0] / sums[1] : sums[0] > 0 ? 1 : 0);
    }

    private static List<String> words(String text) {
        return PythonStrings.split(text.toLowerCase(Locale.ROOT));
    }
}
