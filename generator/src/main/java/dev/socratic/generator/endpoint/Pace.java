package dev.socratic.generator.endpoint;

import java.time.Duration;

/// So many per minute, evenly spread: each caller is given its own moment, `60 s / limit` times its amount after the
/// one before.
///
/// Source: the generic cell rate algorithm (ITU-T I.371) without a burst allowance. So no half-open minute holds more
/// than `limit` of amount 1; with larger amounts, at most the limit and one amount. Even spacing rather than a burst
/// and a pause, because servers that enforce a minute's limit by the second turn bursts away.
///
/// Safe to call from any thread.
final class Pace {
    /// No limit.
    static final double UNLIMITED = Double.POSITIVE_INFINITY;

    private static final double NANOS_PER_MINUTE = 60e9;

    private final double nanosPerUnit;
    private double next; // the next free moment, nanoseconds on the caller's clock

    /// @param perMinute at least above 0, or [#UNLIMITED]
    /// @param now       the caller's monotonic clock, nanoseconds
    Pace(double perMinute, long now) {
        this.nanosPerUnit = NANOS_PER_MINUTE / perMinute;
        this.next = now;
    }

    /// @return whether there is a limit at all
    boolean limited() {
        return nanosPerUnit > 0;
    }

    /// Takes the next moment.
    ///
    /// @param amount requests or tokens
    /// @return how long to wait for it
    synchronized Duration reserve(double amount, long now) {
        double moment = Math.max(next, now);
        next = moment + amount * nanosPerUnit;
        return Duration.ofNanos((long) (moment - now));
    }

    /// Says that an earlier reservation turned out larger (or smaller, below 0) than was reserved.
    synchronized void correct(double amount) {
        next += amount * nanosPerUnit;
    }
}
