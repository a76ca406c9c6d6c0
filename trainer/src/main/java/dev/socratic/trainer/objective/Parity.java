package dev.socratic.trainer.objective;

/// How near a preset is to the paper it names.
public enum Parity {
    /// Compared with the paper's own code or figures; the preset names the test.
    VERIFIED,
    /// The paper's formula, checked by hand-computed values.
    FAITHFUL,
    /// The paper's idea with something left out, which the preset says.
    INSPIRED
}
