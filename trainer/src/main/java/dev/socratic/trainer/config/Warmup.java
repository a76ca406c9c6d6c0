package dev.socratic.trainer.config;

/// How long the learning rate rises linearly before its schedule begins.
public sealed interface Warmup {

    /// A share of the budget, from 0 to below 1.
    record Share(double of) implements Warmup {
        public Share {
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
