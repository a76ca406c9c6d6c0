package dev.socratic.trainer.objective;

import dev.socratic.core.config.Default;

/// Which of its own weights a student is taught by.
public sealed interface SelfWeights {
    /// Those it had before the first step, frozen: of a student with an adapter the base without it, which costs
    /// nothing; of another one a second copy, float32. Source: OPSD, Zhao et al. 2026, arXiv:2601.18734.
    record Start() implements SelfWeights {}

    /// Those it has now, read without gradient.
    record Live() implements SelfWeights {}

    /// Their moving average `m <- decay m + (1 - decay) w`, beginning with those before the first step: a second copy
    /// of what learns, float32, part of the checkpoint. Source: SDFT, Shenfeld et al. 2026, arXiv:2601.19897.
    ///
    /// @param decay what is kept of the average, from 0 to below 1
    /// @param every steps between two changes of it
    record Ema(@Default("0.99") double decay, @Default("1") int every) implements SelfWeights {
        public Ema {
            if (!(decay >= 0 && decay < 1) || every < 1) {
                throw new IllegalArgumentException(
                        "ema needs 0 <= decay < 1 and every >= 1; got %s and %s; write weights: start for 1".formatted(
                                decay, every));
            }
        }
    }
}
