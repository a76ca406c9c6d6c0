package dev.socratic.core.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Largest resident memory of this process since a moment, as the system counts it: tensors lie outside the Java
/// heap, so the JVM's own figures say little. Only Linux says it.
final class PeakMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path RESET = Path.of("/proc/self/clear_refs");

    private PeakMemory() {}

    /// Begins to count anew; where the system does not let us, the peak stays that of the whole process.
    static void reset() {
        try {
            if (Files.isWritable(RESET)) {
                Files.writeString(RESET, "5"); // resets the high-water mark of the resident size, nothing else
            }
        } catch (IOException e) {
            // a figure for the report, not worth a stage
        }
    }

    /// @return mebibytes; 0 where the system does not say
    static long megabytes() {
        try {
            return Files.isReadable(STATUS)
                    ? Files.readString(STATUS).lines()
                            .filter(line -> line.startsWith("VmHWM:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                            .findFirst()
                            .orElse(0)
                    : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
