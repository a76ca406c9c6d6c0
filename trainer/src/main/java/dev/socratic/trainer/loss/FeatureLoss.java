package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.socratic.models.network.Head;
import dev.socratic.models.network.Signals;
import dev.socratic.models.network.Tap;
import java.util.Optional;
import java.util.Set;

/// A loss over what happens inside the body, over a whole micro-batch.
public interface FeatureLoss {
    /// @return what the student's forward pass is to hand out
    Set<Tap> studentTaps();

    /// @return what the teacher's is
    Set<Tap> teacherTaps();

    /// @return its share of the step's loss, weighted and divided: one number with its graph; nothing where every
    ///         weight is 0 now
    Optional<NDArray> loss(Body body);

    /// @return whether it reads final states as tokens, heads and embeddings at once, for which [Body#readings] is made
    default boolean readsSpaces() {
        return false;
    }

    /// @param student     with its graph
    /// @param teacher     without
    /// @param places      where predictions count
    /// @param stepTokens  counting positions of the whole step
    /// @param stepSamples samples of the whole step that have any
    /// @param readings    final states and what is read from them, where asked for
    record Body(Signals student, Signals teacher, Head teacherHead, Positions places, int stepTokens, int stepSamples,
            Optional<Readings> readings) {}

    /// @param student with its graph
    /// @param teacher its own tokens, where its tokenizer is another
    record Readings(Reading student, Reading teacher) {}

    /// One side's counting positions.
    ///
    /// @param states final states, `[tokens, hidden]`
    /// @param head   what reads them
    /// @param before embedding of the token that goes in, `[tokens, hidden]`
    /// @param after  embedding of the token that follows, `[tokens, hidden]`
    /// @param labels the token that follows, `[tokens]`
    /// @param row    of the micro-batch that a position belongs to, `[tokens]`
    record Reading(NDArray states, Head head, NDArray before, NDArray after, NDArray labels, NDArray row) {}
}
