package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import okhttp3.Headers;

/// How long a server asks to wait, wherever it says so: in headers (RFC 9110, section 10.2.3; `retry-after-ms`; the
/// reset of a limit of which nothing remains), in fields of the body (`retryDelay` of google.rpc.RetryInfo,
/// `retry_after`), in prose ("Please try again in 1m6.2s").
final class RetryAfter {
    // fractions are not in the RFC, but servers send them
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");
    private static final Pattern EPOCH = Pattern.compile("\\d{10,13}(\\.\\d{1,9})?");
    private static final String UNITS = "(ms|millis|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?)";
    private static final Pattern PART = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*" + UNITS + "(?![a-z])",
            Pattern.CASE_INSENSITIVE);
    private static final String PARTS = "((?:\\d{1,9}(?:\\.\\d{1,9})?\\s*" + UNITS + "(?![a-z])\\s*)+)";
    private static final Pattern PROSE = Pattern.compile(
            "(?:retry|try again|try it again|wait|available again|resets?)\\b[^.\\d\\n]{0,40}?" + PARTS,
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern BARE = Pattern.compile("retry[-_ ]after[\"':= ]{0,4}(\\d{1,6})\\b",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern RESET = Pattern.compile(".*rate-?limit.*reset.*");
    private static final double EPOCH_MILLIS = 1e11;

    private RetryAfter() {}

    /// @param header value of a `Retry-After`
    /// @param now    wall clock
    /// @return how long to wait, never negative; empty where the header is neither form
    static Optional<Duration> parse(String header, Instant now) {
        String text = header.strip();
        if (NUMBER.matcher(text).matches()) {
            return Optional.of(seconds(Double.parseDouble(text)));
        }
        try {
            return Optional.of(until(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant(), now));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /// @return what the headers ask for
    static Optional<Duration> in(Headers headers, Instant now) {
        Optional<Duration> millis = Optional.ofNullable(headers.get("retry-after-ms")).map(String::strip)
                .filter(text -> NUMBER.matcher(text).matches()).map(text -> seconds(Double.parseDouble(text) / 1000));
        return millis
                .or(() -> Optional.ofNullable(headers.get("Retry-After")).flatMap(text -> parse(text, now)))
                .or(() -> StreamSupport.stream(headers.spliterator(), false)
                        .filter(header -> RESET.matcher(header.getFirst().toLowerCase(Locale.ROOT)).matches())
                        .filter(header -> used(headers, header.getFirst().toLowerCase(Locale.ROOT)))
                        .flatMap(header -> reset(header.getSecond().strip(), now).stream())
                        .max(Comparator.naturalOrder()));
    }

    /// @param headers of an answer
    /// @return until when nothing more is let through, where a limit says that nothing of it remains
    static Optional<Duration> spent(Headers headers, Instant now) {
        return StreamSupport.stream(headers.spliterator(), false)
                .filter(header -> RESET.matcher(header.getFirst().toLowerCase(Locale.ROOT)).matches())
                .filter(header -> headers.get(remaining(header.getFirst().toLowerCase(Locale.ROOT))) != null
                        && used(headers, header.getFirst().toLowerCase(Locale.ROOT)))
                .flatMap(header -> reset(header.getSecond().strip(), now).stream())
                .max(Comparator.naturalOrder());
    }

    private static String remaining(String reset) {
        return reset.replace("reset-after", "remaining").replace("reset", "remaining");
    }

    /// A limit of which something remains is not the one that was hit.
    private static boolean used(Headers headers, String reset) {
        String remaining = headers.get(remaining(reset));
        return remaining == null || remaining.strip().matches("0(\\.0*)?"); // OkHttp's word for "not there"
    }

    private static Optional<Duration> reset(String text, Instant now) {
        if (EPOCH.matcher(text).matches()) {
            double value = Double.parseDouble(text);
            return Optional.of(until(Instant.ofEpochMilli((long) (value > EPOCH_MILLIS ? value : value * 1000)), now));
        }
        if (NUMBER.matcher(text).matches()) {
            return Optional.of(seconds(Double.parseDouble(text)));
        }
        try {
            return Optional.of(until(Instant.parse(text), now));
        } catch (DateTimeException e) {
            return text.matches(PARTS) ? Optional.of(sum(text)) : Optional.empty();
        }
    }

    /// @return what the fields of a body ask for
    static Optional<Duration> in(JsonNode body) {
        for (String field : List.of("retryDelay", "retry_delay", "retry_after_ms", "retryAfterMs", "retry_after",
                "retryAfter",
                "retry_after_seconds", "retryAfterSeconds", "retry-after")) {
            for (JsonNode value : body.findValues(field)) {
                Optional<Duration> wait = field(value, field.toLowerCase(Locale.ROOT).endsWith("ms"));
                if (wait.isPresent()) {
                    return wait;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Duration> field(JsonNode value, boolean millis) {
        if (value.isObject()) {
            return Optional.of(Duration.ofSeconds(value.path("seconds").asLong(0), value.path("nanos").asLong(0)));
        }
        String text = value.asText("").strip();
        if (NUMBER.matcher(text).matches()) {
            return Optional.of(seconds(Double.parseDouble(text) / (millis ? 1000 : 1)));
        }
        return text.toLowerCase(Locale.ROOT).matches(PARTS) ? Optional.of(sum(text)) : Optional.empty();
    }

    /// @return what a sentence asks for
    static Optional<Duration> in(String prose) {
        Matcher named = PROSE.matcher(prose);
        if (named.find()) {
            return Optional.of(sum(named.group(1)));
        }
        Matcher bare = BARE.matcher(prose);
        return bare.find() ? Optional.of(seconds(Double.parseDouble(bare.group(1)))) : Optional.empty();
    }

    private static Duration sum(String text) {
        Duration sum = Duration.ZERO;
        for (Matcher part = PART.matcher(text); part.find(); ) {
            double amount = Double.parseDouble(part.group(1));
            String unit = part.group(2).toLowerCase(Locale.ROOT);
            double factor = unit.startsWith("ms") || unit.startsWith("mil") ? 1e-3 : unit.startsWith("m")
                    ? 60 : unit.startsWith("h") ? 3600 : 1;
            sum = sum.plus(seconds(amount * factor));
        }
        return sum;
    }

    private static Duration until(Instant moment, Instant now) {
        Duration wait = Duration.between(now, moment);
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis((long) Math.ceil(seconds * 1000));
    }
}
