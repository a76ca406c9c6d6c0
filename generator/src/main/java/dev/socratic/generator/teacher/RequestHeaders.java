package dev.socratic.generator.teacher;

import dev.socratic.core.secret.KeyLike;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Headers that a config adds to every request.
public final class RequestHeaders {
    private static final Set<String> OURS =
            Set.of("content-type", "content-length", "content-encoding", "transfer-encoding", "host", "connection",
                    "accept-encoding");
    /// Who asks, not what is asked.
    private static final Set<String> OF_THE_CALLER = Set.of(
            "authorization", "user-agent", "referer", "http-referer", "x-title", "from", "origin",
            "openai-organization", "openai-project", "x-request-id", "traceparent");

    private RequestHeaders() {}

    /// @throws IllegalArgumentException naming `headers`; no value is repeated
    public static void check(Map<String, String> headers, Optional<String> keyEnv) {
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}") || OURS.contains(lower)) {
                throw new IllegalArgumentException(
                        "headers: names of headers that are not set anyway; got '%s'; leave it out".formatted(name));
            }
            if (value.chars().anyMatch(c -> c < ' ' || c >= 0x7F)) {
                throw new IllegalArgumentException(
                        "headers: values in printable ASCII; got others for '%s'; encode them".formatted(name));
            }
            if (!EnvironmentVariables.in(value) && (KeyLike.name(name) || KeyLike.value(value))) {
                throw new IllegalArgumentException(
                        ("headers: no keys, for they are written into the run's folder; got '%s'"
                        + " with a value that may be one; write ${NAME} and export the environment variable NAME")
                        .formatted(name));
            }
            if (lower.equals("authorization") && keyEnv.isPresent()) {
                throw new IllegalArgumentException(
                        "headers: one Authorization; got it beside key_env, which writes it; leave out one of the two");
            }
        });
    }

    /// @return those that may change an answer: without keys, and without those that say who asks
    public static Map<String, String> ofContent(Map<String, String> headers) {
        Map<String, String> content = new TreeMap<>();
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!EnvironmentVariables.in(value) && !OF_THE_CALLER.contains(lower)) {
                content.put(lower, value);
            }
        });
        return content;
    }
}
