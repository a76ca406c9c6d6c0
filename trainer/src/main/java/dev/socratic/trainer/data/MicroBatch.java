package dev.socratic.trainer.data;

import dev.socratic.models.network.Padded;
import dev.socratic.trainer.data.align.TokenAlignment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Rows that go through the student together, padded on the right with token 0, and where in them the loss is.
///
/// Example: the rows `[7, 8, 9, 2]` (loss mask on the last two) and `[5, 2]` (on the last) are `rows = 2`, `seq = 3`,
/// `ids = [7, 8, 9, 5, 0, 0]`, `lossPositions = [1, 2, 3]`, `labels = [9, 2, 2]`: the input at place `i` predicts token
/// `i + 1`.
///
/// @param rows          how many rows, the batch axis
/// @param seq           input tokens of the longest
/// @param ids           `[batch, seq]` input tokens, row after row
/// @param lossPositions `[tokens]` places in the flattened `[batch * seq]` at which the loss mask lets a prediction
///                      through
/// @param labels        `[tokens]` what is to be predicted there
/// @param tokens        input tokens that are no padding
/// @param tokenRows     the rows themselves, in this order: what a store of distributions knows them by
/// @param paired        whether rows come in pairs: row 2i the chosen one, row 2i + 1 the rejected one to the same
///                      prompt; on-policy pairs have the data's row and the student's own
public record MicroBatch(int rows, int seq, long[] ids, long[] lossPositions, long[] labels, int tokens,
        List<TokenRow> tokenRows, boolean paired) {
    public MicroBatch {
        tokenRows = List.copyOf(tokenRows);
    }

    /// @param batch     the teacher's tokens
    /// @param alignment how its loss tokens belong to the student's
    public record TeacherBatch(MicroBatch batch, TokenAlignment alignment) {}

    /// Shift: the input at place `i` predicts token `i + 1`.
    ///
    /// @param given all of them with another answer beside them, or none
    public static MicroBatch of(List<TokenRow> given) {
        List<TokenRow> rows = given.stream().flatMap(row -> row.answers().stream()).toList();
        boolean paired = rows.size() > given.size();
        if (paired && rows.size() != 2 * given.size()) {
            throw new IllegalArgumentException("rows: all with another answer or none; got %s of %s".formatted(
                    rows.size() - given.size(), given.size()));
        }
        Padded inputs = Padded.inputs(
                rows.stream().map(row -> Arrays.stream(row.ids()).asLongStream().toArray()).toList());
        int lossTokens = rows.stream().mapToInt(TokenRow::lossTokens).sum();
        long[] positions = new long[lossTokens];
        long[] labels = new long[lossTokens];
        int next = 0;
        for (int r = 0; r < rows.size(); r++) {
            TokenRow row = rows.get(r);
            for (int i = 0; i < inputs.lengths()[r]; i++) {
                if (row.lossMask()[i + 1]) {
                    positions[next] = inputs.place(r, i);
                    labels[next++] = row.ids()[i + 1];
                }
            }
        }
        return new MicroBatch(rows.size(), inputs.seq(), inputs.ids(), positions, labels, inputs.tokens(), alone(rows),
                paired);
    }

    private static List<TokenRow> alone(List<TokenRow> rows) {
        return rows.stream().map(TokenRow::withoutRejected).toList();
    }

    /// @return the same rows in the teacher's tokenization, where its tokenizer is another
    public Optional<TeacherBatch> teacherBatch() {
        List<TeacherRow> teacherRows = tokenRows.stream().flatMap(row -> row.teacherRow().stream()).toList();
        return teacherRows.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new TeacherBatch(of(teacherRows.stream().map(TeacherRow::row).toList()),
                                TokenAlignment.concat(teacherRows.stream().map(TeacherRow::alignment).toList())));
    }

    /// @return the input tokens as a model reads them
    public Padded padded() {
        return new Padded(ids, lengths(), seq, Padded.Side.RIGHT);
    }

    /// @return input tokens of each row, without padding
    public int[] lengths() {
        return tokenRows.stream().mapToInt(row -> row.ids().length - 1).toArray();
    }

    /// @return rows in which a prediction is in the loss
    public int samples() {
        return (int) Arrays.stream(lossPositions).map(place -> place / seq).distinct().count();
    }

    /// @return rejected rows of pairs in which a prediction is in the loss
    public int rejectedSamples() {
        return paired
                ? (int) Arrays.stream(lossPositions).map(place -> place / seq).distinct().filter(row -> row % 2 == 1)
                        .count()
                : 0;
    }

    /// @return pairs of rows
    public int pairs() {
        return paired ? rows / 2 : 0;
    }

    /// @return how many predictions are in the loss
    public int lossTokens() {
        return labels.length;
    }

    /// @param token number of a counting prediction
    /// @return whether it is of a rejected row of a pair
    public boolean isRejected(int token) {
        return paired && lossPositions[token] / seq % 2 == 1;
    }

    /// @return the positions of the chosen rows, which are all but rejected rows of pairs
    public long[] chosenPositions() {
        return paired
                ? IntStream.range(0, lossPositions.length).filter(token -> !isRejected(token))
                        .mapToLong(token -> lossPositions[token]).toArray()
                : lossPositions;
    }

    /// @return the same, of which only chosen rows count
    public MicroBatch chosenOnly() {
        long[] wanted = IntStream.range(0, labels.length).filter(token -> !isRejected(token))
                .mapToLong(token -> labels[token]).toArray();
        return new MicroBatch(rows, seq, ids, chosenPositions(), wanted, tokens, tokenRows, paired);
    }
}
