package dev.socratic.review.rows;

import java.util.Locale;

/// What became of a row before anybody looked at it.
public enum RowStatus {
    /// It stayed, or nothing has judged it.
    KEPT,
    /// A check or a step dropped it.
    DROPPED,
    /// No answer came.
    FAILED,
    /// It is no row.
    BROKEN;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
