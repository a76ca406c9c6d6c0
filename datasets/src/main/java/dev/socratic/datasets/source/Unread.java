package dev.socratic.datasets.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.datasets.format.Quarantine;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Fields of a row that training does not read. They are told, for a field with another name than the one meant would
/// be lost without a word.
final class Unread {
    private static final Set<String> READ = Set.of("id", "question");

    private Unread() {}

    /// Rows that this project wrote say more than is learned, by design.
    static void tell(ObjectNode row, Layout layout, Map<String, FieldPath> paths, Beside beside,
            Quarantine quarantine) {
        if (Exchange.isOurs(row)) {
            return;
        }
        Set<String> own = layout.fields();
        List<String> rest = row.properties().stream()
                .filter(field -> !field.getValue().isNull())
                .map(Map.Entry::getKey)
                .filter(name -> !own.contains(name) && !READ.contains(name) && !RowFields.READ.contains(name))
                .filter(name -> paths.values().stream().noneMatch(path -> path.root().equals(name)))
                .filter(name -> !beside.reads(name))
                .toList();
        if (!rest.isEmpty()) {
            quarantine.unread(rest);
        }
    }
}
