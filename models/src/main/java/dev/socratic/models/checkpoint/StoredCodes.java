package dev.socratic.models.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import java.util.Optional;

/// Codes of few bits that a checkpoint keeps in place of a matrix, and what they mean.
sealed interface StoredCodes permits PackedCodes, BlockCodes {
    /// @param tensors of a checkpoint
    /// @return the same, and in place of or beside the codes of each matrix what they stand for, `X.weight [out, in]`
    Map<String, TensorInfo> meant(Map<String, TensorInfo> tensors);

    /// @return whether a tensor belongs to codes and is no weight itself
    boolean beside(String name, Map<String, TensorInfo> tensors);

    /// @return whether the numbers of a weight are meant by codes
    boolean means(String weight, Map<String, TensorInfo> tensors);

    /// @return the first part of it that is missing or of a shape that does not belong to its codes
    Optional<String> misfit(String weight, Map<String, TensorInfo> tensors);

    /// @return the matrix, `[out, in]`, float32
    NDArray read(Checkpoint checkpoint, String weight, NDManager manager);
}
