package dev.socratic.models.network;

/// Something a forward pass can hand out besides its final states. Layers count from 0.
public sealed interface Tap {
    /// Rows of the embedding, `[batch, seq, hidden]`.
    record Embedding() implements Tap {}

    /// The residual stream after a layer, before any norm, `[batch, seq, hidden]`.
    record Hidden(int layer) implements Tap {}

    /// Queries as they enter the dot product, turned by their positions, `[batch, heads, seq, dim]`.
    record Queries(int layer) implements Tap {}

    /// Keys as they enter the dot product, turned by their positions, `[batch, kv_heads, seq, dim]`.
    record Keys(int layer) implements Tap {}

    /// Values, `[batch, kv_heads, seq, dim]`.
    record Values(int layer) implements Tap {}

    /// Scaled dot products before the causal mask, `[batch, heads, seq, seq]`. Asking makes this layer slower.
    record Scores(int layer) implements Tap {}

    /// What each position attends to, rows sum to 1, `[batch, heads, seq, seq]`. Asking makes this layer slower.
    record Probabilities(int layer) implements Tap {}

    /// @return row of the tap table: 0 is the embedding, layer i is row i + 1
    default int row() {
        return switch (this) {
            case Embedding ignored -> 0;
            case Hidden(int layer) -> layer + 1;
            case Queries(int layer) -> layer + 1;
            case Keys(int layer) -> layer + 1;
            case Values(int layer) -> layer + 1;
            case Scores(int layer) -> layer + 1;
            case Probabilities(int layer) -> layer + 1;
        };
    }

    /// @return column of the tap table
    default int column() {
        return switch (this) {
            case Embedding ignored -> 0;
            case Hidden ignored -> 0;
            case Queries ignored -> 1;
            case Keys ignored -> 2;
            case Values ignored -> 3;
            case Scores ignored -> 4;
            case Probabilities ignored -> 5;
        };
    }
}
