package dev.socratic.models.gguf.convert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.models.gguf.Gguf;
import dev.socratic.models.gguf.Metadata;
import java.util.LinkedHashSet;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/// `config.json` and `generation_config.json` of what a GGUF says of its model.
///
/// Numbers that are float32 in the file come as the shortest decimals that are these float32s: 1e-05, not
/// 9.999999747378752e-06.
final class FolderConfig {
    private static final int WIDEST = 1 << 20;
    private static final int MOST_LAYERS = 10_000;
    private static final String EXPERTS = "expert_count";

    private final Gguf gguf;
    private final Metadata metadata;
    private final GgufFamily family;
    private final Vocabulary vocabulary;

    FolderConfig(Gguf gguf, GgufFamily family, Vocabulary vocabulary) {
        this.gguf = gguf;
        this.metadata = gguf.metadata();
        this.family = family;
        this.vocabulary = vocabulary;
    }

    int heads() {
        return size("attention.head_count", WIDEST);
    }

    int kvHeads() {
        return metadata.has(key("attention.head_count_kv")) ? size("attention.head_count_kv", WIDEST) : heads();
    }

    private int hidden() {
        return size("embedding_length", WIDEST);
    }

    private int dim() {
        return metadata.has(key("attention.key_length")) ? size("attention.key_length", WIDEST) : hidden() / heads();
    }

    private int layers() {
        return size("block_count", MOST_LAYERS);
    }

    /// @param type of most weights, as torch calls it
    ObjectNode config(String type) {
        refuseOthers();
        ObjectNode json = Json.mapper().createObjectNode();
        json.putArray("architectures").add(family.className());
        json.put("model_type", family.modelType());
        json.put("vocab_size", gguf.rows("token_embd.weight").tensor().rows());
        json.put("hidden_size", hidden());
        json.put("intermediate_size", size("feed_forward_length", 16 * WIDEST));
        json.put("num_hidden_layers", layers());
        json.put("num_attention_heads", heads());
        json.put("num_key_value_heads", kvHeads());
        if (family != GgufFamily.PHI3 && family != GgufFamily.QWEN2) {
            json.put("head_dim", dim());
        }
        json.put(family.gemma() ? "hidden_activation" : "hidden_act", family.gemma() ? "gelu_pytorch_tanh" : "silu");
        json.put("max_position_embeddings", size("context_length", Integer.MAX_VALUE));
        json.put("initializer_range", 0.02);
        json.put("rms_norm_eps", decimal("attention.layer_norm_rms_epsilon"));
        json.put("tie_word_embeddings", !gguf.tensors().containsKey("output.weight"));
        new FolderRope(gguf, family, dim()).write(json);
        own(json);
        special(json, false);
        json.put("torch_dtype", type).put("use_cache", true);
        return json;
    }

    /// What only some families have.
    private void own(ObjectNode json) {
        switch (family) {
            case LLAMA, SMOLLM3 -> {
                json.put("attention_bias", gguf.tensors().containsKey("blk.0.attn_q.bias"));
                json.put("mlp_bias", gguf.tensors().containsKey("blk.0.ffn_up.bias"));
                if (family == GgufFamily.SMOLLM3) {
                    json.put("no_rope_layer_interval", 4); // fixed in llama.cpp
                }
            }
            case QWEN2 -> json.put("use_sliding_window", false);
            case QWEN3 -> json.put("attention_bias", gguf.tensors().containsKey("blk.0.attn_q.bias"))
                    .put("use_sliding_window", false);
            case PHI3 -> window(json);
            case GEMMA2, GEMMA3 -> gemma(json);
        }
    }

    private void gemma(ObjectNode json) {
        json.put("attention_bias", false);
        window(json);
        for (String[] cap : new String[][] {{"attn_logit_softcapping", "attn_logit_softcapping"},
                {"final_logit_softcapping", "final_logit_softcapping"}}) {
            OptionalDouble value = metadata.real(key(cap[0]));
            if (value.isPresent()) {
                json.put(cap[1], shortest(value.getAsDouble()));
            } else {
                json.putNull(cap[1]);
            }
        }
        json.put("query_pre_attn_scalar", family.largestGemma(layers()) ? hidden() / heads() : dim());
        if (family == GgufFamily.GEMMA3) {
            json.put("sliding_window_pattern", 6);
        }
    }

    private void window(ObjectNode json) {
        OptionalLong window = metadata.whole(key("attention.sliding_window"));
        if (window.isPresent() && window.getAsLong() > 0) {
            json.put("sliding_window", window.getAsLong());
        } else {
            json.putNull("sliding_window");
        }
    }

    private void refuseOthers() {
        if (metadata.whole(key(EXPERTS)).orElse(0) > 0) {
            throw new DataException(metadata.file() + ": " + key(EXPERTS), "a model without experts",
                    "" + metadata.whole(key(EXPERTS)).getAsLong(),
                    "take the model's Hugging Face folder: socratic pull ORG/NAME");
        }
        long value = metadata.whole(key("attention.value_length")).orElse(dim());
        if (value != dim()) {
            throw new DataException(metadata.file() + ": " + key("attention.value_length"),
                    "%s, the width of keys".formatted(dim()), "" + value, "take another model of the family");
        }
    }

    /// @return `generation_config.json`
    ObjectNode generation() {
        ObjectNode json = Json.mapper().createObjectNode();
        special(json, true);
        return json;
    }

    private void special(ObjectNode json, boolean all) {
        vocabulary.special("bos").ifPresent(id -> json.put("bos_token_id", id));
        Set<Long> ends = new LinkedHashSet<>();
        vocabulary.special("eos").ifPresent(ends::add);
        if (all) {
            vocabulary.special("eot").ifPresent(ends::add);
        }
        if (ends.size() == 1) {
            json.put("eos_token_id", ends.iterator().next());
        } else if (!ends.isEmpty()) {
            ArrayNode list = json.putArray("eos_token_id");
            ends.forEach(list::add);
        }
        vocabulary.special("padding").ifPresent(id -> json.put("pad_token_id", id));
    }

    private String key(String name) {
        return family.architecture() + "." + name;
    }

    private int size(String name, int most) {
        return metadata.requiredSize(key(name), most);
    }

    private double decimal(String name) {
        return shortest(metadata.real(key(name)).orElseThrow(() -> new DataException(
                metadata.file() + ": " + key(name), "a number", "nothing", "convert the model again")));
    }

    static double shortest(double value) {
        return (float) value == value ? Double.parseDouble(Float.toString((float) value)) : value;
    }
}
