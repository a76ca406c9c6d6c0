package dev.socratic.models.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// JSON files of published models: as strict as our own, but that `Infinity` and `NaN` are numbers, for Python writes
/// them. They are refused
/// where a field is read, and matter nowhere else.
public final class PublishedJson {
    private static final JsonMapper MAPPER =
            ((JsonMapper) Json.mapper()).rebuild().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    private static final long LONGEST = 256L << 20;

    private PublishedJson() {}

    /// @throws dev.socratic.core.error.SocraticException if the file is missing, no regular file, too large or no JSON
    public static JsonNode read(Path file) {
        String text = text(file);
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException broken) {
            String reason = broken.getOriginalMessage().lines().findFirst().orElse("").replace('"', '\'');
            String place = broken.getLocation() == null ? file.toString()
                    : file + ":" + broken.getLocation().getLineNr() + ":" + broken.getLocation().getColumnNr();
            throw new DataException(place, "JSON", reason, "fetch the file again", broken);
        }
    }

    /// A pipe would wait for ever, and a device never ends.
    private static String text(Path file) {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new DataException(file.toString(), "a regular file", "a folder, a pipe or a device",
                        "fetch the file again");
            }
            if (Files.size(file) > LONGEST) {
                throw new DataException(file.toString(), "a file of at most %s bytes".formatted(LONGEST),
                        "a larger one", "fetch the file again");
            }
            return Files.readString(file);
        } catch (IOException failed) {
            throw IoProblems.reading(file, failed);
        }
    }
}
