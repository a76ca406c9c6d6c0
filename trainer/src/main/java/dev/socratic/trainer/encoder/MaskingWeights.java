package dev.socratic.trainer.encoder;

import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.trainer.data.RowEncoder;
import java.util.Iterator;

/// How likely each token of the vocabulary is to be hidden, relative to the others: `max(count, 1) ^ -smoothing`, so
/// that rare words are guessed more often than their share of the text; 0 for control ids. Source: Lample & Conneau
/// 2019, arXiv:1901.07291, 4.2, as DistilBERT's training uses it (Sanh et al. 2019, arXiv:1910.01108).
public final class MaskingWeights {
    private final double[] odds;

    private MaskingWeights(double[] odds) {
        this.odds = odds;
    }

    /// @param counts    of each id in the text to learn
    /// @param smoothing 0 hides every token alike
    public static MaskingWeights of(long[] counts, double smoothing, ControlIds control) {
        double[] odds = new double[counts.length];
        for (int id = 0; id < odds.length; id++) {
            odds[id] = control.contains(id) ? 0 : Math.pow(Math.max(counts[id], 1), -smoothing);
        }
        return new MaskingWeights(odds);
    }

    /// Counts in one pass.
    public static MaskingWeights of(RowStream<Example> rows, RowEncoder encoder, int vocab, double smoothing,
            ControlIds control) {
        long[] counts = new long[vocab];
        for (Iterator<Example> all = rows.iterator(); all.hasNext(); ) {
            if (encoder.encode(all.next()) instanceof RowEncoder.Verdict.Kept kept) {
                for (int id : kept.row().ids()) {
                    counts[id]++;
                }
            }
        }
        return of(counts, smoothing, control);
    }

    double of(int id) {
        return odds[id];
    }

    int vocab() {
        return odds.length;
    }
}
