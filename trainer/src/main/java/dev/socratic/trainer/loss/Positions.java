package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;

/// Where in a micro-batch predictions count, and to which sample each belongs. Samples without any are left out.
///
/// @param places  `[tokens]` in the flattened `[batch * seq]`
/// @param sample  `[tokens]` number of the sample among those that count
/// @param counts  `[samples]` float32, how many tokens each has
/// @param rows    `[samples]` its row in the batch
/// @param first   `[samples]` number of its first token
/// @param last    `[samples]` number of its last token
public record Positions(NDArray places, NDArray sample, NDArray counts, NDArray rows, NDArray first, NDArray last) {
    /// @param positions ascending, in the flattened `[batch * seq]`
    public static Positions of(long[] positions, int seq, NDManager scope) {
        long[] sample = new long[positions.length];
        long[] rows = Arrays.stream(positions).map(place -> place / seq).distinct().toArray();
        long[] first = new long[rows.length];
        long[] last = new long[rows.length];
        float[] counts = new float[rows.length];
        int at = -1;
        for (int i = 0; i < positions.length; i++) {
            if (at < 0 || rows[at] != positions[i] / seq) {
                first[++at] = i;
            }
            sample[i] = at;
            last[at] = i;
            counts[at]++;
        }
        return new Positions(
                scope.create(positions), scope.create(sample), scope.create(counts), scope.create(rows),
                scope.create(first), scope.create(last));
    }
}
