package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.socratic.trainer.data.MicroBatch;
import java.util.Map;
import java.util.Optional;

/// A loss over whole answers, by the log probabilities of their tokens.
///
/// It is read in two passes over the head: the first, without graph, gives every counting token's log probability;
/// what the loss says of them is one number a token, its slope, and the second pass carries that back. So `[tokens,
/// vocab]` is never held whole, and the body is read once.
public interface SequenceLoss {
    /// @return whether it reads the teacher's log probabilities
    boolean readsTeacher();

    /// @return whether it reads those of the student's start
    boolean readsStart();

    /// @return what is lost by them
    Outcome of(Answers answers);

    /// @return whether it has to see all micro-batches of a step before it can say what is lost in one, for which
    ///         [#observe] is called with each
    default boolean needsWholeStep() {
        return false;
    }

    /// @param answers of a micro-batch of the step that follows
    default void observe(Answers answers) {}

    /// The counting tokens of a micro-batch.
    ///
    /// @param batch   where they stand
    /// @param student log probability of each label, `[tokens]` float32, without graph
    /// @param teacher likewise, where it is read
    /// @param start   likewise, of the student before the first step
    /// @param step    the whole step, for divisors
    record Answers(MicroBatch batch, NDArray student, Optional<NDArray> teacher, Optional<NDArray> start,
            StepSizes step) {}

    /// @param gradients of the step's loss in the log probabilities, weighted and divided, `[tokens]`; empty where no
    ///                  term pushes
    /// @param skews     of terms whose skew differs by answer, by number of the term, `[tokens]`
    record Outcome(Optional<NDArray> gradients, Map<Integer, NDArray> skews) {}
}
