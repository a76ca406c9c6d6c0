package dev.socratic.cli.recipe;

import dev.socratic.trainer.plan.memory.MemoryNeed;
import dev.socratic.trainer.plan.memory.MemoryText;
import dev.socratic.trainer.plan.memory.Switches;
import dev.socratic.trainer.plan.memory.TrainingMemory;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;

/// Whether what a recipe wants fits into this machine's memory. A forecast is an estimate, so it refuses only what
/// cannot be: weights alone that do
/// not fit; the rest is told.
final class MachineCheck {
    private static final double GIB = 1L << 30;
    /// What a remedy fills of the memory.
    private static final double ROOM = 0.9;

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

    /// What a training takes, against the machine, or against its own limit. The memory of a GPU is not asked.
    void training(String path, TrainingMemory training) {
        if (training.onGpu()) {
            return;
        }
        MemoryNeed need = training.peak();
        if (need.total() > memory) {
            findings.problem(path, "a training that fits into this machine's %s".formatted(gib(memory)),
                    "about " + MemoryText.line(need), Switches.fitting(training, (long) (ROOM * memory))
                            .map(some -> "write " + String.join(", ", some.yaml(training)))
                            .orElse("take a smaller student or teacher, or a machine with more memory"));
        } else if (need.total() > 0.8 * memory) {
            findings.warn(path, "about %s leave little of this machine's %s".formatted(gib(need.total()), gib(memory)));
        }
    }

    private static String gib(double bytes) {
        return String.format(Locale.ROOT, bytes < 10 * GIB ? "%.2f GiB" : "%,.0f GiB", bytes / GIB);
    }
}
