package dev.socratic.trainer.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.network.Rows;

/// A micro-batch where a model computes.
///
/// @param rows      its input tokens, `[batch, seq]`, or, padding-free, `[1, tokens]`
/// @param positions `[tokens]` int64, where in the flattened input a prediction counts
/// @param labels    `[tokens]` int64, what is to be predicted there
public record BatchTensors(Rows rows, NDArray positions, NDArray labels) {
    /// @param paddingFree whether rows are laid end to end; what reads `[batch, seq]` needs them side by side
    /// @param scope       of the arrays
    public static BatchTensors of(MicroBatch batch, boolean paddingFree, NDManager scope) {
        Rows rows = Rows.of(batch.padded(), paddingFree, scope);
        return new BatchTensors(rows, scope.create(rows.places(batch.lossPositions())), scope.create(batch.labels()));
    }
}
