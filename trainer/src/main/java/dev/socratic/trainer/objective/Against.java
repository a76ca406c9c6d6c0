package dev.socratic.trainer.objective;

/// The other side of a term.
public sealed interface Against {
    /// The teacher's signal at the same positions.
    record Teacher() implements Against {}

    /// The token that follows in the data, as a distribution that puts everything on it; `kl` against it is cross-entropy.
    record Labels() implements Against {}
}
