package dev.socratic.models.gguf.convert;

import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.models.gguf.MetadataValue;
import dev.socratic.models.network.Activation;
import dev.socratic.models.network.Attention;
import dev.socratic.models.network.Layer;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.Rope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/// What a GGUF says of the model of a folder, in the keys of llama.cpp's converter; and what llama.cpp would compute
/// otherwise than the folder says, which is refused.
final class FileConfig {
    private final Path folder;
    private final ModelConfig config;
    private final GgufFamily family;
    private final Map<String, MetadataValue> values = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    FileConfig(Path folder, ModelConfig config, GgufFamily family) {
        this.folder = folder;
        this.config = config;
        this.family = family;
    }

    /// @return the metadata of the architecture
    /// @throws DataException with everything that llama.cpp cannot compute
    Map<String, MetadataValue> values() {
        Attention attention = config.attention();
        whole("vocab_size", config.vocab());
        whole("context_length", config.positions());
        whole("embedding_length", config.hidden());
        whole("block_count", config.layers());
        whole("feed_forward_length", config.width());
        whole("attention.head_count", attention.heads());
        whole("attention.head_count_kv", attention.kvHeads());
        whole("attention.key_length", attention.dim());
        whole("attention.value_length", attention.dim());
        real("attention.layer_norm_rms_epsilon", config.norm().epsilon());
        whole("rope.dimension_count", attention.rotated());
        new FileRope(config, family, values, problems).add();
        expressible();
        own();
        if (!problems.isEmpty()) {
            throw new DataException(problems.stream().map(problem -> new Problem(
                    folder.resolve("config.json") + ": " + problem.place(), problem.expected(), problem.got(),
                    problem.remedy())).toList());
        }
        return values;
    }

    /// @return what llama.cpp computes otherwise on long texts, to tell the user; empty if nothing
    Optional<String> windowIgnored() {
        int window = config.pattern().stream().mapToInt(Layer::window).max().orElse(0);
        return window > 0 && window < config.positions() && !family.gemma()
                ? Optional.of("llama.cpp knows no sliding window for %s: beyond %s tokens it computes other numbers"
                .formatted(family.architecture(), window)) : Optional.empty();
    }

    private void expressible() {
        Attention attention = config.attention();
        Activation usual = family.gemma() ? Activation.GELU_TANH : Activation.SILU;
        if (config.feedForward().activation() != usual) {
            refuse("hidden_act", "'%s', as llama.cpp computes the family".formatted(usual.label()),
                    "'%s'".formatted(config.feedForward().activation().label()));
        }
        boolean biases = family == GgufFamily.LLAMA || family == GgufFamily.QWEN2;
        if (!biases && (attention.bias() || attention.outputBias())) {
            refuse("attention_bias", "false, as llama.cpp computes the family", "true");
        }
        if (family != GgufFamily.LLAMA && config.feedForward().bias()) {
            refuse("mlp_bias", "false, as llama.cpp computes the family", "true");
        }
        if (config.feedForward().experts().isPresent()) {
            refuse("num_experts", "a model without experts", "some");
        }
        double scale = attention.multiplier() == 0 ? 1 / Math.sqrt(attention.dim()) : attention.multiplier();
        double theirs = 1 / Math.sqrt(family.largestGemma(config.layers())
                ? (double) config.hidden() / attention.heads() : attention.dim());
        if (Math.abs(scale - theirs) > 1e-6 * theirs) {
            refuse("query_pre_attn_scalar", "%s, as llama.cpp computes the family".formatted(square(1 / theirs)),
                    square(1 / scale));
        }
    }

    private static String square(double root) {
        double square = root * root;
        return Math.abs(square - Math.rint(square)) < 1e-6 * square ? "" + Math.round(square) : "" + square;
    }

    private void own() {
        switch (family) {
            case LLAMA, QWEN2, QWEN3 -> { }
            case SMOLLM3 -> pattern("no_rope_layers", "every fourth layer without positions",
                    i -> config.pattern().get(i).rope() instanceof Rope.None == ((i + 1) % 4 == 0));
            case PHI3 -> whole("attention.sliding_window",
                    config.pattern().stream().mapToInt(Layer::window).max().orElse(0));
            case GEMMA2 -> {
                real("attn_logit_softcapping", required("attn_logit_softcapping", config.attention().softCap()));
                real("final_logit_softcapping", required("final_logit_softcapping", config.scales().logitCap()));
                windows(2);
            }
            case GEMMA3 -> {
                if (config.attention().softCap() != 0) {
                    refuse("attn_logit_softcapping", "null, as llama.cpp computes the family", "a number");
                }
                if (config.scales().logitCap() != 0) {
                    real("final_logit_softcapping", config.scales().logitCap());
                }
                windows(6);
            }
        }
    }

    private double required(String field, double cap) {
        if (cap == 0) {
            refuse(field, "a number, as llama.cpp computes the family", "null");
        }
        return cap;
    }

    /// All layers but every n-th have a window.
    private void windows(int every) {
        int window = config.pattern().stream().mapToInt(Layer::window).max().orElse(0);
        if (window == 0) {
            refuse("sliding_window", "a window, as llama.cpp computes the family", "none");
            return;
        }
        whole("attention.sliding_window", window);
        pattern("layer_types", "windows in all layers but one in %s".formatted(every),
                i -> config.pattern().get(i).window() > 0 == ((i + 1) % every != 0));
    }

    private void pattern(String field, String expected, IntPredicate fits) {
        for (int i = 0; i < config.layers(); i++) {
            if (!fits.test(i)) {
                refuse(field, expected + ", as llama.cpp computes the family", "another layer " + i);
                return;
            }
        }
    }

    private void refuse(String field, String expected, String got) {
        problems.add(new Problem(field, expected, got, "a GGUF of this model would compute something else"));
    }

    private void whole(String name, long value) {
        values.put(family.architecture() + "." + name, MetadataValue.Whole.of(value));
    }

    private void real(String name, double value) {
        values.put(family.architecture() + "." + name, MetadataValue.Real.of(value));
    }
}
