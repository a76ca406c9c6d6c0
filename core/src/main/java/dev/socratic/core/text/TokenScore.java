package dev.socratic.core.text;

import java.util.Objects;

/// How likely one token of a text is, behind those before it.
///
/// @param text           it adds to the text; of a character that several tokens make up together a replacement
/// @param logProbability in nats, of the model's own distribution, before any temperature
public record TokenScore(String text, double logProbability) {
    public TokenScore {
        Objects.requireNonNull(text);
    }
}
