package dev.socratic.models.network;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What the models of one family have in common, read from `families/<model_type>.json`:
///
/// - `architecture`: the class other tools load it with;
/// - `fields`: which fields of `config.json` matter and what counts where one is absent (`"required"`: nothing;
///   `null`: it follows from others), under the names that [Architecture] uses, in the order in which they are
///   written;
/// - `names`: what the family calls a field otherwise;
/// - `also`: what other versions of the reference call it; the family's own name counts where both are there;
/// - `fixed`: traits that no config of the family can change, under names of the same kind;
/// - `weights`: what the family calls each [Part]; what it does not have is not listed. `%d` is the number of an
///   expert;
/// - `ignored`: ends of names of tensors that carry no weights.
///
/// @param weights names without `.weight` and `.bias`; those of a layer without what is before them, `layer`
record Family(
        String modelType,
        String architecture,
        Map<String, JsonNode> fields,
        Map<String, String> names,
        Map<String, String> also,
        Map<String, JsonNode> fixed,
        String layer,
        Map<Part, String> weights,
        List<String> ignored) {
    /// Those that were compared with the reference; a test holds this list against the fixtures.
    static final List<String> KNOWN = List.of(
            "llama", "qwen2", "qwen3", "mistral", "gemma2", "gemma3_text", "phi3", "olmo2", "smollm3", "granite",
            "gpt_neox", "gpt2", "mixtral",
            "qwen3_moe");

    /// Encoders that were compared with the reference.
    static final List<String> ENCODERS = List.of("bert", "distilbert", "roberta");

    /// @return nothing if the family was never compared with the reference
    static Optional<Family> of(String modelType) {
        return KNOWN.contains(modelType) ? Optional.of(parse(modelType, text(modelType))) : Optional.empty();
    }

    /// @return nothing if the family of encoders was never compared with the reference
    static Optional<Family> encoder(String modelType) {
        return ENCODERS.contains(modelType) ? Optional.of(parse(modelType, text(modelType))) : Optional.empty();
    }

    private static JsonNode text(String modelType) {
        String path = "/families/" + modelType + ".json";
        try (InputStream in = Family.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("family %s is not on the class path".formatted(path));
            }
            return Json.mapper().readTree(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Family parse(String modelType, JsonNode json) {
        Map<Part, String> weights = new EnumMap<>(Part.class);
        json.get("weights").properties().stream()
                .filter(entry -> !entry.getKey().equals("layer"))
                .forEach(entry ->
                        weights.put(Part.valueOf(entry.getKey().toUpperCase(Locale.ROOT)),
                                entry.getValue().textValue()));
        Map<String, String> names = new LinkedHashMap<>();
        json.path("names").properties().forEach(entry -> names.put(entry.getKey(), entry.getValue().textValue()));
        Map<String, String> also = new LinkedHashMap<>();
        json.path("also").properties().forEach(entry -> also.put(entry.getKey(), entry.getValue().textValue()));
        List<String> ignored = json.path("ignored").valueStream().map(JsonNode::textValue).toList();
        return new Family(modelType, json.get("architecture").textValue(), nodes(json.get("fields")), names, also,
                nodes(json.path("fixed")),
                json.get("weights").get("layer").textValue(), weights, ignored);
    }

    private static Map<String, JsonNode> nodes(JsonNode object) {
        Map<String, JsonNode> nodes = new LinkedHashMap<>();
        object.properties().forEach(entry -> nodes.put(entry.getKey(), entry.getValue()));
        return nodes;
    }

    /// @return what `config.json` calls a field
    String own(String field) {
        return names.getOrDefault(field, field);
    }

    /// @return what the file of a model says of a field, under whichever name; missing where it says nothing
    JsonNode given(String field, JsonNode file) {
        JsonNode own = file.path(own(field));
        return own.isMissingNode() && also.containsKey(field) ? file.path(also.get(field)) : own;
    }

    boolean has(Part part) {
        return weights.containsKey(part);
    }

    /// @return the name of a weight outside the layers, without `.weight`
    String name(Part part) {
        return weights.get(part);
    }

    /// @return the name of a weight of a layer, without `.weight`
    String name(Part part, int inLayer) {
        return numbered(layer, inLayer) + weights.get(part);
    }

    /// @return the name of a weight of an expert, without `.weight`
    String name(Part part, int inLayer, int expert) {
        return numbered(layer, inLayer) + numbered(weights.get(part), expert);
    }

    /// Names of tensors have the same digits in every locale.
    private static String numbered(String name, int number) {
        return String.format(Locale.ROOT, name, number);
    }

    /// @return the name, with the number of its layer replaced if it has one
    String inLayer(String name, UnaryOperator<Integer> renumbered) {
        String before = layer.substring(0, layer.indexOf("%d"));
        if (!name.startsWith(before)) {
            return name;
        }
        int dot = name.indexOf('.', before.length());
        return before + renumbered.apply(Integer.parseInt(name.substring(before.length(), dot))) + name.substring(dot);
    }

    /// @return whether matrices are kept as `[in, out]`
    boolean transposed() {
        return fixed("transposed");
    }

    /// @return whether rows of the embedding are multiplied by the root of their width
    boolean scaledEmbedding() {
        return fixed("scaled_embedding");
    }

    /// @return whether, in half precision, queries and keys are turned and normed activations are multiplied by their
    ///         weight in float32
    boolean wide() {
        return fixed("wide");
    }

    private boolean fixed(String trait) {
        return fixed.containsKey(trait) && fixed.get(trait).booleanValue();
    }
}
