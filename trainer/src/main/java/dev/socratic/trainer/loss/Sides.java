package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.socratic.trainer.objective.Kind;
import java.util.Optional;

/// The two sides of a term on their way through its views.
///
/// Rows are `[items, axis]`, rows of several groups `[items, groups, axis]`, a grid is `[batch, groups, seq, axis]`,
/// whose items are the counting positions, picked when the last view is through.
///
/// @param student with its graph
/// @param other   without
/// @param kind    of the last axis
/// @param items   what a row is
/// @param hidden  true for entries of the last axis that do not count, broadcast against both sides
record Sides(NDArray student, NDArray other, Kind kind, Items items, Optional<NDArray> hidden) {
    /// What an item is, and so what the mean runs over.
    enum Items {
        /// A counting position: divided by those of the whole step.
        TOKENS,
        /// A sample: divided by those of the whole step.
        SAMPLES,
        /// A class or channel: averaged within a micro-batch, which counts as much as its tokens do.
        CHANNELS
    }

    boolean grid() {
        return student.getShape().dimension() == 4;
    }

    Sides with(NDArray newStudent, NDArray newOther) {
        return new Sides(newStudent, newOther, kind, items, hidden);
    }

    Sides as(Kind newKind) {
        return new Sides(student, other, newKind, items, hidden);
    }

    Sides of(Items newItems) {
        return new Sides(student, other, kind, newItems, hidden);
    }

    Sides hiding(Optional<NDArray> newHidden) {
        return new Sides(student, other, kind, items, newHidden);
    }

    /// @return the mask, or what stands for none
    NDArray mask() {
        return hidden.orElseGet(() -> Kernel.nothingHidden(student));
    }
}
