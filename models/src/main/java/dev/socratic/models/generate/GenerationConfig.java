package dev.socratic.models.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.Penalties;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.checkpoint.AdapterFolder;
import dev.socratic.models.network.ConfigJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `generation_config.json` of a model that was made from another: the other's, sampling defaults and all, and every id
/// that ends an answer.
public final class GenerationConfig {
    /// Ids, which are of a tokenizer.
    private static final List<String> IDS = List.of("bos_token_id", "eos_token_id", "pad_token_id");

    private GenerationConfig() {}

    /// @param from   folder of the other model, whose file need not be there
    /// @param origin the same where the ids in it are of the new model's tokenizer
    /// @param folder of the new model; what its own file says stays where the other's says nothing
    public static void write(Optional<Path> from, Optional<Path> origin, Path folder, EosTokens eos) {
        ObjectNode written = Json.mapper().createObjectNode();
        read(folder).properties().forEach(field -> written.set(field.getKey(), field.getValue()));
        from.map(GenerationConfig::read).ifPresent(other -> other.properties().stream()
                .filter(field -> origin.isPresent() || !IDS.contains(field.getKey()))
                .forEach(field -> written.set(field.getKey(), field.getValue())));
        written.remove("_from_model_config"); // with it transformers would put config.json's ids in place of these
        if (eos.ids().size() == 1) {
            written.put("eos_token_id", eos.ids().getFirst());
        } else if (!eos.ids().isEmpty()) {
            ArrayNode ids = written.putArray("eos_token_id");
            eos.ids().forEach(ids::add);
        }
        AtomicFiles.write(folder.resolve(ConfigJson.GENERATION), Json.pretty(written));
    }

    /// How the model's makers want its tokens drawn, where they say so: `do_sample` with `temperature`, `top_p`,
    /// `top_k`, `min_p`, `typical_p` or `repetition_penalty`. Nothing here draws by it of its own accord; whoever draws
    /// otherwise may be told.
    ///
    /// @return empty where the file is not there, says nothing, or says what nobody can draw by
    public static Optional<Sampling> recommended(Path folder) {
        try {
            JsonNode said = read(folder);
            return Optional.of(new Sampling(said.path("temperature").asDouble(1), said.path("top_p").asDouble(1),
                    said.path("top_k").asInt(0), said.path("min_p").asDouble(0), said.path("typical_p").asDouble(1),
                    new Penalties(said.path("repetition_penalty").asDouble(1), 0, 0), Map.of()))
                    .filter(sampling -> said.path("do_sample").asBoolean(false) && !sampling.isPlain());
        } catch (DataException | IllegalArgumentException unusable) {
            return Optional.empty();
        }
    }

    private static JsonNode read(Path folder) {
        Path file = AdapterFolder.file(folder, ConfigJson.GENERATION);
        return Files.exists(file) ? Json.read(file, JsonNode.class) : Json.mapper().createObjectNode();
    }
}
