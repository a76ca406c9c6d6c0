package dev.socratic.trainer.plan.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the process takes besides arrays: the JVM with its heap, libtorch, its compiled programs. No formula says it.
public final class ProcessMemory {
    /// Measured: a training of this tool with small arrays.
    public static final long TYPICAL = 420L << 20;

    private static final Path STATUS = Path.of("/proc/self/status");

    private ProcessMemory() {}

    /// @return bytes of this process in memory now; [#TYPICAL] where the system does not say, or where less is loaded
    ///         than a training needs
    public static long now() {
        return Math.max(TYPICAL, field("VmRSS:"));
    }

    /// @return largest resident bytes since they were counted anew; 0 where the system does not say
    public static long peak() {
        return field("VmHWM:");
    }

    private static long field(String name) {
        try {
            return !Files.isReadable(STATUS) ? 0
                    : Files.readString(STATUS).lines().filter(line -> line.startsWith(name))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                            .findFirst().orElse(0);
        } catch (IOException unreadable) {
            return 0; // a figure, not worth a training
        }
    }
}
