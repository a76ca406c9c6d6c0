package dev.socratic.generator.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.Test;

/// Simulated on a clock of its own: callers wait for their moment, are let through or turned away, and wait as they
/// were told.
class ThrottleTest {
    private static final double SECOND = 1e9;
    private static final double LATENCY = 0.15;

    private final List<String> told = new ArrayList<>();
    private final Random random = new Random(7);
    private int sent;

    /// @param at    nanoseconds
    /// @param sends whether its moment has come, or it asks for one
    private record Caller(double at, boolean sends) implements Comparable<Caller> {
        @Override
        public int compareTo(Caller other) {
            return Double.compare(at, other.at);
        }
    }

    /// @param retryAfter seconds a refused request is told to wait; up to half a second more is its own spread
    /// @param lets       whether a request that arrives at a moment, in seconds, is let through
    /// @return seconds until so many requests were answered
    private double run(int requests, int callers, double retryAfter, DoublePredicate lets) {
        Throttle throttle = new Throttle(0);
        PriorityQueue<Caller> queue = new PriorityQueue<>();
        for (int i = 0; i < callers; i++) {
            queue.add(new Caller(i, false));
        }
        for (int answered = 0; ; ) {
            Caller caller = queue.remove();
            long now = (long) caller.at();
            if (!caller.sends()) {
                queue.add(new Caller(now + throttle.reserve(now).toNanos(), true));
                continue;
            }
            sent++;
            if (lets.test(now / SECOND)) {
                throttle.accepted(now).ifPresent(told::add);
                queue.add(new Caller(now + LATENCY * SECOND, false));
                if (++answered == requests) {
                    return now / SECOND;
                }
            } else {
                Duration wait = Duration.ofMillis((long) (retryAfter * 1000));
                throttle.turnedAway(Optional.of(wait), now).ifPresent(told::add);
                queue.add(new Caller(now + (retryAfter + 0.5 * random.nextDouble()) * SECOND, false));
            }
        }
    }

    /// A bucket that fills at a rate.
    private static DoublePredicate account(double perSecond, double most) {
        double[] state = {most, 0};
        return now -> {
            state[0] = Math.min(most, state[0] + (now - state[1]) * perSecond);
            state[1] = now;
            boolean lets = state[0] >= 1;
            state[0] -= lets ? 1 : 0;
            return lets;
        };
    }

    @Test
    void sporadicRefusalsSlowNobodyElseDown() {
        double took = run(3000, 32, 1, now -> random.nextDouble() >= 0.1);
        assertEquals(List.of(), told);
        assertTrue(took < 3000 * (LATENCY + 0.1 * 1.25 / 0.9) / 32 * 1.1 + 2, "took " + took);
    }

    @Test
    void anAccountsLimitIsFoundAndMostOfItUsed() {
        for (double limit : List.of(2.0, 6.0, 40.0)) {
            sent = 0;
            told.clear();
            int requests = (int) (60 * limit);
            double took = run(requests, 32, 1, account(limit, 3));
            assertTrue(took < 60 / 0.6, "%s a second: took %s s for a minute's requests".formatted(limit, took));
            assertTrue(sent < 1.75 * requests, "%s a second: sent %s for %s".formatted(limit, sent, requests));
            assertTrue(!told.isEmpty() && told.getFirst().matches("\\d+ % of the requests are turned away: from now on"
                    + " about \\d+\\.\\d a second are sent"), told.toString());
        }
    }

    @Test
    void aLimitThatIsGoneIsForgotten() {
        DoublePredicate tight = account(5, 3);
        double took = run(3000, 32, 1, now -> now > 30 || tight.test(now));
        assertTrue(took < 30 + 3000 * LATENCY / 32 * 2 + 10, "took " + took);
    }

    @Test
    void whereNothingComesThroughEverybodyWaitsAsLongAsTheShortestWaitAsked() {
        Throttle throttle = new Throttle(0);
        for (int i = 0; i < 20; i++) {
            throttle.turnedAway(Optional.of(Duration.ofSeconds(30 + i)), (long) (0.1 * i * SECOND));
        }
        assertTrue(throttle.reserve((long) (2 * SECOND)).toMillis() > 28_000);
    }

    @Test
    void silenceIsNoLowRate() {
        Throttle throttle = new Throttle(0);
        for (int i = 0; i < 32; i++) { // all at once, told to come back after a minute
            throttle.turnedAway(Optional.of(Duration.ofSeconds(60)), i);
        }
        throttle.accepted((long) (61 * SECOND));
        double first = throttle.reserve((long) (61.1 * SECOND)).toNanos();
        double second = throttle.reserve((long) (61.1 * SECOND)).toNanos();
        assertTrue(second - first <= SECOND / 15, "half of what was sent is 16 a second; got one in "
                + (second - first) / SECOND);
    }
}
