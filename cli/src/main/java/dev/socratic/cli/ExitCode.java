package dev.socratic.cli;

/// What a shell sees. The numbers are part of the public interface.
public final class ExitCode {
    /// Done.
    public static final int DONE = 0;
    /// Failed: data, an endpoint, the machine, or a bug of ours.
    public static final int FAILED = 1;
    /// Wrong usage or config.
    public static final int USAGE = 2;
    /// Done, but more rows were rejected or failed than the stated limit allows.
    public static final int REJECTED = 3;
    /// Interrupted by the user.
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
