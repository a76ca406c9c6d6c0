package dev.socratic.models.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/// Writes `config.json` and `generation_config.json`: the fields of the family, under its names and in its order.
final class ConfigText {
    private ConfigText() {}

    /// @param storage dtype of the weights next to it, as torch calls it (`float32`, `bfloat16`)
    static String config(ModelConfig config, String storage) {
        Family family = Family.of(config.family()).orElseThrow();
        Map<String, Object> values = values(config);
        ObjectNode json = Json.mapper().createObjectNode();
        json.putArray("architectures").add(family.architecture());
        json.put("model_type", config.family());
        family.fields().keySet().stream().filter(values::containsKey)
                .forEach(field -> json.set(family.own(field), Json.tree(values.get(field))));
        if (family.fields().containsKey("rope_scaling") && !json.has("rope_scaling")) {
            json.putNull("rope_scaling");
        }
        putSpecial(json, config.special());
        json.put("torch_dtype", storage);
        json.put("use_cache", true);
        return Json.pretty(json);
    }

    /// Every field that some family has, under its common name; absent where this model has nothing to say there.
    private static Map<String, Object> values(ModelConfig config) {
        Map<String, Object> values = new TreeMap<>();
        values.put("vocab_size", config.vocab());
        values.put("hidden_size", config.hidden());
        values.put("intermediate_size", config.width());
        values.put("num_hidden_layers", config.layers());
        values.put("max_position_embeddings", config.positions());
        values.put("initializer_range", config.initializerRange());
        values.put("norm_eps", config.norm().epsilon());
        values.put("tie_word_embeddings", config.tiedHead());
        values.put("hidden_act", config.feedForward().activation().label());
        values.put("mlp_bias", config.feedForward().bias());
        values.put("use_parallel_residual", config.parallel());
        attention(config.attention(), values);
        values.put("embedding_multiplier", config.scales().embedding());
        values.put("residual_multiplier", config.scales().residual());
        values.put("logits_scaling", config.scales().logits());
        values.put("final_logit_softcapping", some(config.scales().logitCap()));
        config.feedForward().experts().ifPresent(experts -> {
            values.put("num_experts", experts.count());
            values.put("num_experts_per_tok", experts.perToken());
            values.put("moe_intermediate_size", experts.width());
            values.put("norm_topk_prob", experts.renormalized());
            values.put("decoder_sparse_step", 1);
            values.put("mlp_only_layers", Architecture.where(config.layers(), i -> !config.pattern().get(i).sparse()));
        });
        pattern(config, values);
        return values;
    }

    private static void attention(Attention attention, Map<String, Object> values) {
        values.put("num_attention_heads", attention.heads());
        values.put("num_key_value_heads", attention.kvHeads());
        values.put("head_dim", attention.dim());
        values.put("attention_bias", attention.bias());
        values.put("attn_logit_softcapping", some(attention.softCap()));
        values.put("partial_rotary_factor", (double) attention.rotated() / attention.dim());
        double multiplier = 1 / attention.divisor();
        values.put("attention_multiplier", attention.multiplier() == 0 ? multiplier : attention.multiplier());
        double scalar = attention.divisor() * attention.divisor();
        values.put("query_pre_attn_scalar",
                Math.abs(scalar - Math.rint(scalar)) < 1e-9 * scalar ? (Object) Math.round(scalar) : scalar);
    }

    private static JsonNode some(double value) {
        return value == 0 ? Json.mapper().nullNode() : Json.tree(value);
    }

    private static void pattern(ModelConfig config, Map<String, Object> values) {
        boolean near = config.window() > 0;
        values.put("sliding_window", near ? config.window() : Json.mapper().nullNode());
        values.put("use_sliding_window", near);
        values.put("max_window_layers",
                (int) config.pattern().stream().takeWhile(layer -> layer.window() == 0).count());
        values.put("layer_types",
                config.pattern().stream().map(layer -> layer.window() > 0 ? "sliding_attention" : "full_attention")
                        .toList());
        values.put("no_rope_layers",
                config.pattern().stream().map(layer -> layer.rope() instanceof Rope.None ? 0 : 1).toList());
        config.pattern().stream().filter(layer -> layer.window() == 0).map(Layer::rope)
                .filter(rope -> !(rope instanceof Rope.None))
                .findFirst().or(() -> config.ropes().stream().findFirst()).ifPresent(rope -> rope(rope, values));
        config.pattern().stream().filter(layer -> layer.window() > 0).map(Layer::rope).findFirst()
                .ifPresent(rope -> values.put("rope_local_base_freq", theta(rope)));
    }

    private static double theta(Rope rope) {
        return switch (rope) {
            case Rope.None ignored -> 10_000;
            case Rope.Plain(double theta) -> theta;
            case Rope.Linear linear -> linear.theta();
            case Rope.Dynamic dynamic -> dynamic.theta();
            case Rope.Llama3 scaled -> scaled.theta();
            case Rope.Yarn yarn -> yarn.theta();
            case Rope.LongRope longRope -> longRope.theta();
        };
    }

    private static void rope(Rope rope, Map<String, Object> values) {
        values.put("rope_theta", theta(rope));
        ObjectNode scaling = Json.mapper().createObjectNode();
        switch (rope) {
            case Rope.None ignored -> { }
            case Rope.Plain ignored -> { }
            case Rope.Linear linear -> scaling.put("rope_type", "linear").put("factor", linear.factor());
            case Rope.Dynamic dynamic -> scaling.put("rope_type", "dynamic").put("factor", dynamic.factor());
            case Rope.Llama3 scaled -> scaling.put("rope_type", "llama3").put("factor", scaled.factor())
                    .put("low_freq_factor", scaled.low()).put("high_freq_factor", scaled.high())
                    .put("original_max_position_embeddings", scaled.original());
            case Rope.Yarn yarn -> scaling.put("rope_type", "yarn").put("factor", yarn.factor())
                    .put("beta_fast", yarn.fast())
                    .put("beta_slow", yarn.slow()).put("truncate", yarn.truncate())
                            .put("attention_factor", yarn.magnitude())
                    .put("original_max_position_embeddings", yarn.original());
            case Rope.LongRope longRope -> {
                scaling.put("type", "longrope");
                scaling.set("short_factor", Json.tree(longRope.near()));
                scaling.set("long_factor", Json.tree(longRope.far()));
                values.put("original_max_position_embeddings", longRope.original());
            }
        }
        if (!scaling.isEmpty()) {
            values.put("rope_scaling", scaling);
        }
    }

    /// @return `generation_config.json`: where an answer begins and ends
    static String generation(ModelConfig config) {
        ObjectNode json = Json.mapper().createObjectNode();
        putSpecial(json, config.special());
        return Json.pretty(json);
    }

    static void putSpecial(ObjectNode json, SpecialTokens special) {
        put(json, "bos_token_id", special.bos());
        if (special.eos().size() == 1) {
            json.put("eos_token_id", special.eos().getFirst());
        } else if (!special.eos().isEmpty()) {
            ArrayNode ids = json.putArray("eos_token_id");
            special.eos().forEach(ids::add);
        }
        put(json, "pad_token_id", special.pad());
    }

    private static void put(ObjectNode json, String name, OptionalLong id) {
        id.ifPresent(value -> json.put(name, value));
    }
}
