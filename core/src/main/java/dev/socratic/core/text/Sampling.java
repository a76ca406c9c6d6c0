package dev.socratic.core.text;

import java.util.List;

/// How the next token is drawn.
///
/// @param temperature divides the logits before the draw; 0 takes the likeliest token
/// @param topP        smallest set of tokens whose probability reaches this is drawn from, in (0, 1]
/// @param maxTokens   most new tokens, at least 1
/// @param seed        of this very answer: the same request with the same seed gives the same text where the model
///                    allows it
/// @param stop        texts at which the answer ends; they are not part of it
/// @param topK        how many of the likeliest tokens are drawn from, before `topP` looks at them; 0 keeps all
/// @param minP        least probability of a token that is drawn, as a share of the likeliest one's, in [0, 1]; 0 keeps
///                    all
public record Sampling(double temperature, double topP, int maxTokens, long seed, List<String> stop, int topK,
        double minP) {
    public Sampling {
        if (!(temperature >= 0)) {
            throw new IllegalArgumentException(
                    "temperature: a number >= 0; got %s; 0 is greedy".formatted(temperature));
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException(
                    "top_p: a number in (0, 1]; got %s; 1 keeps every token".formatted(topP));
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("max_tokens: at least 1; got %s".formatted(maxTokens));
        }
        if (topK < 0) {
            throw new IllegalArgumentException("top_k: at least 0; got %s; 0 keeps every token".formatted(topK));
        }
        if (!(minP >= 0 && minP <= 1)) {
            throw new IllegalArgumentException(("min_p: a number from 0 to 1; got %s; 0 keeps every "
                    + "token").formatted(minP));
        }
        stop = List.copyOf(stop);
    }

    public Sampling(double temperature, double topP, int maxTokens, long seed, List<String> stop) {
        this(temperature, topP, maxTokens, seed, stop, 0, 0);
    }

    public static Sampling greedy(int maxTokens) {
        return new Sampling(0, 1, maxTokens, 0, List.of());
    }

    public Sampling withSeed(long other) {
        return new Sampling(temperature, topP, maxTokens, other, stop, topK, minP);
    }
}
