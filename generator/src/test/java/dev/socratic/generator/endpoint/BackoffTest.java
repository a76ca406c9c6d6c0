package dev.socratic.generator.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(20), 3);

    @Test
    void waitsAreEvenlySpreadBelowABoundThatDoublesUpToTheLongest() {
        for (int failed = 1; failed <= 12; failed++) {
            double bound = Math.min(20, 0.5 * Math.pow(2, failed - 1));
            double sum = 0;
            for (int i = 0; i < 2000; i++) {
                double wait = backoff.before("request " + i, failed).toNanos() / 1e9;
                assertTrue(wait >= 0 && wait <= bound, wait + " after " + failed);
                sum += wait;
            }
            assertEquals(bound / 2, sum / 2000, bound / 40, "mean after " + failed);
        }
    }

    @Test
    void theSameSeedWaitsTheSameAndOtherRequestsWaitOtherwise() {
        assertEquals(backoff.before("a", 4), backoff.before("a", 4));
        assertNotEquals(backoff.before("a", 4), backoff.before("b", 4));
        assertNotEquals(backoff.before("a", 4), new Backoff(backoff.first(), backoff.longest(), 4).before("a", 4));
    }
}
