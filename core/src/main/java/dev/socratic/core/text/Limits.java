package dev.socratic.core.text;

import dev.socratic.core.config.Default;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Where an answer ends, beside `max_tokens` and stop texts.
///
/// @param minTokens    tokens before which neither an end token nor a stop id comes; stop texts end it all the same
/// @param stopTokenIds ids that end the answer beside the model's own; the token is no part of its text
/// @param timeLimit    of one answer, from its first token on; it then ends as it stands, cut as by `max_tokens`
public record Limits(@Default("0") int minTokens, @Default("[]") List<Long> stopTokenIds,
        Optional<Duration> timeLimit) {
    public static final Limits NONE = new Limits(0, List.of(), Optional.empty());

    public Limits {
        if (minTokens < 0) {
            throw new IllegalArgumentException(
                    "min_tokens: at least 0; got %s; 0 lets the model end where it wants".formatted(minTokens));
        }
        stopTokenIds.stream().filter(id -> id < 0).findFirst().ifPresent(id -> {
            throw new IllegalArgumentException(
                    "stop_token_ids: ids of tokens, from 0; got %s; ids are those of the model's own tokenizer"
                            .formatted(id));
        });
        timeLimit.filter(limit -> !limit.isPositive()).ifPresent(limit -> {
            throw new IllegalArgumentException(
                    "time_limit: a time above 0, such as 30s; got %s; leave it out for no limit".formatted(limit));
        });
        stopTokenIds = List.copyOf(new TreeSet<>(stopTokenIds));
    }

    /// @return what is not as nobody asked for it, by the names of the config
    SortedMap<String, Object> further() {
        SortedMap<String, Object> further = new TreeMap<>();
        if (minTokens > 0) {
            further.put("min_tokens", minTokens);
        }
        if (!stopTokenIds.isEmpty()) {
            further.put("stop_token_ids", stopTokenIds);
        }
        timeLimit.ifPresent(limit -> further.put("time_limit", limit.toMillis()));
        return further;
    }

    /// @return what every server that knows the field takes in a request: all but the time
    Map<String, Object> sent() {
        SortedMap<String, Object> sent = further();
        sent.remove("time_limit");
        return sent;
    }
}
