package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What a server says an answer took.
///
/// Read leniently: as numbers, as text, with a fraction, under the names of other protocols. A count that no model
/// can reach is none. Where the total is more than its parts (reasoning that is billed but not listed), the rest was
/// written.
///
/// @param promptTokens     tokens read, where the server counts them
/// @param completionTokens tokens written, reasoning included, where the server counts them
record Counted(Optional<Long> promptTokens, Optional<Long> completionTokens) {
    static final Counted NOTHING = new Counted(Optional.empty(), Optional.empty());

    /// Ten times the longest context in use; 10^18 is a server's joke, and would stop any budget.
    private static final long MOST = 10_000_000;

    /// What stands behind the object is no concern.
    private static final ObjectReader OBJECT =
            Json.mapper().reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final List<String> PROMPT = List.of(
            "prompt_tokens", "input_tokens", "promptTokenCount", "inputTokens");
    private static final List<String> COMPLETION = List.of(
            "completion_tokens", "output_tokens", "candidatesTokenCount", "outputTokens");
    private static final List<String> TOTAL = List.of(
            "total_tokens", "totalTokenCount", "totalTokens");
    /// Of Anthropic: read from its cache or into it, and not among `input_tokens`.
    private static final List<String> CACHED = List.of("cache_creation_input_tokens", "cache_read_input_tokens");

    /// @param usage the object `usage` of a body; anything else counts nothing
    static Counted of(JsonNode usage) {
        Optional<Long> prompt = count(usage, PROMPT).map(read -> read + CACHED.stream()
                .mapToLong(name -> count(usage.path(name)).orElse(0L)).sum());
        Optional<Long> completion = count(usage, COMPLETION);
        Optional<Long> total = count(usage, TOTAL);
        Optional<Long> unlisted = prompt.flatMap(read -> total.map(all -> all - read)).filter(rest -> rest >= 0);
        return new Counted(
                prompt,
                completion.map(written -> Math.max(written, unlisted.orElse(0L))).or(() -> unlisted));
    }

    /// Shares out what was counted once for several texts.
    ///
    /// @param lengths of the texts, in any one unit
    /// @return as many whole numbers, as the lengths are to each other, that add up to `total`
    static long[] shared(long total, long[] lengths) {
        long all = Math.max(1, Arrays.stream(lengths).sum());
        long[] shares = new long[lengths.length];
        long before = 0;
        long given = 0;
        for (int i = 0; i < lengths.length; i++) {
            before += lengths[i];
            long until = i == lengths.length - 1 ? total : Math.round((double) total * before / all);
            shares[i] = until - given;
            given = until;
        }
        return shares;
    }

    /// What can be made out in a body that is cut short or no JSON at all: the last object behind `"usage":`.
    static Optional<Counted> in(String body) {
        Optional<Counted> last = Optional.empty();
        for (int at = body.indexOf("\"usage\""); at >= 0; at = body.indexOf("\"usage\"", at + 1)) {
            if (at > 0 && body.charAt(at - 1) == '\\') {
                continue; // a text that speaks of usage
            }
            int open = body.indexOf('{', at);
            if (open < 0 || !body.substring(at + "\"usage\"".length(), open).strip().equals(":")) {
                continue;
            }
            try (JsonParser json = Json.mapper().createParser(body.substring(open))) {
                Counted counted = of(OBJECT.readTree(json));
                last = counted.equals(NOTHING) ? last : Optional.of(counted);
            } catch (IOException e) {
                // cut short in the middle of its numbers
            }
        }
        return last;
    }

    private static Optional<Long> count(JsonNode usage, List<String> names) {
        return names.stream().map(usage::path).flatMap(node -> count(node).stream()).findFirst();
    }

    private static Optional<Long> count(JsonNode node) {
        if (!node.isNumber() && !node.isTextual()) {
            return Optional.empty();
        }
        try {
            BigDecimal exact = new BigDecimal(node.asText().strip());
            boolean believable = exact.signum() >= 0 && exact.compareTo(BigDecimal.valueOf(MOST)) <= 0;
            return believable ? Optional.of(exact.setScale(0,
                    RoundingMode.CEILING).longValueExact()) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
