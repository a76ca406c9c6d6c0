package dev.socratic.cli;

import dev.socratic.cli.console.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ends the program when it is told to (Ctrl-C, SIGTERM): interrupts the command and waits for it, so that a stage
/// keeps what it has and has left native code before the process goes. libtorch's own clean-up runs at exit; a thread
/// that still computes then takes the process down with it.
///
/// A command that is done once it is told to end (`serve`) ends the process with 0; every other leaves it with the
/// signal's own code. Whoever tells it twice does not want to wait: a second signal ends it at once, with that
/// signal's code.
final class Farewell {
    private final CountDownLatch left = new CountDownLatch(1);
    private volatile int code = ExitCode.INTERRUPTED;

    /// @param command  the thread that runs the command
    /// @param patience how long the process waits; a step of training or a batch of answers is shorter
    Farewell(Thread command, Duration patience) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (left.getCount() > 0) {
                List.of("INT", "TERM").forEach(Farewell::endAtOnce);
                command.interrupt();
                if (await(patience) && code == ExitCode.DONE) {
                    Runtime.getRuntime().halt(ExitCode.DONE); // the one way past the signal's code
                }
            }
        }, "farewell"));
    }

    private static void endAtOnce(String name) {
        sun.misc.Signal.handle(new sun.misc.Signal(name), told -> Runtime.getRuntime().halt(128 + told.getNumber()));
    }

    /// To be called when the command has returned: nothing is waited for any more.
    ///
    /// @param returned what it returned
    void ready(int returned) {
        code = returned;
        left.countDown();
    }

    private boolean await(Duration patience) {
        try {
            return left.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody interrupts a hook; the process ends anyway
            return false;
        }
    }
}
