package dev.socratic.models.checkpoint;

import java.util.Locale;

/// Which biases of a base learn beside factors: PEFT's `bias`.
public enum Biases {
    NONE,
    /// All of them, also those of norms.
    ALL,
    /// Those of modules with factors.
    LORA_ONLY;

    /// @return the name PEFT gives it
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
