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
import java.util.stream.IntStream;
import java.util.stream.LongStream;

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

    /// @param reads for each row, how many positions are read at once; a later position turns by the frequencies of
    ///              its own length
    static RopeCache ofContinued(ModelConfig config, Program program, NDManager manager, int positions, int[] reads) {
        return of(config, program, manager, positions, reads.length,
                (row, position) -> Math.max(reads[row], position + 1));
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
        int rotated = config.attention().rotated();
        List<NDArray> tables = new ArrayList<>();
        try (NDManager scope = manager.newSubManager()) {
            NDArray places = scope.create(
                    IntStream.range(0, rows).boxed().flatMapToLong(row -> LongStream.range(0, positions)).toArray());
            Frequencies frequencies = new Frequencies(program);
            for (Rope rope : config.ropes()) {
                int[] counting = IntStream.range(0, rows * positions)
                        .map(at -> rope.lengthThatCounts(length.applyAsInt(at / positions, at % positions))).toArray();
                int[] different = Arrays.stream(counting).distinct().sorted().toArray();
                NDList kinds = new NDList();
                Arrays.stream(different).forEach(its -> kinds.add(frequencies.of(rope, rotated, its, scope)));
                long[] kind = Arrays.stream(counting).mapToLong(its -> Arrays.binarySearch(different, its)).toArray();
                NDList turned = program.withGraph("rope_turned", Arg.of(NDArrays.stack(kinds)),
                        Arg.of(scope.create(kind)), Arg.of(places),
                        Arg.of(rope.magnitude()));
                turned.attach(manager);
                tables.addAll(turned);
            }
        }
        if (tables.isEmpty()) {
            tables.add(manager.zeros(new Shape((long) rows * positions, rotated)));
        }
        return new RopeCache(positions, List.copyOf(tables));
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
