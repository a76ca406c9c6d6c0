package dev.socratic.models.network;

import dev.socratic.models.network.Attention.HeadNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/// Makes a [ModelConfig] of the fields of a config file and the fixed traits of its family.
///
/// Field names are those of transformers' `LlamaConfig` and, for what a Llama lacks, of the first family that has it;
/// a family's data file says what it calls them and which of them it knows at all.
final class Architecture {
    private static final int MOST_LAYERS = 10_000;
    /// Bounds of what is plausible, so that products of two stay whole numbers: the largest published models are a
    /// hundred times smaller.
    private static final int WIDEST = 1 << 20;
    private static final int MOST_TOKENS = 1 << 26;
    private static final int MOST_HEADS = 1 << 14;
    private static final int MOST_EXPERTS = 1 << 14;

    private final Fields json;
    private final boolean learnedPositions;

    /// @param json the fields of the family: from the file, by default, and fixed
    Architecture(Family family, Fields json) {
        this.json = json;
        this.learnedPositions = family.has(Part.POSITIONS);
    }

    /// @throws dev.socratic.core.error.ConfigException if what was read is inconsistent
    ModelConfig read(String family) {
        int hidden = json.required("hidden_size", WIDEST);
        int positions = json.whole("max_position_embeddings", 2048, 1, Integer.MAX_VALUE);
        Attention attention = attention(hidden);
        RopeFields ropes = new RopeFields(json, positions, attention.rotated());
        Rope rope = learnedPositions ? new Rope.None() : ropes.everywhere();
        int context = json.flag("context_includes_scaling", false) ? positions : RopeFields.context(rope, positions);
        ModelConfig config = new ModelConfig(family, json.required("vocab_size", MOST_TOKENS), hidden,
                json.whole("intermediate_size", 4 * hidden, 1, 16 * WIDEST), positions,
                context, attention, feedForward(), norm(), pattern(rope, ropes.withWindow(rope)),
                json.flag("use_parallel_residual", false),
                scales(hidden), json.flag("tie_word_embeddings", false), json.number("initializer_range", 0.02),
                ConfigJson.special(json));
        json.done();
        return config;
    }

    private Attention attention(int hidden) {
        int heads = json.required("num_attention_heads", MOST_HEADS);
        int dim = json.whole("head_dim", hidden / heads, 1, MOST_HEADS);
        boolean bias = json.flag("attention_bias", false);
        double rotated = dim * RopeFields.share(json);
        double multiplier = json.has("query_pre_attn_scalar")
                ? 1 / Math.sqrt(json.positive("query_pre_attn_scalar", 1)) : json.positive("attention_multiplier", 0);
        return new Attention(heads, json.whole("num_key_value_heads", heads, 1, MOST_HEADS), dim, (int) rotated, bias,
                json.flag("output_bias", bias),
                HeadNorm.valueOf(json.text("head_norm", "none").toUpperCase(Locale.ROOT)), multiplier,
                        json.positive("attn_logit_softcapping", 0));
    }

    private FeedForward feedForward() {
        String name = json.text("hidden_act", "silu");
        Activation activation = Activation.of(name).orElseGet(() -> {
            json.problem("hidden_act", "a value this version can compute", "'" + name + "'",
                    "known: " + Activation.known());
            return Activation.SILU;
        });
        int experts = json.whole("num_experts", 0, 0, MOST_EXPERTS);
        int width = json.whole("moe_intermediate_size", json.whole("intermediate_size", 1), 1, 16 * WIDEST);
        return new FeedForward(activation, json.flag("gated", true), json.flag("mlp_bias", false),
                experts == 0 ? Optional.empty()
                : Optional.of(new FeedForward.Experts(experts, json.whole("num_experts_per_tok", 2, 1,
                        Math.max(1, experts)), width, json.flag("norm_topk_prob", true))));
    }

    private Norm norm() {
        return new Norm(Norm.Kind.valueOf(json.text("norm", "rms").toUpperCase(Locale.ROOT)),
                json.within("norm_eps", 1e-6, 0, 1));
    }

    private Scales scales(int hidden) {
        double embedding = json.flag("scaled_embedding", false)
                ? Math.sqrt(hidden)
                : json.number("embedding_multiplier", 1);
        return new Scales(embedding, json.number("residual_multiplier", 1), json.positive("logits_scaling", 1),
                json.positive("final_logit_softcapping", 0));
    }

    private List<Layer> pattern(Rope rope, Rope windowed) {
        int layers = json.required("num_hidden_layers", MOST_LAYERS);
        json.whole("decoder_sparse_step", 1, 1, MOST_LAYERS);
        boolean[] turning = turning(layers);
        boolean[] windows = windows(layers, turning);
        int window = json.flag("use_sliding_window", true) ? json.whole("sliding_window", 0, 0, Integer.MAX_VALUE) : 0;
        List<Layer> pattern = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            boolean near = windows[i] && window > 0;
            pattern.add(
                    new Layer(near ? window : 0, !turning[i] ? new Rope.None() : windows[i] ? windowed : rope,
                            sparse(i)));
        }
        return pattern;
    }

    /// Layers without positions: listed, or every n-th.
    private boolean[] turning(int layers) {
        boolean[] turning = new boolean[layers];
        int interval = json.whole("no_rope_layer_interval", 0, 0, MOST_LAYERS);
        List<Double> listed = json.numbers("no_rope_layers").filter(list -> fits("no_rope_layers", list.size(), layers))
                .orElse(List.of());
        for (int i = 0; i < layers; i++) {
            turning[i] = listed.isEmpty() ? interval == 0 || (i + 1) % interval != 0 : listed.get(i) != 0;
        }
        return turning;
    }

    /// Layers with a window: listed; or all from `max_window_layers` on but every n-th; or those without positions.
    private boolean[] windows(int layers, boolean[] turning) {
        List<String> types = json.texts("layer_types").filter(list -> fits("layer_types", list.size(), layers))
                .orElse(List.of());
        for (String type : types) {
            if (!type.equals("full_attention") && !type.equals("sliding_attention")) {
                json.problem("layer_types", "a value this version can compute", "'" + type + "'",
                        "known: full_attention, sliding_attention");
            }
        }
        int first = json.whole("max_window_layers", 0, 0, Integer.MAX_VALUE);
        int full = json.whole("sliding_window_pattern", 0, 0, MOST_LAYERS);
        boolean withoutRope = json.flag("window_without_rope", false);
        boolean[] windows = new boolean[layers];
        for (int i = 0; i < layers; i++) {
            windows[i] = types.isEmpty()
                    ? i >= first && (full == 0 || (i + 1) % full != 0) && !(withoutRope && turning[i])
                    : types.get(i).equals("sliding_attention");
        }
        return windows;
    }

    private boolean fits(String field, int size, int layers) {
        if (size != layers) {
            json.problem(field, "one entry for each of the %s layers".formatted(layers), "" + size, "");
        }
        return size == layers;
    }

    private boolean sparse(int layer) {
        boolean dense = json.numbers("mlp_only_layers").orElse(List.of()).contains((double) layer);
        int step = json.whole("decoder_sparse_step", 1);
        return json.whole("num_experts", 0) > 0 && !dense && step > 0 && (layer + 1) % step == 0;
    }

    /// @return the places in `layers` where the condition holds
    static List<Integer> where(int layers, java.util.function.IntPredicate condition) {
        return IntStream.range(0, layers).filter(condition).boxed().toList();
    }
}
