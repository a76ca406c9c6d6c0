package dev.socratic.generator.endpoint;

import java.time.Duration;

/// A circuit breaker: tells an endpoint that is down from requests that fail, and holds all requests until it is back.
///
/// After so many failures of the endpoint in a row (5xx, no connection, no answer in time), with at least one answer
/// before them, there is an outage: nothing leaves but one attempt now and then, after 1, 2, 4, ... at most 30 seconds,
/// and none of these attempts counts against the request that made it. The first answer ends the outage. One that
/// lasts longer than is waited for is no longer held back: then every attempt counts, and the run ends as it does with
/// an endpoint that never was there.
///
/// Source: M. Nygard, "Release It!", 2007, "Circuit Breaker". Deviation: an open circuit waits instead of failing, for
/// nobody here is better off with an error than with an answer a minute later.
///
/// Safe to call from any thread.
final class Breaker {
    private static final long FIRST = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST = Duration.ofSeconds(30).toNanos();

    private final int most;
    private final Duration patience;
    private boolean known;
    private int inARow;
    private boolean open;
    private long opened;
    private long probe; // when the next attempt may leave
    private long interval = FIRST;

    /// @param most     failures in a row that are no outage
    /// @param patience how long an outage is waited for; none where it is zero
    Breaker(int most, Duration patience) {
        this.most = most;
        this.patience = patience;
    }

    /// @return how long to wait before asking again whether to leave; zero to leave
    synchronized Duration reserve(long now) {
        if (!open || over(now)) {
            return Duration.ZERO;
        }
        if (now - probe >= 0) {
            probe = now + interval;
            interval = Math.min(LONGEST, 2 * interval);
            return Duration.ZERO;
        }
        return Duration.ofNanos(probe - now);
    }

    /// The endpoint answered, whatever it said.
    synchronized void answered() {
        known = true;
        inARow = 0;
        open = false;
        interval = FIRST;
    }

    /// The endpoint fell over, or is not there.
    ///
    /// @return whether that is an outage that is waited for, so that the attempt does not count
    synchronized boolean failed(long now) {
        inARow++;
        if (!open && known && inARow > most && !patience.isZero()) {
            open = true;
            opened = now;
            probe = now + FIRST;
            interval = 2 * FIRST;
        }
        return open && !over(now);
    }

    private boolean over(long now) {
        return now - opened > patience.toNanos();
    }
}
