package dev.socratic.cli.recipe;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;

/// Whether what a recipe wants fits into this machine's memory. A forecast is an estimate, so it refuses only what
/// cannot be: weights alone that do
/// not fit; the rest is told.
final class MachineCheck {
    private static final double GIB = 1L << 30;

    private final Findings findings;
    private final long memory;

    MachineCheck(Findings findings, Path root) {
        this(findings, machineMemory());
    }

    MachineCheck(Findings findings, long memory) {
        this.findings = findings;
        this.memory = memory;
    }

    /// @return bytes of this machine, or of the container it is
    private static long machineMemory() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class).getTotalMemorySize();
    }

    /// @param parameters of a model that is to answer
    void weights(String path, long parameters) {
        double bytes = 4.0 * parameters;
        if (bytes > memory) {
            findings.problem(path, "weights that fit into this machine's %s".formatted(gib(memory)),
                    "%s weights, %s in float32".formatted(parameters, gib(bytes)),
                    "take a smaller model or a machine with more memory");
        } else if (bytes > 0.8 * memory) {
            findings.warn(path, "%s of weights leave little of this machine's %s".formatted(gib(bytes), gib(memory)));
        }
    }

    /// @param need of a training
    void training(String path, Forecast.Memory need) {
        if (need.weights() > memory) {
            findings.problem(path, "a training that fits into this machine's %s".formatted(gib(memory)),
                    "about %s, of which weights, gradients and moments %s".formatted(gib(need.bytes()),
                            gib(need.weights())),
                    "take a smaller student or teacher, or a machine with more memory");
        } else if (need.bytes() > memory) {
            findings.problem(path, "a training that fits into this machine's %s".formatted(gib(memory)),
                    "about %s, of which activations of a micro-batch %s".formatted(gib(need.bytes()),
                            gib(need.activations())),
                    need.fitting(memory).map(tokens -> "write micro_tokens: %s and a max_seq of at most that".formatted(
                            tokens)).orElse("take a smaller student or teacher"));
        } else if (need.bytes() > 0.8 * memory) {
            findings.warn(path, "about %s leave little of this machine's %s".formatted(gib(need.bytes()), gib(memory)));
        }
    }

    private static String gib(double bytes) {
        return String.format(Locale.ROOT, bytes < 10 * GIB ? "%.2f GiB" : "%,.0f GiB", bytes / GIB);
    }
}
