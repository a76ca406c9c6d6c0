package dev.socratic.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ends the program when it is told to (Ctrl-C, SIGTERM): interrupts the command and waits for it, so that a stage keeps what it has and has left
/// native code before the process goes. libtorch's own clean-up runs at exit; a thread that still computes then takes the process down with it.
final class Farewell {
    private final CountDownLatch left = new CountDownLatch(1);

    /// @param command  the thread that runs the command
    /// @param patience how long the process waits; a step of training or a batch of answers is shorter
    Farewell(Thread command, Duration patience) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (left.getCount() > 0) {
                command.interrupt();
                await(patience);
            }
        }, "farewell"));
    }

    /// To be called when the command has returned: nothing is waited for any more.
    void ready() {
        left.countDown();
    }

    private void await(Duration patience) {
        try {
            left.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody interrupts a hook; the process ends anyway
        }
    }
}
