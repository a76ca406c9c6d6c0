package dev.socratic.generator.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.text.GenerationOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void anOutageBeginsAfterSoManyFailuresInARowAndEndsWithTheFirstAnswer() {
        Breaker breaker = new Breaker(3, Duration.ofMinutes(10));
        breaker.answered();
        for (int i = 0; i < 3; i++) {
            assertFalse(breaker.failed(0), "failures of requests");
            assertEquals(Duration.ZERO, breaker.reserve(0));
        }
        assertTrue(breaker.failed(0), "an outage");
        List<Long> left = new ArrayList<>();
        for (long now = 0; now < 100 * SECOND; now += SECOND / 4) {
            if (breaker.reserve(now).isZero()) {
                left.add(now / SECOND);
                assertTrue(breaker.failed(now));
            }
        }
        assertEquals(List.of(1L, 3L, 7L, 15L, 31L, 61L, 91L), left, "one attempt now and then");
        breaker.answered();
        assertEquals(Duration.ZERO, breaker.reserve(100 * SECOND));
        assertFalse(breaker.failed(100 * SECOND));
    }

    @Test
    void anEndpointThatNeverAnsweredIsNotWaitedForNorOneThatStaysAway() {
        Breaker never = new Breaker(3, Duration.ofMinutes(10));
        for (int i = 0; i < 100; i++) {
            assertFalse(never.failed(0));
        }
        Breaker away = new Breaker(0, Duration.ofSeconds(10));
        away.answered();
        assertTrue(away.failed(0));
        assertTrue(away.reserve(SECOND / 2).isPositive());
        assertEquals(Duration.ZERO, away.reserve(11 * SECOND));
        assertFalse(away.failed(11 * SECOND));
    }

    @Test
    void anOutageOfMinutesCostsNoRequestItsAttempts() throws Exception {
        FakeTime time = new FakeTime();
        try (MockWebServer server = new MockWebServer()) {
            server.setDispatcher(new Dispatcher() {
                private int n;

                @Override
                public MockResponse dispatch(RecordedRequest request) {
                    n++;
                    boolean down = n > 1 && time.nanos() < 300 * SECOND;
                    return down ? Answers.status(503, "down") : Answers.ok("4");
                }
            });
            server.start();
            try (EndpointModel model = EndpointModel.open(Answers.config(server, 1, 6, false), Map.of("TEST_KEY",
                    Answers.KEY), 1, time)) {
                for (int i = 0; i < 8; i++) {
                    GenerationOutcome outcome = model.generate(List.of(Answers.request("r" + i, "q" + i, i))).getFirst();
                    boolean spent = i == 1; // its own attempts were used up before anybody could know of an outage
                    assertEquals(spent, outcome instanceof GenerationOutcome.Failure, "request " + i);
                }
            }
        }
        assertTrue(time.nanos() >= 300 * SECOND);
    }

    @Test
    void aLimitThatAnAnswerSaysIsUsedUpHoldsTheNextRequest() {
        FakeTime time = new FakeTime();
        assertEquals(Optional.of(Duration.ofSeconds(6)), RetryAfter.spent(Headers.of("x-ratelimit-remaining-requests", "0",
                "x-ratelimit-reset-requests", "6s", "x-ratelimit-remaining-tokens", "500",
                "x-ratelimit-reset-tokens", "60s"), time.now()));
        assertEquals(Optional.of(Duration.ofSeconds(30)), RetryAfter.spent(Headers.of(
                "anthropic-ratelimit-requests-remaining", "0", "anthropic-ratelimit-requests-reset",
                "2026-01-01T12:00:30Z"), time.now()));
        assertEquals(Optional.empty(), RetryAfter.spent(Headers.of("x-ratelimit-reset-requests", "6s"), time.now()));
        Throttle throttle = new Throttle(0);
        throttle.hold(Duration.ofSeconds(6), 0);
        assertEquals(Duration.ofSeconds(6), throttle.reserve(0));
    }
}
