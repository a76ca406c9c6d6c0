package dev.socratic.generator.endpoint;

import java.time.Duration;
import java.time.Instant;

/// What time it is, and waiting. An argument, so that a test of an hour of retries takes no time.
public interface Timekeeper {
    /// @return wall clock: a Retry-After header may be a date
    Instant now();

    /// @return monotonic time, nanoseconds from an arbitrary start
    long nanos();

    /// @throws InterruptedException if the thread is interrupted while it waits
    void sleep(Duration duration) throws InterruptedException;

    /// The machine's own clock.
    Timekeeper SYSTEM = new Timekeeper() {
        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            if (duration.isPositive()) {
                Thread.sleep(duration);
            }
        }
    };
}
