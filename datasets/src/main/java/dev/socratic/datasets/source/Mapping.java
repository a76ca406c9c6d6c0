package dev.socratic.datasets.source;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Checks and reads the `fields` of a file source.
final class Mapping {
    private Mapping() {}

    /// @param needed the name that must be mapped if any is
    /// @throws IllegalArgumentException if a name is not among `names`, `needed` is missing or a path is none
    static Map<String, String> checked(Map<String, String> fields, Set<String> names, String needed) {
        for (Map.Entry<String, String> field : fields.entrySet()) {
            if (!names.contains(field.getKey())) {
                throw new IllegalArgumentException("fields: known names are %s; got \"%s\""
                        .formatted(names.stream().sorted().toList(), field.getKey()));
            }
            FieldPath.of(field.getValue());
        }
        if (!fields.isEmpty() && !fields.containsKey(needed)) {
            throw new IllegalArgumentException(
                    "fields: a path for \"%s\"; got only %s".formatted(needed, fields.keySet()));
        }
        return Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    static Map<String, FieldPath> paths(Map<String, String> fields) {
        Map<String, FieldPath> paths = new LinkedHashMap<>();
        fields.forEach((name, path) -> paths.put(name, FieldPath.of(path)));
        return paths;
    }

    static void checkLimit(Optional<Long> limit) {
        if (limit.filter(n -> n < 1).isPresent()) {
            throw new IllegalArgumentException("limit: at least 1; got %s".formatted(limit.get()));
        }
    }
}
