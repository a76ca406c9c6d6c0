package dev.socratic.models.decoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// `config.json` of a Hugging Face folder.
///
/// Field names and defaults are those of transformers' `LlamaConfig`, except that the sizes must be there. Fields that change the numbers
/// and that we cannot compute are refused by [ModelConfig]; fields that only describe are passed over.
public final class ConfigJson {
    public static final String NAME = "config.json";
    public static final String GENERATION = "generation_config.json";

    private ConfigJson() {}

    /// @throws DataException with every problem of the file
    public static ModelConfig read(Path file) {
        Fields json = new Fields(Json.read(file, JsonNode.class), file.toString());
        try {
            int heads = json.required("num_attention_heads");
            int hidden = json.required("hidden_size");
            int window = json.flag("use_sliding_window", true) ? json.whole("sliding_window", 0) : 0;
            Attention attention = new Attention(heads, json.whole("num_key_value_heads", heads),
                    json.whole("head_dim", heads > 0 ? hidden / heads : 0), json.flag("attention_bias", false), json.flag("use_qk_norm", false),
                    window, json.number("attn_logit_softcapping", 0));
            ModelConfig config = new ModelConfig(json.text("model_type", ""), json.required("vocab_size"), hidden,
                    json.required("num_hidden_layers"), json.required("intermediate_size"), attention, activation(json),
                    json.flag("mlp_bias", false), json.number("rms_norm_eps", 1e-6), rope(json),
                    json.whole("max_position_embeddings", 2048), json.flag("tie_word_embeddings", false),
                    json.number("final_logit_softcapping", 0), json.number("initializer_range", 0.02), special(json));
            if (json.number("partial_rotary_factor", 1) != 1) {
                json.problem("partial_rotary_factor", "a value this version can compute", "" + json.number("partial_rotary_factor", 1), "known: 1");
            }
            json.done();
            return config;
        } catch (ConfigException inconsistent) {
            List<Problem> problems = new ArrayList<>(json.problems());
            inconsistent.problems().forEach(p -> problems.add(new Problem(file + ": " + p.place(), p.expected(), p.got(), p.remedy())));
            throw new DataException(problems);
        }
    }

    /// Where answers begin and end: `generation_config.json` where it says so, else the config.
    ///
    /// @throws DataException if the file is there and broken
    public static SpecialTokens generation(Path folder, SpecialTokens config) {
        Path file = folder.resolve(GENERATION);
        if (!Files.exists(file)) {
            return config;
        }
        Fields json = new Fields(Json.read(file, JsonNode.class), file.toString());
        SpecialTokens own = special(json);
        json.done();
        return new SpecialTokens(own.bos().isPresent() ? own.bos() : config.bos(), own.eos().isEmpty() ? config.eos() : own.eos(),
                own.pad().isPresent() ? own.pad() : config.pad());
    }

    private static Activation activation(Fields json) {
        return switch (json.text("hidden_act", "silu")) {
            case "silu", "swish" -> Activation.SILU;
            case "gelu_pytorch_tanh" -> Activation.GELU_TANH;
            case String other -> {
                json.problem("hidden_act", "a value this version can compute", "'" + other + "'", "known: silu");
                yield Activation.SILU;
            }
        };
    }

    /// Newer files nest theta with the scaling under `rope_parameters`.
    private static Rope rope(Fields json) {
        Fields scaling = json.inside("rope_parameters").orElse(json.inside("rope_scaling").orElse(json.nothing()));
        double theta = scaling.number("rope_theta", json.number("rope_theta", 10_000));
        return switch (scaling.text("rope_type", scaling.text("type", "default"))) {
            case "default" -> new Rope.Plain(theta);
            case "llama3" -> new Rope.Llama3(theta, scaling.number("factor", 8), scaling.number("low_freq_factor", 1),
                    scaling.number("high_freq_factor", 4), scaling.whole("original_max_position_embeddings", 8192));
            case String other -> {
                json.problem("rope_scaling.rope_type", "a value this version can compute", "'" + other + "'", "known: default, llama3");
                yield new Rope.Plain(theta);
            }
        };
    }

    private static SpecialTokens special(Fields json) {
        return new SpecialTokens(json.ids("bos_token_id").stream().mapToLong(Long::longValue).findFirst(), json.ids("eos_token_id"),
                json.ids("pad_token_id").stream().mapToLong(Long::longValue).findFirst());
    }

    /// @param storage dtype of the weights next to it, as torch calls it (`float32`, `bfloat16`)
    static String write(ModelConfig config, String storage) {
        ObjectNode json = Json.mapper().createObjectNode();
        json.putArray("architectures").add("LlamaForCausalLM");
        json.put("model_type", config.family());
        json.put("vocab_size", config.vocab());
        json.put("hidden_size", config.hidden());
        json.put("intermediate_size", config.width());
        json.put("num_hidden_layers", config.layers());
        json.put("num_attention_heads", config.attention().heads());
        json.put("num_key_value_heads", config.attention().kvHeads());
        json.put("head_dim", config.attention().dim());
        json.put("hidden_act", "silu");
        json.put("max_position_embeddings", config.context());
        json.put("initializer_range", config.initializerRange());
        json.put("rms_norm_eps", config.normEpsilon());
        json.put("tie_word_embeddings", config.tiedHead());
        json.put("attention_bias", config.attention().bias());
        json.put("mlp_bias", config.feedForwardBias());
        json.put("rope_theta", config.rope().theta());
        switch (config.rope()) {
            case Rope.Plain ignored -> json.putNull("rope_scaling");
            case Rope.Llama3 scaled -> json.putObject("rope_scaling").put("rope_type", "llama3").put("factor", scaled.factor())
                    .put("low_freq_factor", scaled.low()).put("high_freq_factor", scaled.high())
                    .put("original_max_position_embeddings", scaled.originalContext());
        }
        putSpecial(json, config.special());
        json.put("torch_dtype", storage);
        json.put("use_cache", true);
        return Json.pretty(json);
    }

    /// @return `generation_config.json`: where an answer begins and ends
    static String writeGeneration(ModelConfig config) {
        ObjectNode json = Json.mapper().createObjectNode();
        putSpecial(json, config.special());
        return Json.pretty(json);
    }

    private static void putSpecial(ObjectNode json, SpecialTokens special) {
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
