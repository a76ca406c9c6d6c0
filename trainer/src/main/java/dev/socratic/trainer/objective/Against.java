package dev.socratic.trainer.objective;

/// The other side of a term.
public sealed interface Against {
    /// The teacher's signal at the same positions.
    record Teacher() implements Against {}

    /// The token that follows in the data, as a distribution that puts everything on it; `kl` against it is cross-entropy.
    record Labels() implements Against {}

    /// Logits between the student's own and the teacher's: `(1 - share) student + share teacher`, the student's without gradient. A target that
    /// begins where the student is and moves to the teacher. Source: TAID, Shing et al. 2025, arXiv:2501.16937, with a share that follows the
    /// progress instead of the loss.
    ///
    /// @param share of the teacher, from 0 to 1
    record Blend(Schedule share) implements Against {}

    default boolean needsTeacher() {
        return switch (this) {
            case Teacher ignored -> true;
            case Labels ignored -> false;
            case Blend ignored -> true;
        };
    }
}
