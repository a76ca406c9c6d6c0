package dev.socratic.trainer.objective;

/// Where a signal is taken from a model.
public sealed interface Tap {
    Kind kind();

    /// What the head says of each counting position, `[tokens, vocab]`.
    record Logits() implements Tap {
        @Override
        public Kind kind() {
            return Kind.LOGITS;
        }
    }
}
