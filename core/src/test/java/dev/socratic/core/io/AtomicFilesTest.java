package dev.socratic.core.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.DataException;
import dev.socratic.core.error.RetryLaterException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir Path folder;

    @Test
    void theFileIsTheOldOneUntilTheNewOneIsWhole() throws IOException {
        Path file = folder.resolve("deep/a.json");
        AtomicFiles.write(file, "old");
        AtomicFiles.write(file, out -> {
            out.write("n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            assertEquals("old", Files.readString(file));
            out.write("ew".getBytes(StandardCharsets.UTF_8));
        });
        assertEquals("new", Files.readString(file));
        assertEquals(List.of(file), list(folder.resolve("deep")));
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = folder.resolve("a.json");
        AtomicFiles.write(file, "old");
        assertThrows(IllegalStateException.class, () -> AtomicFiles.write(file, out -> {
            out.write(new byte[1 << 20]);
            throw new IllegalStateException("a bug");
        }));
        RetryLaterException full = assertThrows(RetryLaterException.class, () -> AtomicFiles.write(file, out -> {
            throw new IOException("No space left on device");
        }));
        assertEquals(
                file + ": room to write; got No space left on device; free some space and run the same command "
                        + "again: it goes on where it stopped", full.getMessage());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of(file), list(folder));
    }

    @Test
    void whatAKilledWriterLeftIsOverwritten() throws IOException {
        Path file = folder.resolve("a.json");
        Files.writeString(AtomicFiles.temporary(file), "half a much longer file than the new one");
        AtomicFiles.write(file, "new");
        assertEquals("new", Files.readString(file));
        assertEquals(List.of(file), list(folder));
    }

    @Test
    void anInterruptHurtsNothing() throws IOException {
        Path file = folder.resolve("a.json");
        Thread.currentThread().interrupt();
        AtomicFiles.write(file, "new");
        assertTrue(Thread.interrupted());
        assertEquals("new", Files.readString(file));
    }

    @Test
    void aRealLimitOnTheDiskIsToldAndTheOldFileStays() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/bash")),
                "needs bash to limit the size of files (ulimit -f), the nearest thing to a full disk");
        Path file = folder.resolve("big.bin");
        AtomicFiles.write(file, "old");
        Process child = new ProcessBuilder("/bin/bash", "-c", "ulimit -f 64; exec \"$@\"", "limited",
                        Path.of(System.getProperty("java.home"), "bin", "java")
                                .toString(), "-Xmx64m", "-XX:-UsePerfData", "-cp",
                                        System.getProperty("java.class.path"),
                        Big.class.getName(), file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        assertEquals(
                List.of("RetryLaterException " + file
                        + ": room to write; got File too large; free some space and run the same command again: it "
                        + "goes on where it stopped"),
                child.inputReader().lines().toList());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of(file), list(folder));
    }

    static final class Big {
        public static void main(String[] arguments) {
            try {
                AtomicFiles.write(Path.of(arguments[0]), new byte[1 << 20]);
            } catch (RetryLaterException e) {
                System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
            }
        }
    }

    @Test
    void failuresAreSortedByWhatTheUserHasToDo() {
        Path file = Path.of("f");
        assertEquals("f: a file this user may read; got permission denied; change its permissions or owner",
                IoProblems.reading(file, new AccessDeniedException("f")).getMessage());
        assertEquals(
                "f: a file that can be read; got Input/output error; check the disk and run the same command again",
                        IoProblems.reading(file, new IOException("Input/output error")).getMessage());
        for (IOException denied : List.of(new AccessDeniedException("f"),
                new FileNotFoundException("f (Permission denied)"))) {
            DataException e = (DataException) IoProblems.writing(file, denied);
            assertEquals(
                    "f: a place this user may write to; got permission denied; change its permissions or choose "
                            + "another folder", e.getMessage());
        }
        assertEquals(
                "f: to write all of it; got an interrupt; run the same command: it goes on from here, nothing is lost",
                IoProblems.writing(file, new ClosedByInterruptException()).getMessage());
        assertTrue(IoProblems.isFull(new IOException("Disk quota exceeded")));
        assertFalse(IoProblems.isFull(new IOException()));
    }

    private static List<Path> list(Path folder) throws IOException {
        try (var listing = Files.list(folder)) {
            return listing.toList();
        }
    }
}
