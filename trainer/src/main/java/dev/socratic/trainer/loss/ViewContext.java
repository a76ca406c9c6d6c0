package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.socratic.models.network.Head;
import java.util.Optional;

/// What views need to know besides the sides.
///
/// @param progress share of the budget used
/// @param labels   of the items, `[tokens]`; where the tap is logits
/// @param places   of the counting positions, where the tap sits inside the body
/// @param mapped   learned maps, where the term projects
/// @param head     the teacher's, where the term reads through it
/// @param joined   how tokens and vocabularies of the two sides belong together, where they differ
record ViewContext(double progress, Optional<NDArray> labels, Optional<Positions> places, Optional<Mapped> mapped,
        Optional<Head> head, Optional<AlignedSides> joined) {
    ViewContext(double progress, Optional<NDArray> labels, Optional<Positions> places, Optional<Mapped> mapped,
            Optional<Head> head) {
        this(progress, labels, places, mapped, head, Optional.empty());
    }

    /// @param labels `[tokens]`
    static ViewContext ofTokens(double progress, NDArray labels) {
        return new ViewContext(progress, Optional.of(labels), Optional.empty(), Optional.empty(), Optional.empty());
    }

    ViewContext with(Optional<AlignedSides> other) {
        return new ViewContext(progress, labels, places, mapped, head, other);
    }

    /// @param student `[out, student width]`
    /// @param teacher `[out, teacher width]`; empty where the teacher's side stays as it is
    record Mapped(NDArray student, Optional<NDArray> teacher) {}
}
