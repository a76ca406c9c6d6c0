package dev.socratic.models.network;

/// What becomes of the autograd graph of a call.
enum Graph {
    /// There is none, and what comes out can never become part of one.
    NONE,
    /// There is none, but what comes out may become the start of one.
    BEGUN,
    /// It is kept, for a way back.
    KEPT;

    static Graph kept(boolean yes) {
        return yes ? KEPT : NONE;
    }
}
