package dev.socratic.models.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Optional;

/// The one way to the gradients that a backward pass leaves at its leaves.
public final class Gradients {
    private Gradients() {}

    /// The handle that the native side hands out is a new one each time and would belong to the leaf's own manager, for
    /// weights as long as the model lives; so whoever asks says how long it is needed. The numbers are those of the
    /// leaf's gradient, not a copy.
    ///
    /// @param leaf  an array that requires a gradient
    /// @param scope owner of the handle
    /// @return empty where nothing was lost through the leaf
    public static Optional<NDArray> gradient(NDArray leaf, NDManager scope) {
        Optional<NDArray> gradient = Optional.ofNullable(JniUtils.getGradient((PtNDArray) leaf));
        gradient.ifPresent(handle -> handle.attach(scope));
        return gradient;
    }
}
