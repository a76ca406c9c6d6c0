package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.socratic.models.network.Head;
import dev.socratic.models.network.Signals;
import java.util.Optional;

/// What terms inside the body read of a micro-batch.
///
/// @param student     with its graph
/// @param teacher     without
/// @param positions   where predictions count
/// @param stepTokens  loss tokens of the whole step
/// @param stepSamples samples of the whole step that have any
/// @param spaces      final states and what is read from them, where asked for
public record FeatureInputs(Signals student, Signals teacher, Head teacherHead, Positions positions, int stepTokens,
        int stepSamples, Optional<Spaces> spaces) {

    /// @param student with its graph
    /// @param teacher its own tokens, where its tokenizer is another
    public record Spaces(FinalStates student, FinalStates teacher) {}

    /// One side's loss tokens.
    ///
    /// @param states final states, `[tokens, hidden]`
    /// @param head   what reads them
    /// @param before embedding of the token that goes in, `[tokens, hidden]`
    /// @param after  embedding of the token that follows, `[tokens, hidden]`
    /// @param labels the token that follows, `[tokens]`
    /// @param row    of the micro-batch that a token belongs to, `[tokens]`
    public record FinalStates(NDArray states, Head head, NDArray before, NDArray after, NDArray labels, NDArray row) {}
}
