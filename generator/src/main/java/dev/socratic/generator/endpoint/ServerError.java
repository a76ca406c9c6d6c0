package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import okhttp3.Headers;

/// What a server says instead of an answer, taken apart: status, codes, the window it names, prose.
///
/// @param status HTTP status; where the body came with 200, the one in its `error.code`
/// @param inside whether it came with 200
/// @param codes  every code, type, status and reason in the body, in lower case with `_` between words
/// @param param  the field of the request it names in a field of its own
/// @param window how long it asks to wait
/// @param prose  its message, in full
record ServerError(
        int status, boolean inside, Set<String> codes, Optional<String> param, Optional<Duration> window,
                String prose) {
    private static final List<String> CODES = List.of(
            "code", "type", "status", "reason", "error_code", "errorCode", "err_code", "error_type", "errorType",
            "error");

    /// @param now wall clock
    static ServerError of(int status, Headers headers, String body, Instant now) {
        String prose = ServerWords.message(body);
        JsonNode json = json(body);
        Set<String> codes = new LinkedHashSet<>();
        for (String field : CODES) {
            for (JsonNode value : json.findValues(field)) {
                String text = value.isValueNode() ? value.asText("").strip() : "";
                if (!text.isEmpty() && text.length() <= 64 && text.indexOf(' ') < 0) {
                    codes.add(spelled(text));
                }
            }
        }
        Optional<String> param = json.findValues("param").stream().filter(JsonNode::isTextual).map(JsonNode::textValue)
                .filter(text -> !text.isBlank()).findFirst();
        Optional<Duration> window = RetryAfter.in(headers, now).or(() -> RetryAfter.in(json)).or(() ->
                RetryAfter.in(prose));
        return new ServerError(status, headers.get(WholeBodyInterceptor.INSIDE) != null, Set.copyOf(codes), param,
                window, prose);
    }

    private static JsonNode json(String body) {
        try {
            return Json.mapper().readTree(body);
        } catch (JsonProcessingException e) {
            return Json.mapper().missingNode();
        }
    }

    private static String spelled(String code) {
        return code.replaceAll("([a-z])([A-Z])", "$1_$2").replaceAll("[.-]+", "_").toLowerCase(Locale.ROOT);
    }

    boolean says(Set<String> known) {
        return codes.stream().anyMatch(known::contains);
    }

    /// @return for one line of a message
    String words() {
        return (inside ? "200 with an error in it: " : status + " ") + ServerWords.quoted(prose);
    }
}
