package dev.socratic.core.text;

import java.util.List;

/// What a model expects at every position of one row: position `i` predicts token `i + 1`, so a row of n tokens has n
/// - 1 positions. Logarithms are natural, of softmax(logits) at temperature 1, in float32.
///
/// @param width  how many tokens are named at a position
/// @param ids    `[positions, width]`, the likeliest first
/// @param logs   `[positions, width]` logarithms of their probabilities
/// @param rest   `[positions]` logarithm of the mass of all others together; at most -1e30 where nothing is left
/// @param labels `[positions]` logarithm of the probability of the token that follows in the row
/// @param ranks  `[positions]` place of that token among all, from 1; 0 where the model does not say
/// @param words  `[positions]` that token as the model's own tokenizer reads it; empty where the model does not say
public record Distributions(int width, int[] ids, float[] logs, float[] rest, float[] labels, int[] ranks,
        List<String> words) {
    public Distributions {
        words = List.copyOf(words);
        int positions = rest.length;
        if (ids.length != positions * width || logs.length != ids.length || labels.length != positions
                || ranks.length != positions
                || words.size() != 0 && words.size() != positions) {
            throw new IllegalArgumentException(
                    "positions: %s x %s; got %s ids, %s logarithms, %s labels, %s ranks, %s words".formatted(
                    positions, width, ids.length, logs.length, labels.length, ranks.length, words.size()));
        }
    }

    public int positions() {
        return rest.length;
    }
}
