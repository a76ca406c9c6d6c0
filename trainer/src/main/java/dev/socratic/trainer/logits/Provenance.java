package dev.socratic.trainer.logits;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Whose distributions they are.
///
/// @param teacher   hash of `config.json` and the weights; of a served one its address, name and the revision it states
/// @param tokenizer hash of `tokenizer.json`
/// @param template  hash of the chat template's source, `none` where the model has none
public record Provenance(String teacher, String tokenizer, String template) {
    private static final String NONE = "none";

    /// @param folder of a model
    public static Provenance of(Path folder) {
        return new Provenance(weights(folder), tokenizer(folder), template(folder));
    }

    public static String tokenizer(Path folder) {
        return Hashes.ofFile(folder.resolve("tokenizer.json"));
    }

    static String weights(Path folder) {
        SortedMap<String, String> hashes = new TreeMap<>();
        try (Stream<Path> list = Files.list(folder)) {
            list.filter(file -> file.toString().endsWith(".safetensors") || file.endsWith("config.json"))
                    .forEach(file -> hashes.put(file.getFileName().toString(), Hashes.ofFile(file)));
        } catch (IOException e) {
            throw IoProblems.reading(folder, e);
        }
        return Hashes.ofJson(hashes);
    }

    /// The text itself, wherever it stands: other fields of `tokenizer_config.json` change nothing.
    public static String template(Path folder) {
        Path own = folder.resolve("chat_template.jinja");
        Path config = folder.resolve("tokenizer_config.json");
        try {
            if (Files.exists(own)) {
                return Hashes.sha256(Files.readString(own));
            }
        } catch (IOException e) {
            throw IoProblems.reading(own, e);
        }
        JsonNode inside = Files.exists(config)
                ? Json.read(config, JsonNode.class).path("chat_template")
                : Json.mapper().missingNode();
        if (inside.isTextual()) {
            return Hashes.sha256(inside.asText());
        }
        return inside.isArray() ? Hashes.ofJson(inside) : NONE;
    }
}
