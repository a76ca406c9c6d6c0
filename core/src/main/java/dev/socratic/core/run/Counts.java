package dev.socratic.core.run;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Row conservation of one stage: `in = kept + dropped (by reason) + failed`. A count that does not add up cannot be
/// made.
///
/// @param in      rows the stage was given
/// @param kept    rows it passed on
/// @param dropped rows it rejected, by reason
/// @param failed  rows for which nothing came out (an endpoint that never answered, a line that is no JSON)
public record Counts(long in, long kept, SortedMap<String, Long> dropped, long failed) {
    public Counts {
        dropped = Collections.unmodifiableSortedMap(new TreeMap<>(dropped));
        long out = kept + failed + dropped.values().stream().mapToLong(Long::longValue).sum();
        if (in != out) {
            throw new IllegalStateException(
                    ("rows are not conserved: in %s, but kept %s + dropped %s + failed %s = %s; this is a bug, "
                            + "please report it")
                            .formatted(in, kept, dropped, failed, out));
        }
    }

    public static Counts of(long in, long kept, Map<String, Long> dropped, long failed) {
        return new Counts(in, kept, new TreeMap<>(dropped), failed);
    }

    /// @return all rows dropped, whatever the reason
    public long droppedInAll() {
        return dropped.values().stream().mapToLong(Long::longValue).sum();
    }

    /// @return `in 100 = kept 80 + dropped 15 (duplicate 10, wrong 5) + failed 5`
    @Override
    public String toString() {
        StringBuilder reasons = new StringBuilder();
        dropped.forEach((reason, n) -> reasons.append(reasons.isEmpty() ? " (" : ", ").append(reason).append(' ')
                .append(n));
        return "in %s = kept %s + dropped %s%s + failed %s"
                .formatted(in, kept, droppedInAll(), reasons.isEmpty() ? "" : reasons + ")", failed);
    }
}
