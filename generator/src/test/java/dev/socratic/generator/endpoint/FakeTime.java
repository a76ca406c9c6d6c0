package dev.socratic.generator.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A clock that moves only when somebody sleeps, and remembers how long everybody slept.
public final class FakeTime implements Timekeeper {
    static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    private long nanos;
    private final List<Duration> slept = new ArrayList<>();

    @Override
    public synchronized Instant now() {
        return START.plusNanos(nanos);
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized void sleep(Duration duration) {
        if (duration.isPositive()) {
            nanos += duration.toNanos();
            slept.add(duration);
        }
    }

    public synchronized List<Duration> slept() {
        return List.copyOf(slept);
    }
}
