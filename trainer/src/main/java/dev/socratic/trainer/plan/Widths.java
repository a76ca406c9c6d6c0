package dev.socratic.trainer.plan;

import dev.socratic.trainer.objective.Tap;
import dev.socratic.trainer.objective.View;

/// How wide a model's side of a signal is.
///
/// @param groups heads, or 1
/// @param axis   length of the last axis; [#ANY] where it is that of the text or of the vocabulary, equal on both
///               sides whatever the model
record Widths(int groups, int axis) {
    static final int ANY = -1;

    static Widths of(Tap tap, ModelShape shape) {
        return switch (tap) {
            case Tap.Logits ignored -> new Widths(1, ANY);
            case Tap.SequenceLogProb ignored -> new Widths(1, 1);
            case Tap.Embedding ignored -> new Widths(1, shape.hidden());
            case Tap.Hidden ignored -> new Widths(1, shape.hidden());
            case Tap.Attention ignored -> new Widths(shape.heads(), ANY);
            case Tap.Queries ignored -> new Widths(shape.heads(), shape.dim());
            case Tap.Keys ignored -> new Widths(shape.kvHeads(), shape.dim());
            case Tap.Values ignored -> new Widths(shape.kvHeads(), shape.dim());
            case Tap.StudentSpace ignored -> new Widths(1, ANY);
            case Tap.TeacherSpace ignored -> new Widths(1, ANY);
        };
    }

    /// @param mapped width `project` maps to
    /// @return what a view makes of it
    Widths after(View view, int mapped) {
        return switch (view) {
            case View.Temperature ignored -> this;
            case View.Scale ignored -> this;
            case View.Softmax ignored -> this;
            case View.Standardise ignored -> this;
            case View.TopK ignored -> this;
            case View.Sort ignored -> this;
            case View.Spans ignored -> this;
            case View.Matched ignored -> this;
            case View.Unmatched ignored -> this;
            case View.AlignVocab ignored -> this;
            case View.Target ignored -> this;
            case View.NonTarget ignored -> this;
            case View.Differences ignored -> this;
            case View.Unit ignored -> this;
            case View.Transpose ignored -> new Widths(1, ANY);
            case View.Energy ignored -> new Widths(1, ANY);
            case View.Relation relation -> new Widths(relation.heads() > 0 ? relation.heads() : groups, ANY);
            case View.Salient ignored -> new Widths(1, ANY);
            case View.Phrases ignored -> this;
            case View.Pool ignored -> axis == ANY ? this : new Widths(1, groups * axis);
            case View.Project ignored -> new Widths(groups, mapped);
            case View.Head ignored -> new Widths(1, ANY);
            case View.AsLogits ignored -> this;
            case View.AsVectors ignored -> this;
        };
    }
}
