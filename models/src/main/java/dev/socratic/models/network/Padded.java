package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Rows of token ids made equally long, as a model reads them together: the one place where padding is put and where it
/// is known.
///
/// Padded on the right where whole rows are read, for causal attention then needs no mask; on the left where rows are
/// continued, for then every row's next token stands at the same place.
///
/// @param ids     `[batch, seq]`, row after row
/// @param lengths `[batch]`, how many ids of each row are no padding
/// @param seq     ids of the longest row
/// @param side    where padding stands
public record Padded(long[] ids, int[] lengths, int seq, Side side) {
    /// Where padding stands.
    public enum Side { LEFT, RIGHT }

    /// @param rows at least one
    /// @param side where the shorter ones are filled up
    /// @param pad  the id they are filled up with
    public static Padded of(List<long[]> rows, Side side, long pad) {
        int seq = rows.stream().mapToInt(row -> row.length).max().orElseThrow(
                () -> new IllegalArgumentException("rows: at least one to be read; got none; read nothing then"));
        long[] ids = new long[rows.size() * seq];
        Arrays.fill(ids, pad);
        int[] lengths = new int[rows.size()];
        for (int row = 0; row < lengths.length; row++) {
            lengths[row] = rows.get(row).length;
            System.arraycopy(rows.get(row), 0, ids, row * seq + first(side, seq, lengths[row]), lengths[row]);
        }
        return new Padded(ids, lengths, seq, side);
    }

    /// What a decoder reads of rows whose next token it predicts: all but the last id of each, which is only predicted.
    /// Padded on the right with 0.
    ///
    /// @param rows of at least one id each
    public static Padded inputs(List<long[]> rows) {
        return of(rows.stream().map(row -> Arrays.copyOf(row, row.length - 1)).toList(), Side.RIGHT, 0);
    }

    /// @return the batch axis
    public int rows() {
        return lengths.length;
    }

    /// @return ids that are no padding
    public int tokens() {
        return Arrays.stream(lengths).sum();
    }

    /// @return where an id of a row stands in the flattened `[batch * seq]`
    public int place(int row, int at) {
        return row * seq + first(side, seq, lengths[row]) + at;
    }

    /// @return `[tokens]`, where in `[batch * seq]` there is no padding, ascending
    public long[] places() {
        return IntStream.range(0, rows()).flatMap(row -> IntStream.range(0, lengths[row]).map(at -> place(row, at)))
                .asLongStream().toArray();
    }

    /// @return `[batch]`, how much of each row is padding
    public long[] padding() {
        return Arrays.stream(lengths).mapToLong(length -> seq - length).toArray();
    }

    /// @return the ids, `[batch, seq]` int64
    public NDArray array(NDManager manager) {
        return manager.create(ids, new Shape(rows(), seq));
    }

    private static int first(Side side, int seq, int length) {
        return switch (side) {
            case LEFT -> seq - length;
            case RIGHT -> 0;
        };
    }
}
