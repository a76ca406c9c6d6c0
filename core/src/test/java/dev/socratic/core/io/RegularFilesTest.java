package dev.socratic.core.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class RegularFilesTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @Test
    void aPipeOrADeviceIsRefusedInsteadOfReadForEver() throws Exception {
        Path zero = Path.of("/dev/zero");
        assumeTrue(Files.exists(zero), "a system with devices");
        Path link = Files.createSymbolicLink(folder.resolve("config.json"), zero);
        Path pipe = folder.resolve("pipe.json");
        assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "a system with named pipes");
        for (Path none : List.of(link, pipe)) {
            String message = none
                    + ": a regular file; got a pipe or a device; write what it gives into a file and name that";
            for (Executable reading : List.<Executable>of(
                    () -> RegularFiles.open(none), () -> RegularFiles.bytes(none, 10), () -> RegularFiles.text(none),
                    () -> Json.read(none, JsonNode.class), () -> Hashes.ofFile(none))) {
                assertEquals(message, assertTimeoutPreemptively(
                        SOON, () -> assertThrows(SocraticException.class, reading).getMessage()));
            }
        }
    }

    @Test
    void whatIsNoFileIsSaidWithWhatToDo() throws Exception {
        assertEquals(folder + ": a file that can be read; got a folder; give the path of a file in it",
                refused(folder));
        Path gone = folder.resolve("gone.json");
        assertEquals(gone + ": a file that exists; got none there; check the path", refused(gone));
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));
        assertEquals(loop + ": a file that can be read; got links that lead in a circle; mend the links",
                refused(loop));
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertEquals(
                file.resolve("config.json")
                        + ": a file that can be read; got 'file' on the way, which is a file; check the path",
                refused(file.resolve("config.json")));
    }

    @Test
    void aFileBeyondTheBoundIsRefusedBeforeItIsRead() throws Exception {
        Path file = Files.writeString(folder.resolve("eleven"), "12345678901");
        assertEquals("12345678901", new String(RegularFiles.bytes(file, 11), StandardCharsets.UTF_8));
        assertEquals(
                file + ": a file of at most 10 bytes; got a larger one; check that it is the right file",
                assertThrows(SocraticException.class, () -> RegularFiles.bytes(file, 10)).getMessage());
    }

    private static String refused(Path path) {
        return assertThrows(SocraticException.class, () -> RegularFiles.text(path)).getMessage();
    }
}
