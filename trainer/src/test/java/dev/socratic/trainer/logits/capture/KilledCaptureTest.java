package dev.socratic.trainer.logits.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.trainer.logits.LogitStore;
import dev.socratic.trainer.logits.StoreIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A capture in a process that is killed (`kill -9`), again and again, each time a little later.
@Tag("slow")
class KilledCaptureTest {
    private static final int ROWS = 400; // a hundred blocks

    @TempDir
    Path folder;

    @Test
    void killedTimeAndAgainTheStoreEndsByteEqualToAnUndisturbedOne() throws Exception {
        Path teacher = StoreFixture.teacher(folder.resolve("teacher"), 1);
        Path calm = folder.resolve("calm");
        assertEquals(0, start(teacher, calm).waitFor());
        Path killed = folder.resolve("killed");
        int kills = 0;
        for (int goal = 1; goal < 100; goal += 24) {
            Process process = start(teacher, killed);
            while (process.isAlive() && blocks(killed) < goal) {
                Thread.sleep(1);
            }
            if (process.isAlive()) {
                process.destroyForcibly();
                kills++;
            }
            assertTrue(process.waitFor(2, TimeUnit.MINUTES));
        }
        assertTrue(kills >= 3, "killed %s times".formatted(kills));
        assertTrue(!StoreIndex.existsIn(killed), "killed before its end");
        assertEquals(0, start(teacher, killed).waitFor());
        assertEquals(names(calm), names(killed));
        for (String name : names(calm)) {
            assertArrayEquals(Files.readAllBytes(calm.resolve(name)), Files.readAllBytes(killed.resolve(name)), name);
        }
        LogitStore.open(killed).verify();
    }

    private Process start(Path teacher, Path store) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CaptureMain.class.getName(),
                teacher.toString(),
                store.toString(),
                Integer.toString(ROWS));
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(folder.resolve("child.log").toFile()).start();
    }

    private static List<String> names(Path store) throws IOException {
        try (Stream<Path> files = Files.list(store)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /// Blocks written so far; the process is killed at whatever it does next.
    private static long blocks(Path store) throws IOException {
        return Files.exists(store) ? names(store).stream().filter(name -> name.startsWith("block-")).count() : 0;
    }
}
