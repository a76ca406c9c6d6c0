package dev.socratic.generator.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2015-10-21T07:28:00Z");

    @Test
    void readsSecondsWholeAndBroken() {
        assertEquals(Optional.of(Duration.ofSeconds(120)), RetryAfter.parse(" 120 ", NOW));
        assertEquals(Optional.of(Duration.ZERO), RetryAfter.parse("0", NOW));
        assertEquals(Optional.of(Duration.ofMillis(1250)), RetryAfter.parse("1.25", NOW));
    }

    @Test
    void readsAnHttpDateAndTakesAPastOneForNow() {
        assertEquals(Optional.of(Duration.ofSeconds(90)), RetryAfter.parse("Wed, 21 Oct 2015 07:29:30 GMT", NOW));
        assertEquals(Optional.of(Duration.ZERO), RetryAfter.parse("Wed, 21 Oct 2015 07:20:00 GMT", NOW));
    }

    @Test
    void passesOverWhatIsNeither() {
        for (String header : List.of("", "soon", "-5", "1e9", "99999999999999999999",
                "Wed, 99 Oct 2015 07:28:00 GMT")) {
            assertEquals(Optional.empty(), RetryAfter.parse(header, NOW), header);
        }
    }
}
