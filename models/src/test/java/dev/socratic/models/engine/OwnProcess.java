package dev.socratic.models.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;

/// Work whose native memory is measured, in a JVM of its own: the heap is fixed and in memory from the start, one
/// collector thread, one arena of malloc. In the JVM of the tests the heap of other tests, the compiler's threads and
/// arenas come and go by tens of megabytes, and what is measured there holds on one machine and fails on the next.
public final class OwnProcess {
    private static final Path STATUS = Path.of("/proc/self/status");

    private OwnProcess() {}

    /// Runs `main` and fails with what it said if it does not end well.
    ///
    /// @param heapMegabytes the whole heap, touched at the start
    /// @param main has a `main` that prints whole numbers, one a line, last of all
    /// @return the lines it printed that are whole numbers
    public static List<Long> numbers(int heapMegabytes, Class<?> main, String... args) throws Exception {
        Assumptions.assumeTrue(Files.isReadable(STATUS), "memory is read from /proc, which only Linux has");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xms" + heapMegabytes + "m",
                "-Xmx" + heapMegabytes + "m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        builder.environment().put("OMP_NUM_THREADS", "1");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said.lines().filter(line -> line.matches("-?[0-9]+")).map(Long::valueOf).toList();
    }

    /// @return bytes of this process in memory that belong to no file
    public static long anonymous() {
        try {
            return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10).findFirst().orElseThrow();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// @return most bytes beyond those at the start that belonged to no file while `work` ran
    public static long most(Callable<?> work) throws Exception {
        long before = anonymous();
        AtomicLong most = new AtomicLong();
        AtomicBoolean done = new AtomicBoolean();
        Thread watcher = Thread.ofPlatform().start(() -> {
            while (!done.get()) {
                most.accumulateAndGet(anonymous() - before, Math::max);
            }
        });
        try {
            work.call();
        } finally {
            done.set(true);
            watcher.join();
        }
        return most.get();
    }
}
