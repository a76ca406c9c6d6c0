package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;

/// What is lost on a chunk of tokens.
///
/// @param losses   `[tokens]`, nats, not scaled
/// @param gradient `[tokens, vocab]`, of `scale * sum(losses)` in the student's logits
/// @param correct  how many labels were the student's most likely token, one number, int64
public record LossGradient(NDArray losses, NDArray gradient, NDArray correct) {}
