package dev.socratic.models.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.RegularFiles;
import dev.socratic.core.json.Json;
import java.nio.file.Path;

/// JSON files of published models: as strict as our own, but that `Infinity` and `NaN` are numbers, for Python writes
/// them. They are refused
/// where a field is read, and matter nowhere else.
public final class PublishedJson {
    private static final JsonMapper MAPPER =
            ((JsonMapper) Json.mapper()).rebuild().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    private PublishedJson() {}

    /// @throws dev.socratic.core.error.SocraticException if the file is missing, no regular file, too large or no JSON
    public static JsonNode read(Path file) {
        String text = RegularFiles.text(file);
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException broken) {
            String reason = broken.getOriginalMessage().lines().findFirst().orElse("").replace('"', '\'');
            String place = broken.getLocation() == null ? file.toString()
                    : file + ":" + broken.getLocation().getLineNr() + ":" + broken.getLocation().getColumnNr();
            throw new DataException(place, "JSON", reason, "fetch the file again", broken);
        }
    }
}
