package dev.socratic.models.decoder;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An architecture as data: what differs between decoders that run through the same program.
///
/// @param family            `model_type` in the config file
/// @param vocab             rows of the embedding
/// @param hidden            width of the residual stream
/// @param layers            how many layers
/// @param width             inner width of the feed-forward part
/// @param attention         shape of the attention
/// @param activation        bend of the feed-forward part
/// @param feedForwardBias   whether the feed-forward part adds biases
/// @param normEpsilon       added under the root of each norm
/// @param rope              how positions enter
/// @param context           longest sequence
/// @param tiedHead          whether the head is the embedding
/// @param logitCap          bound of the logits, `cap * tanh(logit / cap)`; 0 has none
/// @param initializerRange  standard deviation of random weights
/// @param special           ids with a meaning of their own
public record ModelConfig(
        String family,
        int vocab,
        int hidden,
        int layers,
        int width,
        Attention attention,
        Activation activation,
        boolean feedForwardBias,
        double normEpsilon,
        Rope rope,
        int context,
        boolean tiedHead,
        double logitCap,
        double initializerRange,
        SpecialTokens special) {
    public static final String LLAMA = "llama";

    /// @throws ConfigException with everything that is inconsistent or not supported yet; nothing is silently computed otherwise
    public ModelConfig {
        List<Problem> problems = new ArrayList<>();
        positive(problems, "vocab_size", vocab);
        positive(problems, "hidden_size", hidden);
        positive(problems, "num_hidden_layers", layers);
        positive(problems, "intermediate_size", width);
        positive(problems, "max_position_embeddings", context);
        positive(problems, "num_attention_heads", attention.heads());
        positive(problems, "num_key_value_heads", attention.kvHeads());
        positive(problems, "head_dim", attention.dim());
        if (attention.kvHeads() > 0 && attention.heads() % attention.kvHeads() != 0) {
            problems.add(new Problem("num_key_value_heads", "a divisor of num_attention_heads " + attention.heads(),
                    "" + attention.kvHeads(), "give each key head the same number of query heads"));
        }
        if (attention.dim() % 2 != 0) {
            problems.add(new Problem("head_dim", "an even number, for rotary positions", "" + attention.dim(), "choose an even width"));
        }
        supported(problems, "model_type", LLAMA.equals(family), "'" + family + "'", "known: llama");
        supported(problems, "attention_bias", !attention.bias(), "true", "only attention without biases runs");
        supported(problems, "q_norm and k_norm", !attention.qkNorm(), "true", "only attention without them runs");
        supported(problems, "sliding_window", attention.window() == 0, "" + attention.window(), "only full attention runs");
        supported(problems, "attn_logit_softcapping", attention.softCap() == 0, "" + attention.softCap(), "only uncapped scores run");
        supported(problems, "final_logit_softcapping", logitCap == 0, "" + logitCap, "only uncapped logits run");
        supported(problems, "mlp_bias", !feedForwardBias, "true", "only a feed-forward part without biases runs");
        supported(problems, "hidden_act", activation == Activation.SILU, "'" + activation.name().toLowerCase(java.util.Locale.ROOT) + "'",
                "known: silu");
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    /// @param folder a Hugging Face folder; its `config.json` is read
    /// @throws dev.socratic.core.error.DataException if it is missing or damaged
    public static ModelConfig read(Path folder) {
        return ConfigJson.read(folder.resolve(ConfigJson.NAME));
    }

    /// A Llama without extras: plain rope of theta 10,000, epsilon 1e-5, random weights of deviation 0.02, heads of width hidden / heads.
    public static ModelConfig llama(
            int vocab, int hidden, int layers, int heads, int kvHeads, int width, int context, boolean tiedHead, SpecialTokens special) {
        if (heads < 1 || hidden % heads != 0) {
            throw new ConfigException("num_attention_heads", "a divisor of hidden_size " + hidden, "" + heads, "choose a divisor of the width");
        }
        return new ModelConfig(LLAMA, vocab, hidden, layers, width, Attention.plain(heads, kvHeads, hidden / heads), Activation.SILU,
                false, 1e-5, new Rope.Plain(10_000), context, tiedHead, 0, 0.02, special);
    }

    /// @return number of weights, a tied head counted once
    public long parameters() {
        return WeightPlan.of(this).stream().mapToLong(WeightPlan.Entry::size).sum();
    }

    private static void positive(List<Problem> problems, String place, int value) {
        if (value < 1) {
            problems.add(new Problem(place, "a number above 0", "" + value, ""));
        }
    }

    private static void supported(List<Problem> problems, String place, boolean yes, String got, String remedy) {
        if (!yes) {
            problems.add(new Problem(place, "a value this version can compute", got, remedy));
        }
    }
}
