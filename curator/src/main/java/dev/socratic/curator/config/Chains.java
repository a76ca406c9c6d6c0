package dev.socratic.curator.config;

/// What becomes of a row of a cluster that is alike only to rows that go: of A, B and C, with B like both and A kept,
/// of C.
public enum Chains {
    /// It stays: every row that goes is itself alike to one that stays.
    KEEP,
    /// It goes: one row of a cluster stays, however far the others are from it.
    DROP
}
