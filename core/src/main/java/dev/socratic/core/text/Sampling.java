package dev.socratic.core.text;

import dev.socratic.core.config.Default;

/// How the next token is drawn, wherever one is: by local weights and by endpoints, in generation, evaluation, a
/// training's rollouts and `serve`. Each step looks at what the one before it left:
///
/// 1. `p = softmax(logits / temperature)`; at temperature 0 the likeliest token is taken and nothing is drawn;
/// 2. the `top_k` likeliest tokens;
/// 3. of their mass, the smallest set of the likeliest that reaches the share `top_p`;
/// 4. those at least `min_p` times as likely as the likeliest.
///
/// Then one of what is left, by its probability. Of (0.5, 0.3, 0.15, 0.05), `top_k` 3 leaves (0.5, 0.3, 0.15),
/// `top_p` 0.8 of their 0.95 leaves (0.5, 0.3), `min_p` 0.7 leaves (0.5) alone. Sources: `top_p`, Holtzman et al. 2019,
/// arXiv:1904.09751; `min_p`, Nguyen et al. 2024, arXiv:2407.01082; the order is that of vLLM and `transformers`.
///
/// Where an answer ends, and by which random numbers it is drawn, is said elsewhere ([GenerationParameters],
/// [GenerationRequest]).
///
/// @param temperature divides the logits, from 0 (greedy) to 100; 1 leaves them as they are
/// @param topP        in (0, 1]; 1 keeps all
/// @param topK        0 keeps all; so does -1, as other tools write it
/// @param minP        in [0, 1]; 0 keeps all
public record Sampling(
        @Default("1") double temperature, @Default("1") double topP, @Default("0") int topK,
        @Default("0") double minP) {
    /// The likeliest token.
    public static final Sampling GREEDY = new Sampling(0, 1, 0, 0);

    /// From the model's own distribution.
    public static final Sampling PLAIN = new Sampling(1, 1, 0, 0);

    private static final double HOTTEST = 100;

    public Sampling {
        if (!(temperature >= 0 && temperature <= HOTTEST)) {
            throw new IllegalArgumentException(
                    "temperature: a number from 0 to 100; got %s; 0 takes the likeliest token".formatted(temperature));
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException(
                    "top_p: a number above 0 and at most 1; got %s; 1 keeps every token".formatted(topP));
        }
        if (topK < -1) {
            throw new IllegalArgumentException("top_k: at least 1, or 0; got %s; 0 keeps every token".formatted(topK));
        }
        if (!(minP >= 0 && minP <= 1)) {
            throw new IllegalArgumentException(
                    "min_p: a number from 0 to 1; got %s; 0 keeps every token".formatted(minP));
        }
        topK = Math.max(0, topK);
    }

    /// Without `top_k` and `min_p`.
    public Sampling(double temperature, double topP) {
        this(temperature, topP, 0, 0);
    }

    /// @return whether tokens are drawn from the model's own distribution
    public boolean isPlain() {
        return equals(PLAIN);
    }
}
