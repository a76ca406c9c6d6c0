package dev.socratic.models.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// What `config.json` says, whatever the family calls it. Models of text and images keep the text part under
/// `text_config`.
record ConfigFacts(JsonNode json) {
    static ConfigFacts of(JsonNode file) {
        return new ConfigFacts(file.path("text_config").isObject() ? file.path("text_config") : file);
    }

    String family() {
        return json.path("model_type").asText("");
    }

    OptionalLong hidden() {
        return first("hidden_size", "n_embd", "dim", "d_model");
    }

    OptionalLong layers() {
        return first("num_hidden_layers", "n_layer", "n_layers");
    }

    OptionalLong heads() {
        return first("num_attention_heads", "n_head", "n_heads");
    }

    OptionalLong keyValueHeads() {
        OptionalLong own = first("num_key_value_heads");
        return own.isPresent() ? own : heads();
    }

    OptionalLong dim() {
        OptionalLong own = first("head_dim");
        return own.isPresent() || hidden().isEmpty() || heads().orElse(0) < 1
                ? own
                : OptionalLong.of(hidden().getAsLong() / heads().getAsLong());
    }

    OptionalLong width() {
        return first("intermediate_size", "n_inner", "hidden_dim");
    }

    OptionalLong vocabulary() {
        return first("vocab_size");
    }

    OptionalLong context() {
        return first("max_position_embeddings", "n_positions");
    }

    /// The reference's default is to tie, but nearly every family overrides it; a file of a family that ties names it
    /// or has no head.
    boolean tied() {
        return json.path("tie_word_embeddings").asBoolean(false);
    }

    boolean saysWhetherTied() {
        return json.hasNonNull("tie_word_embeddings");
    }

    /// @return ids under a name: a number, a list of them, or none
    static List<Long> ids(JsonNode json, String name) {
        List<Long> ids = new ArrayList<>();
        JsonNode value = json.path(name);
        if (value.isIntegralNumber()) {
            ids.add(value.asLong());
        }
        value.forEach(id -> ids.add(id.asLong(-1)));
        return ids;
    }

    private OptionalLong first(String... names) {
        for (String name : names) {
            if (json.path(name).isIntegralNumber()) {
                return OptionalLong.of(json.path(name).asLong());
            }
        }
        return OptionalLong.empty();
    }
}
