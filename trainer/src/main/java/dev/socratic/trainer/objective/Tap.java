package dev.socratic.trainer.objective;

import dev.socratic.core.config.Alias;
import dev.socratic.core.config.Default;

/// Where a signal is taken from a model.
public sealed interface Tap {
    Kind kind();

    /// @return whether it comes from inside the body, layer by layer: a teacher that is only a file of logits cannot
    ///         give it
    default boolean isFeature() {
        return !(this instanceof Logits || this instanceof SequenceLogProb);
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
            case StudentSpace ignored -> false;
            case TeacherSpace ignored -> false;
            case SequenceLogProb ignored -> false;
        };
    }

    /// @return whether it sits in layers, so that there is something to pair
    default boolean layered() {
        return isFeature() && !(this instanceof Embedding) && !isDualSpace();
    }

    /// @return whether one side's states are read in the other's space, for which there must be a teacher whatever
    ///         the term compares with
    default boolean isDualSpace() {
        return this instanceof StudentSpace || this instanceof TeacherSpace;
    }

    /// How positions of the two sides are brought together in a space.
    enum Pair {
        /// Both sides read the same tokens.
        SAME,
        /// Each position attends to all of the other side in its sample, the tokens (what goes in and what follows,
        /// as embeddings) being queries and keys: the tokenizers may differ.
        ATTENTION
    }

    /// The teacher's final states mapped into the student's width and read by the student's head, which learns
    /// nothing from it, beside the student's own logits, at the student's positions, `[tokens, vocab]`. Compared with
    /// the teacher, what was mapped is the other side and given; against labels, it is the map that learns them.
    /// Source: DSKD, Zhang et al. 2024, arXiv:2406.17328.
    ///
    /// @param pair      how positions are brought together
    /// @param onlyRight whether a position counts only where the mapped teacher's most likely token is the label; for
    ///                  `against: teacher`
    record StudentSpace(@Default("same") Pair pair, @Default("false") boolean onlyRight) implements Tap {
        @Override
        public Kind kind() {
            return Kind.LOGITS;
        }
    }

    /// The student's final states mapped into the teacher's width and read by the teacher's head, beside the
    /// teacher's own logits, at the teacher's positions, `[its tokens, its vocab]`; divided by the student's counting
    /// tokens like everything. Source: as [StudentSpace].
    record TeacherSpace(@Default("same") Pair pair) implements Tap {
        @Override
        public Kind kind() {
            return Kind.LOGITS;
        }
    }

    /// What the head says of each loss position, `[tokens, vocab]`.
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

    /// The residual stream after a layer, `[batch, seq, hidden]`; paired as `output`, the final states after the last
    /// norm.
    record Hidden() implements Tap {
        @Override
        public Kind kind() {
            return Kind.VECTORS;
        }
    }

    /// Scaled dot products of queries and keys before the softmax, `[batch, heads, seq, seq]`; each position compares
    /// what it can see, itself and what is before it.
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

    /// One number an answer: `sum_t log q(token_t | before)` over its loss tokens, or their mean; less the same
    /// of a reference model, where one is named. `[samples]`.
    ///
    /// @param reduce    `sum` or `mean` over the loss tokens of the answer
    /// @param reference whose log-probability is subtracted
    record SequenceLogProb(@Default("sum") Distance.Reduce reduce, @Default("none") Reference reference)
            implements Tap {
        @Override
        public Kind kind() {
            return Kind.SCALARS;
        }
    }

    /// Which model an answer's log-probability is measured from.
    enum Reference {
        /// None.
        NONE,
        /// The student as it was before the first step: its weights a second time, in float32, for the forward pass
        /// alone.
        @Alias("start")
        INITIAL,
        /// The teacher.
        TEACHER
    }
}
