package dev.socratic.core.run;

import dev.socratic.core.text.Usage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What a stage says when it is done; the manifest keeps it.
///
/// @param counts     row conservation
/// @param usage      tokens and cost
/// @param notes      further figures, JSON values only (numbers, strings, lists, maps)
/// @param incomplete why a part of the work is still open, in one line with what to do: the files hold the rest, and
///                   the same command goes on
public record StageReport(Counts counts, Usage usage, Map<String, Object> notes, Optional<String> incomplete) {
    public StageReport(Counts counts, Usage usage, Map<String, Object> notes) {
        this(counts, usage, notes, Optional.empty());
    }

    public StageReport {
        Objects.requireNonNull(incomplete);
        Objects.requireNonNull(counts);
        Objects.requireNonNull(usage);
        notes = Collections.unmodifiableMap(new LinkedHashMap<>(notes)); // in the order they were given
    }
}
