package dev.socratic.datasets.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.datasets.format.Row;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is wanted of a row beside what is learned from it.
///
/// @param tag    where its tag stands
/// @param fields texts and numbers by the name they are asked for under, and where they stand. `question`, `answer` and
///               `solution` are what the row's layout has for them ([RowVariables]), where it has
public record Beside(Optional<FieldPath> tag, Map<String, FieldPath> fields) {
    public static final Beside NOTHING = new Beside(Optional.empty(), Map.of());

    private static final Set<String> OF_LAYOUT = Set.of("question", "answer", "solution");

    public Beside {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /// @return the same with a tag
    public Beside withTag(Optional<FieldPath> path) {
        return new Beside(path, fields);
    }

    /// @return the example with what was asked for
    Example added(Example example, Layout layout, Row row) {
        if (tag.isEmpty() && fields.isEmpty()) {
            return example;
        }
        return example.with(new Example.Tag(tag.flatMap(path -> path.textIn(row.json())), fields(layout, row.json()),
                row.file() + ":" + row.line()));
    }

    /// @return whether a path goes through a field of the row
    boolean reads(String field) {
        return tag.filter(path -> path.root().equals(field)).isPresent()
                || fields.values().stream().anyMatch(path -> path.root().equals(field));
    }

    private Map<String, String> fields(Layout layout, ObjectNode row) {
        Map<String, String> ofLayout = fields.values().stream().anyMatch(path -> OF_LAYOUT.contains(path.toString()))
                ? ofLayout(layout, row) : Map.of();
        Map<String, String> found = new LinkedHashMap<>();
        fields.forEach((name, path) -> Optional.ofNullable(ofLayout.get(path.toString())).or(() -> path.textIn(row))
                .ifPresent(text -> found.put(name, text)));
        return found;
    }

    /// A row that is no question has nothing under these names but its own fields.
    private static Map<String, String> ofLayout(Layout layout, ObjectNode row) {
        try {
            return RowVariables.of(layout, Map.of(), row);
        } catch (DataException other) {
            return Map.of();
        }
    }
}
