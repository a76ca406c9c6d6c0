package dev.socratic.trainer.config;

import dev.socratic.core.config.Default;

/// A moving average of the weights that learn, kept beside them in float32: `average = decay average + (1 - decay)
/// weight`.
///
/// @param decay how much of the average stays; 0.999 averages over about 1,000 updates
/// @param every optimiser steps between two updates
/// @param save  `ema`: the student is the average, in evaluations and in its folder; `last`: the student is the
///              weights of the last step, and checkpoints hold the average beside them
public record EmaConfig(@Default("0.999") double decay, @Default("1") int every, @Default("ema") Save save) {
    public EmaConfig {
        if (!(decay >= 0 && decay < 1)) {
            throw new IllegalArgumentException("decay must be from 0 to below 1; got %s; 0.999 is usual".formatted(
                    decay));
        }
        Limits.atLeast("every", every, 1);
    }

    /// Which weights the student is.
    public enum Save {
        EMA,
        LAST
    }
}
