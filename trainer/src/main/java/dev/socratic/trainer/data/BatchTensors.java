package dev.socratic.trainer.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/// A micro-batch where a model computes.
///
/// @param ids       `[batch, seq]` int64
/// @param positions `[tokens]` int64, where in `[batch * seq]` a prediction counts
/// @param labels    `[tokens]` int64, what is to be predicted there
public record BatchTensors(NDArray ids, NDArray positions, NDArray labels) {
    /// @param scope of the arrays
    public static BatchTensors of(MicroBatch batch, NDManager scope) {
        return new BatchTensors(scope.create(batch.ids(), new Shape(batch.rows(), batch.seq())),
                scope.create(batch.lossPositions()), scope.create(batch.labels()));
    }
}
