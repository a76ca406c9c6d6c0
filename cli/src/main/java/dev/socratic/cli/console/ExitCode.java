package dev.socratic.cli.console;

/// What a shell sees. The numbers are part of the public interface.
public final class ExitCode {
    /// Done.
    public static final int DONE = 0;
    /// Failed: data, an endpoint, the machine, or a bug of ours.
    public static final int FAILED = 1;
    /// Wrong usage or config.
    public static final int USAGE = 2;
    /// Not whole: a stage is incomplete and goes on the next time, nothing usable came out of one, or more rows were
    /// rejected or failed than the stated limit allows.
    public static final int NOT_WHOLE = 3;
    /// Interrupted by the user.
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
