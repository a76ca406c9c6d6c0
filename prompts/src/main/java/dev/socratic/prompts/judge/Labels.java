package dev.socratic.prompts.judge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// What people say of rows: a file of rows `{id, label}`. Of two labels of one row the later counts.
public final class Labels {
    private Labels() {}

    /// @return by id
    /// @throws DataException if a row is none
    public static Map<String, Double> read(Path file) {
        Map<String, Double> labels = new HashMap<>();
        try (RowReader rows = RowFiles.read(file, Quarantine.refuse())) {
            while (rows.hasNext()) {
                var row = rows.next();
                JsonNode label = row.json().path("label");
                if (!row.json().path("id").isTextual() || !label.isNumber()) {
                    throw new DataException("%s:%s".formatted(row.file(), row.line()),
                            "a row {id, label} with a number", row.json().toString(), "write the label as a number");
                }
                labels.put(row.json().path("id").textValue(), label.doubleValue());
            }
        }
        return labels;
    }
}
