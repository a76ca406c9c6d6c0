package dev.socratic.core.error;

/// The first line of what a library says of its own failure; what follows there is a trace, a snippet or advice to
/// programmers.
public final class FirstLine {
    private FirstLine() {}

    /// @return the first line of the message, or the name of the failure's class where it has none
    public static String of(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : of(failure.getMessage());
    }

    /// @return the first line; empty for an empty text
    public static String of(String text) {
        return text.lines().findFirst().orElse("");
    }
}
