package dev.socratic.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The stage in a process that is killed (`kill -9`), again and again, each time a little later.
@Tag("slow")
class KilledTrainingTest {
    private static final String CONFIG = TrainStageTest.SMALL.replace("steps: {n: 12}", "steps: {n: 60}")
            .replace("checkpoint_every: 4", "checkpoint_every: 3");

    @TempDir
    Path folder;

    @Test
    void killedTimeAndAgainTheRunEndsByteEqualToAnUndisturbedOne() throws Exception {
        Path config = Files.writeString(folder.resolve("train.yaml"), CONFIG);
        Path calm = folder.resolve("calm");
        assertEquals(0, start(config, calm).waitFor());
        Path killed = folder.resolve("killed");
        int kills = 0;
        for (int goal = 2; goal < 60; goal += 19) {
            Process process = start(config, killed);
            while (process.isAlive() && lines(killed) < goal) {
                Thread.sleep(5);
            }
            if (process.isAlive()) {
                process.destroyForcibly();
                kills++;
            }
            assertTrue(process.waitFor(2, TimeUnit.MINUTES));
        }
        assertTrue(kills >= 2, "killed %s times".formatted(kills));
        assertEquals(0, start(config, killed).waitFor());
        assertEquals(TrainStageTest.results(calm), TrainStageTest.results(killed));
    }

    private Process start(Path config, Path student) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                TrainMain.class.getName(),
                config.toString(),
                student.toString(),
                "1");
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(folder.resolve("child.log").toFile()).start();
    }

    /// Steps taken so far, as the log says; the process is killed at whatever it does next.
    private static long lines(Path student) throws IOException {
        Path metrics = student.resolve("metrics.jsonl");
        if (!Files.exists(metrics)) {
            return 0;
        }
        try (Stream<String> all = Files.lines(metrics)) {
            return all.count();
        }
    }
}
