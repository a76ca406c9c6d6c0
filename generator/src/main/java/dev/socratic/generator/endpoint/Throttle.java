package dev.socratic.generator.endpoint;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// A pace that follows what the endpoint lets through: additive increase, multiplicative decrease by the *share* of
/// requests it turns away.
///
/// A fleet that turns one request in ten away is not full: such a request alone waits as long as it was told, and
/// nothing else slows down. An account-wide limit turns away what is above it: then the pace becomes what was let
/// through in the last period. For each period in which next to nothing is turned away it is raised: by half as long
/// as it is below the middle between what was sent and what came through (an estimate from a burst is low), or where
/// nothing was turned away for a while, by a tenth otherwise. Where nothing at all came through, the pace is halved,
/// and nobody sends before the shortest wait that was asked for is over.
///
/// Source of the scheme: Chiu and Jain, "Analysis of the Increase and Decrease Algorithms for Congestion Avoidance",
/// 1989; of the fast return: Jacobson, "Congestion Avoidance and Control", 1988. Deviation: the decrease goes to the
/// measured rate instead of by a fixed factor, for the server's answers say what it lets through.
///
/// Safe to call from any thread.
final class Throttle {
    /// Below this share of requests turned away nobody slows down: sending them again costs less than a lower pace.
    private static final double TOLERATED = 0.25;
    /// Above this share the pace is not raised.
    private static final double QUIET = 0.15;

    private static final long PERIOD = Duration.ofSeconds(1).toNanos();
    private static final int LEAST = 8; // requests, before a share says that there are too many
    private static final double SLOWEST = 1.0 / 60; // requests a second
    private static final double FAST = 1.5;
    private static final double SLOW = 1.1;
    private static final int CLEAN = 3; // periods, after which the limit is taken to be gone
    private static final double FORGOTTEN = 4; // times what is sent: such a pace limits nothing any more
    private static final double NANOS = 1e9;

    private double rate = Double.POSITIVE_INFINITY; // requests a second
    private double middle; // up to where it returns fast
    private double next; // the next free moment
    private long began; // the period's first answer
    private long last; // the latest answer
    private int clean; // periods in a row in which nothing was turned away
    private long accepted;
    private long turnedAway;
    private Optional<Duration> shortest = Optional.empty();

    /// @param now the caller's monotonic clock, nanoseconds
    Throttle(long now) {
        this.began = now;
        this.last = now;
        this.next = now;
    }

    /// @return how long to wait for the next moment
    synchronized Duration reserve(long now) {
        if (next <= now && Double.isInfinite(rate)) {
            return Duration.ZERO;
        }
        double moment = Math.max(next, now);
        next = moment + NANOS / rate;
        return Duration.ofNanos((long) (moment - now));
    }

    /// Nobody sends before that time is over: an answer said that its limit is used up.
    synchronized void hold(Duration wait, long now) {
        next = Math.max(next, now + wait.toNanos());
    }

    /// A request was let through.
    ///
    /// @return what to tell, where everybody slows down
    synchronized Optional<String> accepted(long now) {
        Optional<String> before = afterSilence(now);
        accepted++;
        return before.or(() -> period(now));
    }

    /// A request was turned away.
    ///
    /// @param wait how long it was told to wait
    synchronized Optional<String> turnedAway(Optional<Duration> wait, long now) {
        Optional<String> before = afterSilence(now);
        turnedAway++;
        boolean shorter = wait.isPresent() && (shortest.isEmpty() || wait.get().compareTo(shortest.get()) < 0);
        shortest = shorter ? wait : shortest;
        return before.or(() -> period(now));
    }

    /// A period ends when nothing more is heard: time in which nobody asks says nothing about what is let through.
    private Optional<String> afterSilence(long now) {
        double silence = Math.max(PERIOD, Double.isInfinite(rate) ? 0 : LEAST / 2 * NANOS / rate);
        Optional<String> ended = Optional.empty();
        if (accepted + turnedAway > 0 && now - last >= silence) {
            ended = period(Math.max(last, began + PERIOD));
            forget();
        }
        began = accepted + turnedAway == 0 ? now : began;
        last = now;
        return ended;
    }

    private Optional<String> period(long end) {
        long all = accepted + turnedAway;
        double share = (double) turnedAway / all;
        // One standard deviation above what is tolerated: of eight requests, three are turned away by chance now and
        // then.
        boolean tooMany = share > TOLERATED + Math.sqrt(TOLERATED * (1 - TOLERATED) / all);
        boolean few = tooMany ? all < LEAST : all < LEAST / 2 && end - began < LEAST / 2 * PERIOD;
        if (end - began < PERIOD || few) {
            return Optional.empty();
        }
        double seconds = (end - began) / NANOS;
        double sent = all / seconds;
        clean = turnedAway == 0 ? clean + 1 : 0;
        if (tooMany) {
            slowDown(end, sent, accepted / seconds);
        } else if (share <= QUIET && !Double.isInfinite(rate)) {
            rate *= rate < middle || clean > CLEAN ? FAST : SLOW;
            rate = rate > FORGOTTEN * sent ? Double.POSITIVE_INFINITY : rate;
        }
        forget();
        return tooMany
                ? Optional.of(String.format(
                        Locale.ROOT, "%.0f %% of the requests are turned away: from now on about %.1f a second are "
                                + "sent",
                        share * 100, rate))
                : Optional.empty();
    }

    private void forget() {
        accepted = 0;
        turnedAway = 0;
        shortest = Optional.empty();
    }

    private void slowDown(long now, double sent, double through) {
        double before = Math.min(rate, sent);
        if (accepted == 0) {
            rate = Math.max(SLOWEST, before / 2);
            next = Math.max(next, now + shortest.orElse(Duration.ZERO).toNanos());
        } else {
            rate = Math.max(SLOWEST, Math.min(before, through));
            next = Math.max(next, now); // behind those who have a moment already
        }
        middle = (before + rate) / 2;
    }
}
