package dev.socratic.generator.endpoint;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// What a `Retry-After` header asks for. Source: RFC 9110, section 10.2.3: seconds, or an HTTP date.
final class RetryAfter {
    private RetryAfter() {}

    /// @param header its value
    /// @param now    wall clock
    /// @return how long to wait, never negative; empty where the header is neither form
    static Optional<Duration> parse(String header, Instant now) {
        String text = header.strip();
        if (text.matches("\\d{1,9}(\\.\\d{1,9})?")) { // fractions are not in the RFC, but servers send them
            return Optional.of(Duration.ofNanos((long) (Double.parseDouble(text) * 1e9)));
        }
        try {
            Instant moment = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            Duration wait = Duration.between(now, moment);
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
