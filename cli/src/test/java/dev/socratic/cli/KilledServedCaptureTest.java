package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.json.Json;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.datasets.wordproblems.Form;
import dev.socratic.datasets.wordproblems.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `socratic logits` from a served teacher, killed (`kill -9`) in the middle of it again and again.
@Tag("slow")
class KilledServedCaptureTest {
    @TempDir
    Path folder;

    @Test
    void killedTimeAndAgainTheStoreEndsByteEqualToAnUndisturbedOne() throws Exception {
        Path teacher = ServedFixture.teacher(folder.resolve("teacher"));
        Path rows = rows();
        try (ServedFixture.Server server = ServedFixture.Server.over(teacher)) {
            Path calm = folder.resolve("calm");
            assertEquals(0, start(server, teacher, rows, calm).waitFor(), this::log);
            Path killed = folder.resolve("killed");
            int kills = 0;
            for (int goal = 5; goal < 100; goal += 30) {
                Process process = start(server, teacher, rows, killed);
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
            assertEquals(0, start(server, teacher, rows, killed).waitFor(), this::log);
            assertEquals(names(calm), names(killed));
            for (String name : names(calm)) {
                assertArrayEquals(Files.readAllBytes(calm.resolve(name)), Files.readAllBytes(killed.resolve(name)),
                        name);
            }
        }
    }

    private Path rows() throws IOException {
        List<String> lines = new ArrayList<>();
        ExampleSource source = new ExampleSource.WordProblems(Split.TRAIN, 400, 3,
                new Form.Worked("Think step by step."));
        try (RowStream<Example> rows = source.open(Quarantine.list(), 1)) {
            rows.iterator()
                    .forEachRemaining(row -> lines.add(Json.line(Map.of("messages", ((Example.Chat) row).messages()))));
        }
        return Files.write(folder.resolve("rows.jsonl"), lines);
    }

    private Process start(ServedFixture.Server server, Path teacher, Path rows, Path store) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java")
                        .toString(), "-Xmx1g", "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), "dev.socratic.cli.Main",
                "logits", "--teacher", server.address(), "--model", "teacher", "--tokenizer", teacher.toString(),
                "--data", rows.toString(), "--out", store.toString(),
                "--report-rows", "0", "--threads", "1", "--encoding", "{top_k: {k: 12}}", "--set", "block_rows=4",
                "--set", "max_seq=200");
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(folder.resolve("child.log").toFile()).start();
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("child.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static List<String> names(Path store) throws IOException {
        try (Stream<Path> files = Files.list(store)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static long blocks(Path store) throws IOException {
        return Files.exists(store) ? names(store).stream().filter(name -> name.startsWith("block-")).count() : 0;
    }
}
