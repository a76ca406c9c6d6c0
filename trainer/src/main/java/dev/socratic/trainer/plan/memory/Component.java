package dev.socratic.trainer.plan.memory;

import java.util.Locale;

/// What takes memory while a student learns.
public enum Component {
    /// The student's: what learns, float32, and what stays, as it is held.
    WEIGHTS("the student's weights"),
    /// Of what learns, float32.
    GRADIENTS("their gradients"),
    /// Moments of the optimiser, and what one of its steps makes.
    OPTIMIZER("the optimiser's state"),
    /// A moving average of what learns.
    AVERAGE("the weights' moving average"),
    /// What a micro-batch leaves in the layers for the way back, and what is made there.
    ACTIVATIONS("activations of a micro-batch"),
    /// Arrays of `[chunk, vocab]`.
    LOGITS("logits of a chunk of tokens, and their loss"),
    /// Weights of the teachers, and what they make of a micro-batch.
    TEACHER("teachers"),
    /// The student before the first step, held beside it.
    REFERENCE("the reference model"),
    /// Keys and values of answers that are being written.
    CACHE("keys and values of rollouts"),
    /// The JVM, its heap, libtorch and its programs: measured, not computed.
    PROCESS("the process itself");

    private final String about;

    Component(String about) {
        this.about = about;
    }

    /// @return the name users read
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @return what it is, in a few words
    public String about() {
        return about;
    }
}
