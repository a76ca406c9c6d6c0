package dev.socratic.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.BoundedLines;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.io.RegularFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// JSON Lines that this program wrote itself, such as `metrics.jsonl`. Rows from outside are read by `datasets.format`,
/// which loses a bad row and goes on.
public final class JsonLines {
    private JsonLines() {}

    /// @param longest line, in bytes
    /// @param row     is given each line that is not blank
    /// @throws DataException naming file and line of one that is no JSON or longer
    public static void each(Path file, int longest, Consumer<JsonNode> row) {
        try (BoundedLines lines = new BoundedLines(RegularFiles.open(file), file.toString(), longest)) {
            for (Optional<String> text = lines.next(); text.isPresent(); text = lines.next()) {
                if (!text.get().isBlank()) {
                    row.accept(Json.read(text.get(), JsonNode.class, file + ":" + lines.number()));
                }
            }
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
    }
}
