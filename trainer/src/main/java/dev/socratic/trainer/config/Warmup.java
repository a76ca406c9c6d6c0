package dev.socratic.trainer.config;

import dev.socratic.core.config.Alias;

/// How long the learning rate rises linearly before its schedule begins.
public sealed interface Warmup {

    /// A share of the budget, from 0 to below 1.
    @Alias("share")
    record Ratio(double of) implements Warmup {
        public Ratio {
            if (!(of >= 0 && of < 1)) {
                throw new IllegalArgumentException("of must be at least 0 and below 1; got " + of);
            }
        }
    }

    /// So many optimiser steps.
    record Steps(long n) implements Warmup {
        public Steps {
            if (n < 0) {
                throw new IllegalArgumentException("n must not be negative; got " + n);
            }
        }
    }
}
