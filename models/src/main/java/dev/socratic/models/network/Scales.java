package dev.socratic.models.network;

/// Factors along the way from ids to logits.
///
/// @param embedding of the rows of the embedding
/// @param residual  of what attention and feed-forward part add to the stream
/// @param logits    what logits are divided by; the final states are, which comes to the same
/// @param logitCap  bound of the logits, `cap * tanh(logit / cap)`; 0 has none
public record Scales(double embedding, double residual, double logits, double logitCap) {
    static final Scales NONE = new Scales(1, 1, 1, 0);
}
