package dev.socratic.models.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Optional;

/// The one way to the native side of differentiation: which leaves want a gradient, the pass back, and what it left
/// at them.
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

    /// Says whether a leaf collects a gradient from now on.
    public static void wanted(NDArray leaf, boolean yes) {
        JniUtils.attachGradient((PtNDArray) leaf, yes);
    }

    /// @return whether a leaf collects a gradient
    public static boolean isWanted(NDArray leaf) {
        return JniUtils.requiresGrad((PtNDArray) leaf);
    }

    /// Sends a gradient back through the graph that `from` ends; it is added to what the leaves have already, and the
    /// graph is gone.
    ///
    /// @param gradient of the loss in `from`, in its shape
    public static void backward(NDArray from, NDArray gradient) {
        JniUtils.backward((PtNDArray) from, (PtNDArray) gradient, false, false);
    }
}
