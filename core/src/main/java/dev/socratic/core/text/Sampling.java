package dev.socratic.core.text;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.Inline;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// How the next token is drawn, wherever one is: by local weights and by endpoints, in generation, evaluation, a
/// training's rollouts and `serve`. Each step looks at what the one before it left:
///
/// 1. `logit_bias` is added to the logits of its tokens;
/// 2. [Penalties] for what stands in the text already: repetition, then frequency and presence;
/// 3. tokens that may not come are ruled out: end tokens before `min_tokens`, whatever a constraint forbids;
/// 4. `p = softmax(logits / temperature)`; at temperature 0 the likeliest token is taken and nothing is drawn;
/// 5. the `top_k` likeliest tokens;
/// 6. of their mass, the smallest set of the likeliest that reaches the share `top_p`;
/// 7. those at least `min_p` times as likely as the likeliest;
/// 8. of their mass, the smallest set that reaches the share `typical_p` of those whose surprise `-log p` is nearest to
///    the entropy of what is left.
///
/// Then one of what is left, by its probability. Of (0.5, 0.3, 0.15, 0.05), `top_k` 3 leaves (0.5, 0.3, 0.15),
/// `top_p` 0.8 of their 0.95 leaves (0.5, 0.3), `min_p` 0.7 leaves (0.5) alone. `typical_p` 0.2 of all four leaves
/// (0.3) alone: the entropy is 1.142, the surprises 0.693, 1.204, 1.897 and 2.996. Sources: `top_p`, Holtzman et al.
/// 2019, arXiv:1904.09751; `min_p`, Nguyen et al. 2024, arXiv:2407.01082; `typical_p`, Meister et al. 2022,
/// arXiv:2202.00666; the order is that of `transformers`, and of vLLM but for `min_p`, which it takes before `top_k`.
///
/// Where an answer ends, and by which random numbers it is drawn, is said elsewhere ([GenerationParameters],
/// [GenerationRequest]).
///
/// @param temperature divides the logits, from 0 (greedy) to 100; 1 leaves them as they are
/// @param topP        in (0, 1]; 1 keeps all
/// @param topK        0 keeps all; so does -1, as other tools write it
/// @param minP        in [0, 1]; 0 keeps all
/// @param typicalP    in (0, 1]; 1 keeps all
/// @param penalties   for what stands in the text already
/// @param logitBias   from -100 to 100 for each of some token ids; -100 all but forbids it
public record Sampling(
        @Default("1") double temperature, @Default("1") double topP, @Default("0") int topK,
        @Default("0") double minP, @Default("1") double typicalP, @Inline Penalties penalties,
        @Default("{}") Map<Integer, Double> logitBias) {
    /// The likeliest token.
    public static final Sampling GREEDY = new Sampling(0, 1, 0, 0);

    /// From the model's own distribution.
    public static final Sampling PLAIN = new Sampling(1, 1, 0, 0);

    private static final double HOTTEST = 100;
    private static final double HEAVIEST = 100;

    public Sampling {
        if (!(temperature >= 0 && temperature <= HOTTEST)) {
            throw new IllegalArgumentException(
                    "temperature: a number from 0 to 100; got %s; 0 takes the likeliest token".formatted(temperature));
        }
        checkShare("top_p", topP);
        if (topK < -1) {
            throw new IllegalArgumentException("top_k: at least 1, or 0; got %s; 0 keeps every token".formatted(topK));
        }
        if (!(minP >= 0 && minP <= 1)) {
            throw new IllegalArgumentException(
                    "min_p: a number from 0 to 1; got %s; 0 keeps every token".formatted(minP));
        }
        checkShare("typical_p", typicalP);
        logitBias.forEach(Sampling::checkBias);
        topK = Math.max(0, topK);
        logitBias = Collections.unmodifiableMap(new TreeMap<>(logitBias));
    }

    /// Without `typical_p`, penalties and biases.
    public Sampling(double temperature, double topP, int topK, double minP) {
        this(temperature, topP, topK, minP, 1, Penalties.NONE, Map.of());
    }

    /// Without `top_k` and `min_p`, too.
    public Sampling(double temperature, double topP) {
        this(temperature, topP, 0, 0);
    }

    private static void checkShare(String name, double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "%s: a number above 0 and at most 1; got %s; 1 keeps every token".formatted(name, share));
        }
    }

    private static void checkBias(int token, double bias) {
        if (token < 0) {
            throw new IllegalArgumentException(
                    "logit_bias: ids of tokens, from 0; got %s; ids are those of the model's own tokenizer"
                            .formatted(token));
        }
        if (!(bias >= -HEAVIEST && bias <= HEAVIEST)) {
            throw new IllegalArgumentException(
                    "logit_bias: a number from -100 to 100 for each token; got %s for %s; -100 all but forbids it"
                            .formatted(bias, token));
        }
    }

    /// @return whether tokens are drawn from the model's own distribution
    public boolean isPlain() {
        return equals(PLAIN);
    }

    /// What not every API and not every row has: all but `temperature` and `top_p`, where it is not what changes
    /// nothing.
    ///
    /// @return by the names of the config, which are those of vLLM
    public SortedMap<String, Object> further() {
        SortedMap<String, Object> further = new TreeMap<>();
        put(further, "top_k", topK, topK > 0);
        put(further, "min_p", minP, minP > 0);
        put(further, "typical_p", typicalP, typicalP < 1);
        put(further, "repetition_penalty", penalties.repetitionPenalty(), penalties.repetitionPenalty() != 1);
        put(further, "presence_penalty", penalties.presencePenalty(), penalties.presencePenalty() != 0);
        put(further, "frequency_penalty", penalties.frequencyPenalty(), penalties.frequencyPenalty() != 0);
        put(further, "logit_bias", logitBias, !logitBias.isEmpty());
        return further;
    }

    private static void put(Map<String, Object> map, String name, Object value, boolean counts) {
        if (counts) {
            map.put(name, value);
        }
    }
}
