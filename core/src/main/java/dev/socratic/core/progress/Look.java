package dev.socratic.core.progress;

/// How progress is shown.
public sealed interface Look {
    /// One line that is drawn over, at most ten times a second.
    ///
    /// @param columns of the terminal; longer lines are cut
    /// @param colour  whether failures stand in red; false where `NO_COLOR` is set
    record Terminal(int columns, boolean colour) implements Look {}

    /// A line every ten seconds and one at the end, for files and pipes.
    record Log() implements Look {}
}
