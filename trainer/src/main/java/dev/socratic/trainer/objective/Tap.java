package dev.socratic.trainer.objective;

/// Where a signal is taken from a model.
public sealed interface Tap {
    Kind kind();

    /// @return whether it comes from inside the body, layer by layer: a teacher that is only a file of logits cannot give it
    default boolean inside() {
        return !(this instanceof Logits);
    }

    /// @return whether the last axis has one entry a head, so that pairs need equally many heads
    default boolean hasHeads() {
        return switch (this) {
            case Logits ignored -> false;
            case Embedding ignored -> false;
            case Hidden ignored -> false;
            case Attention ignored -> true;
            case Queries ignored -> true;
            case Keys ignored -> true;
            case Values ignored -> true;
        };
    }

    /// What the head says of each counting position, `[tokens, vocab]`.
    record Logits() implements Tap {
        @Override
        public Kind kind() {
            return Kind.LOGITS;
        }
    }

    /// Rows of the embedding, `[batch, seq, hidden]`.
    record Embedding() implements Tap {
        @Override
        public Kind kind() {
            return Kind.VECTORS;
        }
    }

    /// The residual stream after a layer, `[batch, seq, hidden]`; paired as `output`, the final states after the last norm.
    record Hidden() implements Tap {
        @Override
        public Kind kind() {
            return Kind.VECTORS;
        }
    }

    /// Scaled dot products of queries and keys before the softmax, `[batch, heads, seq, seq]`; each position compares what it can see, itself and
    /// what is before it.
    record Attention() implements Tap {
        @Override
        public Kind kind() {
            return Kind.LOGITS;
        }
    }

    /// Queries as they enter the dot product, `[batch, heads, seq, dim]`.
    record Queries() implements Tap {
        @Override
        public Kind kind() {
            return Kind.VECTORS;
        }
    }

    /// Keys as they enter the dot product, `[batch, kv_heads, seq, dim]`.
    record Keys() implements Tap {
        @Override
        public Kind kind() {
            return Kind.VECTORS;
        }
    }

    /// Values, `[batch, kv_heads, seq, dim]`.
    record Values() implements Tap {
        @Override
        public Kind kind() {
            return Kind.VECTORS;
        }
    }
}
