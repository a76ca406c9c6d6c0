package dev.socratic.trainer.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Signals;
import dev.socratic.models.network.Tap;
import dev.socratic.trainer.data.MicroBatch;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// What a model of a [TinyPair] says about a micro-batch, as plain numbers: the raw material of a value by hand.
public final class Seen {
    final Decoder decoder;
    final MicroBatch batch;
    private final Map<Tap, double[][]> read = new HashMap<>();

    public Seen(Decoder decoder, MicroBatch batch) {
        this.decoder = decoder;
        this.batch = batch;
    }

    /// @return logits at every counting position, `[tokens][vocab]`
    public double[][] logits() {
        try (NDManager scope = decoder.head().getManager().newSubManager()) {
            NDArray hidden = ask(scope, Set.of()).states().reshape(-1, decoder.config().hidden());
            return counting(rows(decoder.logits(hidden, false)));
        }
    }

    /// @return final states after the last norm at every counting position, `[tokens][hidden]`
    double[][] states() {
        try (NDManager scope = decoder.head().getManager().newSubManager()) {
            return counting(grid(ask(scope, Set.of()).states()));
        }
    }

    /// @return a tap of `[batch, seq, hidden]` at every counting position, `[tokens][hidden]`
    double[][] counting(Tap tap) {
        return counting(all(tap));
    }

    /// @return a tap of `[batch, seq, hidden]` at every position, `[batch * seq][hidden]`
    double[][] all(Tap tap) {
        return read.computeIfAbsent(tap, ignored -> {
            try (NDManager scope = decoder.head().getManager().newSubManager()) {
                return grid(ask(scope, Set.of(tap)).get(tap));
            }
        });
    }

    /// @return a tap of `[batch, heads, seq, axis]`, `[heads][batch * seq][axis]`
    double[][][] heads(Tap tap) {
        try (NDManager scope = decoder.head().getManager().newSubManager()) {
            NDArray found = ask(scope, Set.of(tap)).get(tap);
            long axis = found.getShape().get(3);
            return IntStream.range(0, (int) found.getShape().get(1))
                    .mapToObj(head -> rows(found.get(":, " + head).reshape(-1, axis)))
                    .toArray(double[][][]::new);
        }
    }

    int tokens() {
        return batch.lossTokens();
    }

    public int label(int token) {
        return (int) batch.labels()[token];
    }

    /// @return the place of a counting token in its row
    int place(int token) {
        return (int) (batch.lossPositions()[token] % batch.seq());
    }

    /// @return the counting tokens of each sample
    int[][] samples() {
        return IntStream.range(0, batch.rows())
                .mapToObj(row -> IntStream.range(0, tokens())
                        .filter(token -> batch.lossPositions()[token] / batch.seq() == row).toArray())
                .toArray(int[][]::new);
    }

    private Signals ask(NDManager scope, Set<Tap> taps) {
        return decoder.forward(scope.create(batch.ids(), new Shape(batch.rows(), batch.seq())), taps, false);
    }

    private double[][] counting(double[][] all) {
        return Arrays.stream(batch.lossPositions()).mapToObj(place -> all[(int) place]).toArray(double[][]::new);
    }

    private static double[][] grid(NDArray x) {
        return rows(x.reshape(-1, x.getShape().get(2)));
    }

    static double[][] rows(NDArray x) {
        float[] values = x.toFloatArray();
        int width = (int) x.getShape().get(1);
        return IntStream.range(0, values.length / width)
                .mapToObj(row -> IntStream.range(row * width, (row + 1) * width).mapToDouble(i -> values[i]).toArray())
                .toArray(double[][]::new);
    }
}
