package dev.socratic.trainer.config;

/// When training ends. The learning rate's schedule runs over the same measure.
public sealed interface Budget {

    /// After so many optimiser steps.
    record Steps(long n) implements Budget {
        public Steps {
            positive(n);
        }
    }

    /// After the step in which the student has read so many tokens: every input token that is no padding, counting or
    /// not.
    record Tokens(long n) implements Budget {
        public Tokens {
            positive(n);
        }
    }

    /// After so many epochs, which must end.
    record Epochs(long n) implements Budget {
        public Epochs {
            positive(n);
        }
    }

    private static void positive(long n) {
        if (n < 1) {
            throw new IllegalArgumentException("n must be at least 1; got " + n);
        }
    }
}
