package dev.socratic.core.sandbox;

import dev.socratic.core.config.Default;
import java.util.Map;
import java.util.TreeMap;

/// What a program may take, and whether it may run where nothing holds it.
///
/// @param cpuSeconds   of processor time of one process; a verdict so does not depend on how busy the machine is
/// @param wallSeconds  until everything is killed: for programs that wait
/// @param memoryMib    address space of one process, beside what its language reserves
/// @param diskMib      all files together
/// @param processes    at once, threads too
/// @param unsafeCode   whether programs may run without namespaces, where the machine has none
/// @param interpreters by language, the program that runs it: a name or a path
public record SandboxConfig(
        @Default("3") int cpuSeconds,
        @Default("30") int wallSeconds,
        @Default("1024") int memoryMib,
        @Default("64") int diskMib,
        @Default("64") int processes,
        @Default("false") boolean unsafeCode,
        @Default("{}") Map<String, String> interpreters) {
    /// What is usual.
    public static final SandboxConfig STANDARD = new SandboxConfig(3, 30, 1024, 64, 64, false, Map.of());

    public SandboxConfig {
        interpreters = Map.copyOf(interpreters);
        least("cpu_seconds", cpuSeconds, 1, 86_400, "3 is usual");
        least("wall_seconds", wallSeconds, 1, 86_400, "30 is usual");
        least("memory_mib", memoryMib, 64, 1 << 20, "1024 is usual");
        least("disk_mib", diskMib, 1, 1 << 20, "64 is usual");
        least("processes", processes, 4, 100_000, "64 is usual");
        interpreters.keySet().stream().filter(name -> !Language.names().contains(name)).sorted().findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("interpreters: a language of %s; got '%s'; write one of them"
                            .formatted(Language.names(), name));
                });
    }

    private static void least(String key, int value, int least, int most, String remedy) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "%s: from %s to %s; got %s; %s".formatted(key, least, most, value, remedy));
        }
    }

    /// @return the same for programs that may run without namespaces
    public SandboxConfig unsafe() {
        return new SandboxConfig(cpuSeconds, wallSeconds, memoryMib, diskMib, processes, true, interpreters);
    }

    /// @return what decides a verdict, in canonical order
    String shape() {
        return "cpu %s s, wall %s s, memory %s MiB, disk %s MiB, processes %s, %s".formatted(cpuSeconds, wallSeconds,
                memoryMib, diskMib, processes, new TreeMap<>(interpreters));
    }
}
