package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.text.Sampling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// How the next tokens of each row are drawn, row by row.
///
/// To a program it is one list of arrays and one of flags ([#settings]), which it hands to `draw` of `sampler.ts.py`
/// as they are, with the number of the step, from 0. Nobody but that method and this class knows what is in them.
///
/// @param rows at least one, each with as many random numbers as the others
public record Draws(List<Row> rows) {
    /// Below, the likeliest token has all the weight there is (`sampler.ts.py` says the same).
    private static final double LEAST_TEMPERATURE = 1e-5;

    public Draws {
        rows = List.copyOf(rows);
    }

    /// All rows in one way.
    ///
    /// @param uniforms in [0, 1), `[batch][steps]`
    public Draws(Sampling sampling, double[][] uniforms) {
        this(Arrays.stream(uniforms).map(row -> new Row(sampling, row)).toList());
    }

    /// How one row is drawn.
    ///
    /// @param uniforms in [0, 1), one a token
    public record Row(Sampling sampling, double[] uniforms) {
        private boolean drawn() {
            return sampling.temperature() >= LEAST_TEMPERATURE;
        }

        private boolean narrowed() {
            return drawn() && (sampling.topP() < 1 || sampling.topK() > 0 || sampling.minP() > 0);
        }

        private Row part(int from, int to) {
            return new Row(sampling, Arrays.copyOfRange(uniforms, from, to));
        }
    }

    /// What `draw` of `sampler.ts.py` is given.
    record Settings(List<NDArray> arrays, boolean[] flags) {}

    /// @return tokens a row, at most
    public int steps() {
        return rows.getFirst().uniforms().length;
    }

    /// @return the same for the first steps only
    public Draws first(int steps) {
        return new Draws(rows.stream().map(row -> row.part(0, steps)).toList());
    }

    /// @param tokens what was drawn in the first steps, `[batch][steps]`
    /// @return the same for the steps that are left
    public Draws after(long[][] tokens) {
        return new Draws(IntStream.range(0, rows.size())
                .mapToObj(row -> rows.get(row).part(tokens[row].length, steps())).toList());
    }

    /// @param manager owner of the arrays
    Settings settings(NDManager manager) {
        List<NDArray> arrays = new ArrayList<>();
        arrays.add(manager.create(rows.stream().map(Row::uniforms).toArray(double[][]::new))); // [batch, steps]
        arrays.add(manager.create(each(Sampling::temperature)));                               // [batch]
        arrays.add(manager.create(each(Sampling::topP)));                                      // [batch]
        arrays.add(manager.create(rows.stream().mapToLong(row -> row.sampling().topK()).toArray())); // [batch]
        arrays.add(manager.create(each(Sampling::minP)));                                      // [batch]
        return new Settings(arrays, new boolean[] {
                rows.stream().anyMatch(Row::drawn), rows.stream().anyMatch(Row::narrowed)});
    }

    private double[] each(ToDoubleFunction<Sampling> of) {
        return rows.stream().map(Row::sampling).mapToDouble(of).toArray();
    }
}
