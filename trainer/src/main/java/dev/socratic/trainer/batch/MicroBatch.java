package dev.socratic.trainer.batch;

import dev.socratic.trainer.align.TokenJoin;
import dev.socratic.trainer.align.Twin;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Rows that go through the student together, padded on the right with token 0.
///
/// @param rows      how many rows, the batch axis
/// @param seq       input tokens of the longest
/// @param ids       `[batch, seq]` input tokens, row after row
/// @param positions `[tokens]` places in the flattened `[batch * seq]` whose prediction counts
/// @param labels    `[tokens]` what is to be predicted there
/// @param tokens    input tokens that are no padding
/// @param origin    the rows themselves, in this order: what a store of distributions knows them by
public record MicroBatch(int rows, int seq, long[] ids, long[] positions, long[] labels, int tokens, List<TokenRow> origin) {
    public MicroBatch {
        origin = List.copyOf(origin);
    }

    /// @param batch the teacher's tokens
    /// @param join  how its counting tokens belong to the student's
    public record TwinBatch(MicroBatch batch, TokenJoin join) {}

    /// Shift: the input at place `i` predicts token `i + 1`.
    public static MicroBatch of(List<TokenRow> rows) {
        int seq = rows.stream().mapToInt(TokenRow::inputs).max().orElseThrow();
        int counting = rows.stream().mapToInt(TokenRow::counting).sum();
        long[] ids = new long[rows.size() * seq];
        long[] positions = new long[counting];
        long[] labels = new long[counting];
        int tokens = 0;
        int next = 0;
        for (int r = 0; r < rows.size(); r++) {
            TokenRow row = rows.get(r);
            tokens += row.inputs();
            for (int i = 0; i < row.inputs(); i++) {
                int place = r * seq + i;
                ids[place] = row.ids()[i];
                if (row.counts()[i + 1]) {
                    positions[next] = place;
                    labels[next++] = row.ids()[i + 1];
                }
            }
        }
        return new MicroBatch(rows.size(), seq, ids, positions, labels, tokens, rows);
    }

    /// @return the same rows as the teacher reads them, where its tokenizer is another
    public Optional<TwinBatch> twin() {
        List<Twin> twins = origin.stream().flatMap(row -> row.twin().stream()).toList();
        return twins.isEmpty()
                ? Optional.empty()
                : Optional.of(new TwinBatch(of(twins.stream().map(Twin::row).toList()), TokenJoin.joined(twins.stream().map(Twin::join).toList())));
    }

    /// @return rows in which a prediction counts
    public int samples() {
        return (int) Arrays.stream(positions).map(place -> place / seq).distinct().count();
    }

    /// @return how many predictions count
    public int counting() {
        return labels.length;
    }
}
