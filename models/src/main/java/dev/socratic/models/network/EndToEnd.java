package dev.socratic.models.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Rows laid end to end, the longest first, so that no place is padding. Positions begin anew with every row, and
/// attention stays within it, so what comes out at a row depends on that row alone.
///
/// Example: rows of 2, 3 and 2 ids lie as rows 1, 0, 2; their ids begin at 3, 0 and 5; `positions` are 0 1 2 0 1 0 1.
///
/// In attention rows of one length are read together, as a grid; with a `slack` above 1 also those that are shorter by
/// up to that factor, whose cells are filled up there and nowhere else.
///
/// @param rows   as they lie side by side
/// @param order  `[batch]` rows, the longest first, those of one length in their order
/// @param starts `[batch]` where each row begins
/// @param groups of rows that follow each other and are read together in attention
public record EndToEnd(Padded rows, int[] order, int[] starts, List<Group> groups) {
    public EndToEnd {
        groups = List.copyOf(groups);
    }

    /// @param rows   how many
    /// @param length of the longest
    public record Group(int rows, int length) {
        int cells() {
            return rows * length;
        }
    }

    /// @param slack how many times as long as a row the longest of its group may be, at least 1
    static EndToEnd of(Padded rows, double slack) {
        int[] lengths = rows.lengths();
        int[] order = IntStream.range(0, rows.rows()).boxed()
                .sorted(Comparator.comparing((Integer row) -> -lengths[row])).mapToInt(row -> row).toArray();
        int[] starts = new int[order.length];
        List<Group> groups = new ArrayList<>();
        int next = 0;
        for (int row : order) {
            starts[row] = next;
            next += lengths[row];
            boolean joins = !groups.isEmpty() && groups.getLast().length() <= lengths[row] * slack;
            Group group = joins ? groups.removeLast() : new Group(0, lengths[row]);
            groups.add(new Group(group.rows() + 1, group.length()));
        }
        return new EndToEnd(rows, order, starts, groups);
    }

    /// @return `[tokens]`
    long[] ids() {
        return Arrays.stream(order).flatMap(row -> IntStream.range(0, rows.lengths()[row])
                .map(at -> rows.place(row, at))).mapToLong(place -> rows.ids()[place]).toArray();
    }

    /// @return `[tokens]`, of each token in its row
    long[] positions() {
        return Arrays.stream(order).flatMap(row -> IntStream.range(0, rows.lengths()[row])).asLongStream().toArray();
    }

    /// @return `[tokens]`, the length of each token's row
    int[] lengths() {
        return Arrays.stream(order).map(row -> rows.lengths()[row])
                .flatMap(length -> IntStream.range(0, length).map(at -> length)).toArray();
    }

    /// @return `[tokens]`, where each token stands in the groups' grids, one behind the other; empty where all are
    ///         filled
    long[] cells() {
        if (groups.stream().mapToInt(Group::cells).sum() == rows.tokens()) {
            return new long[0];
        }
        long[] cells = new long[rows.tokens()];
        int token = 0;
        int row = 0;
        int begin = 0;
        for (Group group : groups) {
            for (int i = 0; i < group.rows(); i++) {
                for (int at = 0; at < rows.lengths()[order[row]]; at++) {
                    cells[token++] = begin + i * group.length() + at;
                }
                row++;
            }
            begin += group.cells();
        }
        return cells;
    }

    /// @param places where ids stand in the flattened `[batch * seq]`
    /// @return where they stand in `[tokens]`
    long[] places(long[] places) {
        return Arrays.stream(places).map(place -> {
            int row = (int) (place / rows.seq());
            return starts[row] + place - rows.place(row, 0);
        }).toArray();
    }
}
