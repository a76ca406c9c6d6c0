package dev.socratic.trainer.data;

import dev.socratic.core.seed.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/// Rows of a window as micro-batches of rows of similar length, so that little is padding.
///
/// The rows are shuffled, sorted by length (the sort is stable, so equal lengths stay shuffled), cut into
/// micro-batches of at most `microTokens` padded tokens, and the micro-batches shuffled. The order depends on the
/// seed and the rows alone.
public final class LengthBuckets {
    private LengthBuckets() {}

    /// @param rows        at least two tokens each; a row with another answer beside it takes the place of two
    /// @param microTokens most tokens of a micro-batch, padding included; a longer row makes a micro-batch alone
    /// @param seed        of this window
    public static List<MicroBatch> of(List<TokenRow> rows, int microTokens, long seed) {
        List<TokenRow> order = new ArrayList<>(rows);
        Collections.shuffle(order, new Random(Seeds.derive(seed, "rows")));
        order.sort(Comparator.comparingInt(TokenRow::inputLength));
        List<MicroBatch> batches = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= order.size(); i++) {
            boolean full = i == order.size()
                    || (long) (i + 1 - from) * order.get(i).inputLength() * order.get(i).answers().size() > microTokens;
            if (full) {
                batches.add(MicroBatch.of(order.subList(from, i)));
                from = i;
            }
        }
        Collections.shuffle(batches, new Random(Seeds.derive(seed, "batches")));
        return batches;
    }
}
