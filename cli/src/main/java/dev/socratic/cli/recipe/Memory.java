package dev.socratic.cli.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Memory of this process, as the system counts it: the tensors lie outside the Java heap, so the JVM's own figures say little.
final class Memory {
    private Memory() {}

    /// @return largest resident size so far in mebibytes; 0 where the system does not say (only Linux does)
    static long peakMegabytes() {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
