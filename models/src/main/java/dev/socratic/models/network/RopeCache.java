package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntBinaryOperator;

/// Cosines and sines of each of a model's ropes on the native side. A model without ropes has one empty table, for a
/// program takes no empty list.
///
/// Which frequencies hold for a row is asked of its own length and of nothing else: what is read beside it changes
/// nothing.
///
/// @param tables each `[rows * positions, rotated]`, the rows one below the other
record RopeCache(int positions, List<NDArray> tables) {
    /// Tables of short sequences, which are all there are where frequencies do not depend on the length.
    static RopeCache ofShort(ModelConfig config, Program program, NDManager manager, int positions) {
        return of(config, program, manager, positions, 1, (row, position) -> 0);
    }

    /// @param lengths of the rows, each at most `positions`; what is beyond is padding and turns anyhow
    /// @return tables that broadcast against `[batch, heads, positions, rotated]`: one for all rows where they agree
    static List<NDArray> ofWhole(ModelConfig config, Program program, NDManager manager, int positions, int[] lengths) {
        boolean alike = config.ropes().stream()
                .allMatch(rope -> Arrays.stream(lengths).map(rope::lengthThatCounts).distinct().count() == 1);
        int[] rows = alike ? new int[] {lengths[0]} : lengths;
        RopeCache cache = of(config, program, manager, positions, rows.length, (row, position) -> rows[row]);
        Shape shape = alike ? new Shape(positions, -1) : new Shape(rows.length, 1, positions, -1);
        return cache.tables().stream().map(table -> table.reshape(shape)).toList();
    }

    /// @param length of the sequence whose frequencies hold for a row at a position
    private static RopeCache of(
            ModelConfig config, Program program, NDManager manager, int positions, int rows, IntBinaryOperator length) {
        long[] places = new long[rows * positions];
        int[] lengths = new int[places.length];
        Arrays.setAll(places, at -> at % positions);
        Arrays.setAll(lengths, at -> length.applyAsInt(at / positions, at % positions));
        return new RopeCache(positions, at(config, program, manager, places, lengths));
    }

    /// @param places  positions
    /// @param lengths of the sequences whose frequencies hold there
    /// @return each `[places, rotated]`
    static List<NDArray> at(ModelConfig config, Program program, NDManager manager, long[] places, int[] lengths) {
        int rotated = config.attention().rotated();
        List<NDArray> tables = new ArrayList<>();
        try (NDManager scope = manager.newSubManager()) {
            NDArray positions = scope.create(places);
            Frequencies frequencies = new Frequencies(program);
            for (Rope rope : config.ropes()) {
                int[] counting = Arrays.stream(lengths).map(rope::lengthThatCounts).toArray();
                int[] different = Arrays.stream(counting).distinct().sorted().toArray();
                NDList kinds = new NDList();
                Arrays.stream(different).forEach(its -> kinds.add(frequencies.of(rope, rotated, its, scope)));
                long[] kind = Arrays.stream(counting).mapToLong(its -> Arrays.binarySearch(different, its)).toArray();
                NDList turned = program.withGraph("rope_turned", Arg.of(NDArrays.stack(kinds)),
                        Arg.of(scope.create(kind)), Arg.of(positions), Arg.of(rope.magnitude()));
                turned.attach(manager);
                tables.addAll(turned);
            }
        }
        if (tables.isEmpty()) {
            tables.add(manager.zeros(new Shape(places.length, rotated)));
        }
        return List.copyOf(tables);
    }

    /// @return the tables of the first positions of the only row, on `manager`
    List<NDArray> first(int seq, NDManager manager) {
        return tables.stream().map(table -> {
            NDArray part = table.get(":" + seq);
            part.attach(manager);
            return part;
        }).toList();
    }

    void close() {
        tables.forEach(NDArray::close);
    }
}
