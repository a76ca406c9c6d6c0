package dev.socratic.generator.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void spreadsAMinutesRequestsEvenly() {
        Pace pace = new Pace(60, 0);
        assertEquals(Duration.ZERO, pace.reserve(1, 0));
        assertEquals(Duration.ofSeconds(1), pace.reserve(1, 0));
        assertEquals(Duration.ofMillis(1500), pace.reserve(1, SECOND / 2));
        assertEquals(Duration.ZERO, pace.reserve(1, 100 * SECOND), "an idle time is not saved up");
        assertEquals(Duration.ofSeconds(1), pace.reserve(1, 100 * SECOND));
    }

    @Test
    void noMinuteHoldsMoreThanTheLimitHoweverCallersArrive() {
        for (int limit : new int[] {1, 7, 60, 500}) {
            SplittableRandom random = new SplittableRandom(limit);
            Pace pace = new Pace(limit, 0);
            List<Double> moments = new ArrayList<>();
            long now = 0;
            for (int i = 0; i < 3 * limit + 5; i++) {
                now += random.nextInt(4) == 0 ? (long) (random.nextDouble() * 90e9 / limit) : 0;
                moments.add((now + pace.reserve(1, now).toNanos()) / 1e9);
            }
            for (int i = 0; i + limit < moments.size(); i++) {
                assertTrue(moments.get(i + limit) - moments.get(i) >= 60 - 1e-6,
                        "%s a minute: %s".formatted(limit, moments));
            }
        }
    }

    @Test
    void whatWasReservedTooMuchIsGivenBack() {
        Pace tokens = new Pace(6000, 0); // 100 a second
        tokens.reserve(1000, 0);
        tokens.correct(-900);
        assertEquals(Duration.ofSeconds(1), tokens.reserve(10, 0));
        tokens.correct(200);
        assertEquals(Duration.ofMillis(3100), tokens.reserve(10, 0));
    }
}
