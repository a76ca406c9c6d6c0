package dev.socratic.core.text;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.Inline;
import java.util.List;

/// How an answer is written: how each of its tokens is drawn, and where it ends.
///
/// @param sampling  how each token is drawn
/// @param maxTokens most new tokens, reasoning included, at least 1
/// @param stop      texts at which the answer ends; they are not part of it
public record GenerationParameters(
        @Inline Sampling sampling, @Default("1024") int maxTokens, @Default("[]") List<String> stop) {
    public GenerationParameters {
        if (maxTokens < 1) {
            throw new IllegalArgumentException("max_tokens: at least 1; got %s; 1024 suits most answers"
                    .formatted(maxTokens));
        }
        if (stop.contains("")) {
            throw new IllegalArgumentException(
                    "stop: texts of at least one character; got an empty one; it would end every answer at once");
        }
        stop = List.copyOf(stop);
    }

    /// Without stop texts.
    public GenerationParameters(Sampling sampling, int maxTokens) {
        this(sampling, maxTokens, List.of());
    }

    public static GenerationParameters greedy(int maxTokens) {
        return new GenerationParameters(Sampling.GREEDY, maxTokens);
    }
}
