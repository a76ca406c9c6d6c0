package dev.socratic.core.sandbox;

import dev.socratic.core.error.ConfigException;
import org.junit.jupiter.api.Assumptions;

/// Sandboxes for tests; a test that needs one is skipped, saying why, where this machine has none.
public final class Sandboxes {
    private Sandboxes() {}

    /// @return one with what is usual
    public static Sandbox open() {
        return open(SandboxConfig.STANDARD);
    }

    /// @return one with those limits
    public static Sandbox open(SandboxConfig config) {
        try {
            return Sandbox.open(config, System.getenv().getOrDefault("PATH", ""));
        } catch (ConfigException none) {
            Assumptions.abort("no sandbox on this machine: " + none.getMessage());
            throw none;
        }
    }
}
