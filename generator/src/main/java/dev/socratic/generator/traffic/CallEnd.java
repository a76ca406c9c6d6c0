package dev.socratic.generator.traffic;

/// How a recorded call ended.
public enum CallEnd {
    /// The endpoint's answer came to its end, whatever its status.
    WHOLE,
    /// The endpoint broke its answer off.
    CUT,
    /// The client went before the end; the endpoint was left at once.
    CLIENT_LEFT,
    /// The endpoint was silent for too long.
    LATE,
    /// No connection to the endpoint came about, or nothing that is an HTTP answer.
    UNREACHABLE,
    /// The answer is longer than what is kept of one: it was passed on whole, and its beginning is here.
    LONG,
    /// Nothing is on record: the call is under way, or the recorder was killed while it was.
    OPEN
}
