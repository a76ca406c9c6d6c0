package dev.socratic.core.run;

import dev.socratic.core.text.Usage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// What a stage says when it is done; the manifest keeps it.
///
/// @param counts row conservation
/// @param usage  tokens and cost
/// @param notes  further figures, JSON values only (numbers, strings, lists, maps)
public record StageReport(Counts counts, Usage usage, Map<String, Object> notes) {
    public StageReport {
        Objects.requireNonNull(counts);
        Objects.requireNonNull(usage);
        notes = Collections.unmodifiableMap(new LinkedHashMap<>(notes)); // in the order they were given
    }
}
