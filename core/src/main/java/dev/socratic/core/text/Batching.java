package dev.socratic.core.text;

/// How requests that a local model is asked are answered together.
public enum Batching {
    /// In units of a fixed number, each to its last answer. The same unit gives the same bytes on the same machine,
    /// also after a kill.
    FIXED,
    /// An answer joins as soon as another has left, and what prompts share is read once, across all requests. Faster
    /// where lengths differ or prompts begin alike. Sums are rounded by who is beside whom: where two tokens are about
    /// equally likely (to some 1e-6), a run may take another turn than the run before.
    CONTINUOUS
}
