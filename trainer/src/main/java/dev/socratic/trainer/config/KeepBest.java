package dev.socratic.trainer.config;

import dev.socratic.core.config.Default;

/// The student is the best of its evaluations, not the last: its checkpoint is kept, and what the folder ends with.
///
/// @param by `held_out_loss`, `held_out_accuracy` (share of tokens), or one of `evaluate.tasks`, by its score
public record KeepBest(@Default(KeepBest.LOSS) String by) {
    /// Cross-entropy of held-out rows; the smallest is best, of everything else the largest.
    public static final String LOSS = "held_out_loss";
    /// Share of their tokens that were the likeliest.
    public static final String ACCURACY = "held_out_accuracy";

    /// @return whether this is no task's name
    public static boolean ofRows(String by) {
        return by.equals(LOSS) || by.equals(ACCURACY);
    }
}
