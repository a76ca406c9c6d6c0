package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.socratic.trainer.data.MicroBatch;
import java.util.Optional;

/// Log probabilities of the loss tokens of a micro-batch: all that terms over whole answers read of the models.
///
/// @param batch   where the tokens stand
/// @param student log probability of each label, `[tokens]` float32, without graph
/// @param teacher likewise, where it is read
/// @param start   likewise, of the student before the first step
/// @param step    the whole step, for divisors
public record AnswerLogProbs(MicroBatch batch, NDArray student, Optional<NDArray> teacher, Optional<NDArray> start,
        StepSizes step) {}
