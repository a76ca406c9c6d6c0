package dev.socratic.trainer.plan;

import dev.socratic.models.network.EncoderConfig;
import dev.socratic.models.network.ModelConfig;

/// What an objective needs to know about a model: sizes, no weights.
///
/// @param vocab   rows of the embedding, which may be padded beyond the tokenizer's entries
/// @param hidden  width of the residual stream
/// @param layers  how many
/// @param heads   query heads
/// @param kvHeads key and value heads
/// @param dim     width of a head
public record ModelShape(int vocab, int hidden, int layers, int heads, int kvHeads, int dim) {
    public static ModelShape of(EncoderConfig config) {
        return new ModelShape(config.vocab(), config.hidden(), config.layers(), config.heads(), config.heads(),
                config.hidden() / config.heads());
    }

    public static ModelShape of(ModelConfig config) {
        return new ModelShape(
                config.vocab(), config.hidden(), config.layers(), config.attention().heads(), config.attention()
                        .kvHeads(), config.attention().dim());
    }
}
