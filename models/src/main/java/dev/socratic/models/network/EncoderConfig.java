package dev.socratic.models.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.AdapterFolder;
import dev.socratic.models.checkpoint.PublishedJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An encoder's architecture as data.
///
/// @param family        `model_type` in the config file
/// @param vocab         rows of the embedding
/// @param hidden        width of the residual stream
/// @param layers        how many layers
/// @param heads         of the attention, each of width hidden / heads
/// @param width         inner width of the feed-forward part
/// @param positions     rows of the learned positions
/// @param firstPosition row of the first token's position; RoBERTa begins after its padding token's id
/// @param tokenTypes    rows of the token types, of which the first is used; 0 has none
/// @param epsilon       added under the root of each norm
/// @param special       ids with a meaning of their own
public record EncoderConfig(
        String family, int vocab, int hidden, int layers, int heads, int width, int positions, int firstPosition,
        int tokenTypes,
        Activation activation, double epsilon, double initializerRange, SpecialTokens special) {

    /// @return whether a folder's `config.json` is that of an encoder
    public static boolean isOf(Path folder) {
        Path file = AdapterFolder.file(folder, ConfigJson.NAME);
        return Files.exists(file) && Family.ENCODERS.contains(PublishedJson.read(file).path("model_type").asText());
    }

    /// @param count of layers
    /// @return the same architecture, as deep
    public EncoderConfig withLayers(int count) {
        return new EncoderConfig(family, vocab, hidden, count, heads, width, positions, firstPosition, tokenTypes,
                activation, epsilon, initializerRange, special);
    }

    /// @return number of weights; the head's matrix is the embedding
    public long parameters() {
        return EncoderPlan.of(this).stream().mapToLong(WeightPlan.Entry::size).sum();
    }

    /// @return the longest sequence
    public int context() {
        return positions - firstPosition;
    }

    /// @param folder a Hugging Face folder; its `config.json` is read
    /// @throws DataException with every problem of the file
    public static EncoderConfig read(Path folder) {
        return of(folder.resolve(ConfigJson.NAME));
    }

    static EncoderConfig of(Path file) {
        JsonNode json = PublishedJson.read(file);
        String type = new Fields(json, file.toString()).text("model_type", "");
        Family family = Family.encoder(type)
                .orElseThrow(() -> new DataException(List.of(ConfigJson.at(file, new Problem("model_type",
                "a family of encoders that was compared with the reference implementation", "'" + type + "'",
                "known: " + String.join(", ", Family.ENCODERS))))));
        Fields fields = new Fields(ConfigJson.known(family, json), file.toString(), family::own);
        ConfigJson.contradictions(family, json, fields);
        EncoderConfig config = read(type, fields);
        fields.done();
        return config;
    }

    private static EncoderConfig read(String type, Fields json) {
        String name = json.text("hidden_act", "gelu");
        Activation activation = Activation.of(name).orElse(Activation.GELU);
        if (Activation.of(name).isEmpty()) {
            json.problem("hidden_act", "a value this version can compute", "'" + name + "'",
                    "known: " + Activation.known());
        }
        int heads = json.required("num_attention_heads", 1 << 14);
        int hidden = json.required("hidden_size", 1 << 20);
        if (hidden % heads != 0) {
            json.problem("num_attention_heads", "a divisor of the width %s".formatted(hidden), "" + heads, "");
        }
        SpecialTokens special = ConfigJson.special(json);
        int first = json.flag("positions_after_padding", false) ? (int) Math.min(special.pad().orElse(1), 1 << 20) + 1
                : 0;
        return new EncoderConfig(type, json.required("vocab_size", 1 << 26), hidden,
                json.required("num_hidden_layers", 10_000), heads,
                json.required("intermediate_size", 1 << 24),
                        json.whole("max_position_embeddings", 512, 1 + first, 1 << 30), first,
                json.whole("type_vocab_size", 0, 0, 1 << 20), activation,
                json.within("norm_eps", 1e-12, 0, 1), json.number("initializer_range", 0.02), special);
    }

    /// @param storage dtype of the weights next to it, as torch calls it
    String text(String storage) {
        Family data = Family.encoder(family).orElseThrow();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("vocab_size", vocab);
        values.put("hidden_size", hidden);
        values.put("num_hidden_layers", layers);
        values.put("num_attention_heads", heads);
        values.put("intermediate_size", width);
        values.put("max_position_embeddings", positions);
        values.put("type_vocab_size", tokenTypes);
        values.put("hidden_act", activation.label());
        values.put("norm_eps", epsilon);
        values.put("initializer_range", initializerRange);
        ObjectNode json = Json.mapper().createObjectNode();
        json.putArray("architectures").add(data.architecture());
        json.put("model_type", family);
        data.fields().keySet().stream().filter(values::containsKey)
                .forEach(field -> json.set(data.own(field), Json.tree(values.get(field))));
        ConfigText.putSpecial(json, special);
        json.put("torch_dtype", storage);
        return Json.pretty(json);
    }
}
