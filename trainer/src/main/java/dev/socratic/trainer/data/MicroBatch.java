package dev.socratic.trainer.data;

import dev.socratic.trainer.data.align.TokenAlignment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Rows that go through the student together, padded on the right with token 0.
///
/// @param rows      how many rows, the batch axis
/// @param seq       input tokens of the longest
/// @param ids       `[batch, seq]` input tokens, row after row
/// @param positions `[tokens]` places in the flattened `[batch * seq]` whose prediction counts
/// @param labels    `[tokens]` what is to be predicted there
/// @param tokens    input tokens that are no padding
/// @param origin    the rows themselves, in this order: what a store of distributions knows them by
/// @param paired    whether rows come in pairs: row 2i the given answer, row 2i + 1 the other one to the same prompt
public record MicroBatch(int rows, int seq, long[] ids, long[] positions, long[] labels, int tokens,
        List<TokenRow> origin, boolean paired) {
    public MicroBatch {
        origin = List.copyOf(origin);
    }

    /// @param batch the teacher's tokens
    /// @param join  how its counting tokens belong to the student's
    public record TwinBatch(MicroBatch batch, TokenAlignment join) {}

    /// Shift: the input at place `i` predicts token `i + 1`.
    ///
    /// @param given all of them with another answer beside them, or none
    public static MicroBatch of(List<TokenRow> given) {
        List<TokenRow> rows = given.stream().flatMap(row -> row.all().stream()).toList();
        boolean paired = rows.size() > given.size();
        if (paired && rows.size() != 2 * given.size()) {
            throw new IllegalArgumentException("rows: all with another answer or none; got %s of %s".formatted(
                    rows.size() - given.size(), given.size()));
        }
        int seq = rows.stream().mapToInt(row -> row.ids().length - 1).max().orElseThrow();
        int counting = rows.stream().mapToInt(TokenRow::counting).sum();
        long[] ids = new long[rows.size() * seq];
        long[] positions = new long[counting];
        long[] labels = new long[counting];
        int tokens = 0;
        int next = 0;
        for (int r = 0; r < rows.size(); r++) {
            TokenRow row = rows.get(r);
            int inputs = row.ids().length - 1;
            tokens += inputs;
            for (int i = 0; i < inputs; i++) {
                int place = r * seq + i;
                ids[place] = row.ids()[i];
                if (row.counts()[i + 1]) {
                    positions[next] = place;
                    labels[next++] = row.ids()[i + 1];
                }
            }
        }
        return new MicroBatch(rows.size(), seq, ids, positions, labels, tokens, alone(rows), paired);
    }

    private static List<TokenRow> alone(List<TokenRow> rows) {
        return rows.stream().map(TokenRow::alone).toList();
    }

    /// @return the same rows as the teacher reads them, where its tokenizer is another
    public Optional<TwinBatch> twin() {
        List<TeacherRow> twins = origin.stream().flatMap(row -> row.twin().stream()).toList();
        return twins.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new TwinBatch(of(twins.stream().map(TeacherRow::row).toList()),
                                TokenAlignment.joined(twins.stream().map(TeacherRow::join).toList())));
    }

    /// @return input tokens of each row, without padding
    public int[] lengths() {
        return origin.stream().mapToInt(row -> row.ids().length - 1).toArray();
    }

    /// @return rows in which a prediction counts
    public int samples() {
        return (int) Arrays.stream(positions).map(place -> place / seq).distinct().count();
    }

    /// @return second rows of pairs in which a prediction counts
    public int secondSamples() {
        return paired
                ? (int) Arrays.stream(positions).map(place -> place / seq).distinct().filter(row -> row % 2 == 1)
                        .count()
                : 0;
    }

    /// @return pairs of rows
    public int pairs() {
        return paired ? rows / 2 : 0;
    }

    /// @return how many predictions count
    public int counting() {
        return labels.length;
    }

    /// @param token number of a counting prediction
    /// @return whether it is of a second row of a pair
    public boolean second(int token) {
        return paired && positions[token] / seq % 2 == 1;
    }

    /// @return the positions of the given rows, which are all but second rows of pairs
    public long[] given() {
        return paired
                ? IntStream.range(0, positions.length).filter(token -> !second(token))
                        .mapToLong(token -> positions[token]).toArray()
                : positions;
    }

    /// @return the same, of which only given rows count
    public MicroBatch givenOnly() {
        long[] wanted = IntStream.range(0, labels.length).filter(token -> !second(token))
                .mapToLong(token -> labels[token]).toArray();
        return new MicroBatch(rows, seq, ids, given(), wanted, tokens, origin, paired);
    }
}
