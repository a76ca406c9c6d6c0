package dev.socratic.trainer.step;

import ai.djl.ndarray.NDManager;
import dev.socratic.models.network.Change;
import dev.socratic.models.network.Rows;
import java.util.List;
import java.util.stream.Stream;

/// What is drawn at random inside the student while it learns, and never while it is measured or writes.
///
/// @param embeddings added to what enters the first layer
/// @param dropout    of an adapter
public record StepNoise(EmbeddingNoise embeddings, AdapterDropout dropout) {
    /// Nothing.
    public static final StepNoise NONE = new StepNoise(EmbeddingNoise.NONE, AdapterDropout.NONE);

    /// @param number of the micro-batch in its step
    /// @param rows   as they enter the student
    /// @param seq    of the micro-batch, side by side
    /// @param scope  of what is drawn
    List<Change> of(int number, Rows rows, int seq, NDManager scope) {
        return Stream.concat(embeddings.of(number, rows, seq, scope).stream(), dropout.of(number).stream()).toList();
    }
}
