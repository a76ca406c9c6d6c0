package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.socratic.models.network.Decoder;

/// What turns final hidden states into logits: `cap tanh(x / cap)` of `x = states @ weight^T`, or x itself.
///
/// @param weight `[vocab, hidden]`
/// @param cap    bound of the logits; 0 has none
public record Head(NDArray weight, double cap) {
    public static Head of(Decoder decoder) {
        return new Head(decoder.head(), decoder.config().scales().logitCap());
    }

    public static Head unbounded(NDArray weight) {
        return new Head(weight, 0);
    }
}
