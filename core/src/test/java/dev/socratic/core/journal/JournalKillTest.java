package dev.socratic.core.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real processes: one that is killed while it appends, one that meets a full disk, one that finds the journal taken.
class JournalKillTest {
    @TempDir Path folder;

    /// The child: appends, and says of each record that it is durable once `append` has returned.
    static final class Appender {
        public static void main(String[] arguments) throws IOException {
            PrintStream said = System.out;
            try (Journal journal = Journal.open(Path.of(arguments[0]), "answers", 1 << 16)) {
                for (long i = journal.size(); i < Long.parseLong(arguments[1]); i++) {
                    journal.append(JournalTest.bytes("record " + i + " " + "x".repeat((int) (i % 300))));
                    said.println(i);
                }
            } catch (dev.socratic.core.error.SocraticException e) {
                said.println(e.getClass().getSimpleName() + " " + e.getMessage());
            }
        }
    }

    @Test
    void killedAgainAndAgainNothingSaidToBeDurableIsLost() throws Exception {
        long durable = -1;
        for (int round = 0; round < 4; round++) {
            Process child = java(List.of(), "1000000");
            try (BufferedReader said = child.inputReader(StandardCharsets.UTF_8)) {
                long stop = durable + 50 + 37L * round;
                for (String line = said.readLine(); line != null && durable < stop; line = said.readLine()) {
                    durable = Long.parseLong(line);
                }
                // SIGKILL: no hook, no flush. By the handle, which leaves what was said readable
                child.toHandle().destroyForcibly();
                for (String line = said.readLine(); line != null; line = said.readLine()) {
                    // said before the kill; a last line cut short is only a smaller number
                    durable = Math.max(durable, Long.parseLong(line));
                }
                child.waitFor();
            }
            try (Journal journal = Journal.open(folder, "answers")) {
                assertTrue(journal.size() > durable,
                        journal.size() + " records, but " + durable + " was said to be durable");
                List<String> all = JournalTest.records(journal);
                assertEquals(IntStream.range(0, all.size()).mapToObj(i -> "record " + i + " " + "x".repeat(i % 300))
                        .toList(), all);
            }
        }
        assertTrue(durable >= 200, "the child got on: " + durable);
    }

    @Test
    void aFullDiskIsToldAndTheJournalStaysWhole() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/bash")),
                "needs bash to limit the size of files (ulimit -f), the nearest thing to a full disk");
        Process child = java(List.of("/bin/bash", "-c", "ulimit -f 40; exec \"$@\"", "limited"), "1000000");
        List<String> said = child.inputReader(StandardCharsets.UTF_8).lines().toList();
        Path segment = folder.resolve("answers-000001.journal");
        assertEquals(
                "RetryLaterException " + segment
                        + ": room to write; got File too large; free some space and run the same command again: it "
                        + "goes on where it stopped",
                said.getLast());
        try (Journal journal = Journal.open(folder, "answers")) {
            assertEquals(said.size() - 1, journal.size());
            assertTrue(journal.tornTail().isEmpty(), "half a record was taken back");
            journal.append(JournalTest.bytes("there is room again"));
        }
    }

    @Test
    void anotherProcessIsKeptOut() throws Exception {
        try (Journal journal = Journal.open(folder, "answers")) {
            List<String> said = java(List.of(), "1").inputReader(StandardCharsets.UTF_8).lines().toList();
            assertEquals(
                    List.of("RetryLaterException " + folder
                            + ": to be the only one that writes here; got another run at work; wait until it has "
                            + "ended, or choose another folder"),
                    said);
        }
    }

    private Process java(List<String> before, String records) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java")
                        .toString(), "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
                                "-Xshare:auto",
                "-cp", System.getProperty("java.class.path"), Appender.class.getName(), folder.toString(), records));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
