package dev.socratic.generator.endpoint;

import dev.socratic.core.seed.Seeds;
import java.time.Duration;

/// How long to wait before attempt `n + 1`: exponential backoff with full jitter, `uniform(0, min(longest, first *
/// 2^(n - 1)))`.
///
/// Full jitter spreads callers that failed together best. Source: M. Brooker, "Exponential Backoff And Jitter", AWS
/// Architecture Blog, 2015.
///
/// @param first   bound of the first wait
/// @param longest bound of any wait, also of what a server may ask for: above it the request is given up for this run
/// @param seed    of the jitter
record Backoff(Duration first, Duration longest, long seed) {
    static final Duration FIRST = Duration.ofMillis(500);
    static final Duration LONGEST = Duration.ofMinutes(2);

    /// @param request what is tried again, so that two requests that failed together wait differently
    /// @param failed  attempts that failed so far, at least 1
    Duration before(String request, int failed) {
        double bound = Math.min(longest.toNanos(), first.toNanos() * Math.pow(2, failed - 1.0));
        double share = Seeds.random(seed, "backoff", request, Integer.toString(failed)).nextDouble();
        return Duration.ofNanos((long) (share * bound));
    }
}
