package dev.socratic.trainer.teacher;

import ai.djl.ndarray.NDArray;

/// What a student's logits are compared with on a chunk of tokens: one teacher's word on them.
public sealed interface TeacherTarget {
    /// The whole of its distributions.
    ///
    /// @param logits `[tokens, vocab]`, float32, without graph; with another tokenizer of the teacher's own tokens
    record Logits(NDArray logits) implements TeacherTarget {}

    /// A part of them, from a store.
    record Partial(PartialDistribution distribution) implements TeacherTarget {}

    /// The likeliest tokens and one class for all others, from a served teacher.
    ///
    /// @param ids  `[tokens, k]` int64
    /// @param logs `[tokens, k + 1]` logarithms of their probabilities, that of all others last; float32
    record Named(NDArray ids, NDArray logs) implements TeacherTarget {}

    /// Nothing: no row of the micro-batch learns from this teacher.
    record NotAsked() implements TeacherTarget {}
}
