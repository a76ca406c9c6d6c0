package dev.socratic.cli.console;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.LimitException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.io.IoProblems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/// The one place where what was thrown, in whatever thread, becomes sentences and an exit code.
///
/// A stack is printed for a bug of ours, which needs one to be mended, and for anything where `--debug` asks for it.
public final class Failures {
    /// A damaged file may have a problem a line; whoever mends it does not read thousands.
    private static final int MOST_SHOWN = 50;
    private static final int MOST_FRAMES = 20;

    private final Console console;
    private final boolean debug;

    /// @param debug whether stacks are wanted
    public Failures(Console console, boolean debug) {
        this.console = console;
        this.debug = debug;
    }

    /// Says what happened.
    ///
    /// @return the exit code
    public int tell(Throwable thrown) {
        Throwable error = unwrapped(thrown);
        int code = switch (error) {
            case SocraticException known -> known(known);
            case InterruptedException ignored -> {
                console.talk("socratic: interrupted; the same command goes on where it stopped");
                yield ExitCode.INTERRUPTED;
            }
            case IOException io -> known(of(io));
            default -> MachineProblems.of(thrown).map(this::machine).orElseGet(() -> bug(error));
        };
        if (debug) {
            stack(thrown, Integer.MAX_VALUE);
        }
        return code;
    }

    private int known(SocraticException known) {
        problems(known.problems());
        return switch (known) {
            case ConfigException ignored -> ExitCode.USAGE;
            case LimitException ignored -> ExitCode.NOT_WHOLE;
            case DataException ignored -> ExitCode.FAILED;
            case RetryLaterException ignored -> ExitCode.FAILED;
        };
    }

    /// Prints one line a problem, and how many more there are behind the first of a long list.
    public void problems(List<Problem> problems) {
        problems.stream().limit(MOST_SHOWN).forEach(problem -> console.talk("socratic: " + problem));
        if (problems.size() > MOST_SHOWN) {
            console.talk("socratic: and %s more".formatted(problems.size() - MOST_SHOWN));
        }
    }

    private int machine(Problem problem) {
        console.talk("socratic: " + problem + (debug ? "" : "; --debug shows where"));
        return ExitCode.FAILED;
    }

    private int bug(Throwable error) {
        console.talk("socratic: a bug of ours: " + error + "; please report it with the lines below");
        if (!debug) {
            stack(error, MOST_FRAMES);
        }
        return ExitCode.FAILED;
    }

    private void stack(Throwable error, int frames) {
        List<StackTraceElement> trace = List.of(error.getStackTrace());
        trace.stream().limit(frames).forEach(line -> console.talk("    at " + line));
        for (Throwable cause : causes(error)) {
            if (cause != error) {
                console.talk("    caused by " + cause);
                List.of(cause.getStackTrace()).stream().limit(debug ? frames : 2)
                        .forEach(line -> console.talk("        at " + line));
            }
        }
    }

    private static SocraticException of(IOException io) {
        String file = io instanceof FileSystemException system && system.getFile() != null ? system.getFile() : "";
        return file.isEmpty()
                ? new RetryLaterException("", "files that can be read and written", String.valueOf(io.getMessage()),
                        "run the same command again, with --debug to see where", io)
                : IoProblems.reading(Path.of(file), io);
    }

    /// @return the cause, where the exception says no more than that there is one
    private static Throwable unwrapped(Throwable thrown) {
        Throwable error = thrown;
        while (error.getCause() != null && empty(error)) {
            error = error.getCause();
        }
        return error;
    }

    private static boolean empty(Throwable error) {
        return error instanceof ExecutionException || error instanceof CompletionException
                || error instanceof UncheckedIOException
                || error instanceof InvocationTargetException || error instanceof UndeclaredThrowableException
                || error instanceof ExceptionInInitializerError
                        || error instanceof picocli.CommandLine.ExecutionException;
    }

    /// @return the exception and what caused it, outermost first; a circle of causes is walked once
    static List<Throwable> causes(Throwable thrown) {
        List<Throwable> all = new ArrayList<>();
        Optional<Throwable> next = Optional.of(thrown);
        while (next.isPresent() && !all.contains(next.get())) {
            all.add(next.get());
            next = Optional.ofNullable(next.get().getCause());
        }
        return all;
    }
}
