package dev.socratic.prompts;

import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.json.Hashes;
import dev.socratic.datasets.format.BadRow;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import dev.socratic.datasets.source.RowVariables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A worked example to show before the question.
///
/// @param id     says which one it was, in rows and reports
/// @param values by variable: `question`, `solution`, `answer` for the built-in `few_shot`
public record FewShotExample(String id, Map<String, String> values) {
    public FewShotExample {
        Objects.requireNonNull(id);
        values = Map.copyOf(values);
    }

    /// Reads examples from files of rows in any format and layout that questions have; the values are what
    /// [RowVariables] says.
    ///
    /// Without `id` the id is `e_` and 16 digits of the content's hash.
    ///
    /// @throws DataException if a file cannot be read or a row does not fit, with every such row
    public static List<FewShotExample> read(FewShot shots) {
        List<FewShotExample> examples = new ArrayList<>();
        Quarantine.Listed bad = Quarantine.list();
        shots.examples().paths().forEach(file -> read(file, shots, examples, bad));
        if (bad.count() > 0) {
            throw new DataException(bad.rows().stream()
                    .map(row -> new Problem(row.file() + ":" + row.line(), row.reason(), "", "mend or remove this row"))
                            .toList());
        }
        return examples;
    }

    private static void read(Path file, FewShot shots, List<FewShotExample> into, Quarantine bad) {
        try (RowReader rows = RowFiles.read(file, bad)) {
            rows.forEachRemaining(row -> {
                try {
                    into.add(of(RowVariables.of(shots.layout(), shots.fields(), row.json())));
                } catch (DataException e) {
                    bad.add(new BadRow(row.file(), row.line(), e.getMessage(), ""));
                }
            });
        }
    }

    private static FewShotExample of(Map<String, String> row) {
        Map<String, String> values = new LinkedHashMap<>(row);
        String id = values.containsKey("id") ? values.remove("id") : "e_" + Hashes.ofJson(values).substring(0, 16);
        return new FewShotExample(id, values);
    }
}
