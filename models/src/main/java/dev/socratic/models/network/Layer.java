package dev.socratic.models.network;

/// What may differ from layer to layer.
///
/// @param window how many positions a position sees, itself included; 0 sees all before it
/// @param rope   how positions turn queries and keys
/// @param sparse whether the feed-forward part is a mixture of experts
public record Layer(int window, Rope rope, boolean sparse) {
    static Layer full(Rope rope) {
        return new Layer(0, rope, false);
    }
}
