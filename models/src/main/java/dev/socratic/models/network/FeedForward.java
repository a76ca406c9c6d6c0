package dev.socratic.models.network;

import java.util.Optional;

/// The feed-forward part of a layer.
///
/// @param gated   `down(bend(gate(x)) * up(x))` instead of `down(bend(up(x)))`
/// @param bias    whether its products add biases
/// @param experts how a token chooses among several of them, in layers that are sparse
public record FeedForward(Activation activation, boolean gated, boolean bias, Optional<Experts> experts) {
    /// A mixture of experts: a token goes through the `perToken` likeliest by a softmax over all.
    ///
    /// @param width        inner width of one expert
    /// @param renormalized whether the shares of the chosen ones are made to sum to 1
    public record Experts(int count, int perToken, int width, boolean renormalized) {}

    /// SwiGLU (Shazeer 2020, arXiv:2002.05202) without biases or experts.
    static FeedForward swiGlu() {
        return new FeedForward(Activation.SILU, true, false, Optional.empty());
    }
}
