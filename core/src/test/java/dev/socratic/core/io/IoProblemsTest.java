package dev.socratic.core.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What stands at the path is said; the disk is blamed only where it is at fault.
class IoProblemsTest {
    @TempDir
    Path folder;

    private String reading(Path path, String wanted) {
        IOException thrown = assertThrows(IOException.class, () -> Files.newInputStream(path).read());
        return IoProblems.reading(path, wanted, thrown).getMessage();
    }

    @Test
    void whatStandsInThePlaceOfAFileIsSaid() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "x");
        assertEquals(folder + ": tasks; got a folder; give the path of a file in it", reading(folder, "tasks"));
        assertEquals(folder.resolve("n") + ": tasks; got none there; check the path",
                reading(folder.resolve("n"), "tasks"));
        assertEquals(file.resolve("a") + ": tasks; got 'f' on the way, which is a file; check the path",
                reading(file.resolve("a"), "tasks"));
        Path dangling = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("gone"));
        assertEquals(dangling + ": tasks; got a link that leads nowhere; mend the link", reading(dangling, "tasks"));
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));
        assertTrue(reading(loop, "tasks").contains("link"), reading(loop, "tasks"));
        assertEquals("http:/host/v1: a folder; got an address; give a path; an endpoint is named in a config: "
                + "{endpoint: {base_url: ..., model: ...}}", reading(Path.of("http://host/v1"), "a folder"));
    }

    @Test
    void bytesThatAreNoGzipAreTheFilesFault() {
        IOException thrown =
                assertThrows(IOException.class, () -> new GZIPInputStream(new ByteArrayInputStream(new byte[20])));
        assertEquals(
                "q.jsonl.gz: bytes that gzip wrote; got Not in GZIP format; compress the file again, or take "
                        + ".gz off its name",
                IoProblems.reading(Path.of("q.jsonl.gz"), thrown).getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Input/output error", "Stale file handle", "Transport endpoint is not connected"})
    void theDiskIsToBeCheckedWhereTheSystemSaysThatItFailed(String reason) throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "x");
        assertEquals(file + ": a file that can be read; got " + reason
                + "; check the disk and run the same command again",
                IoProblems.reading(file, new FileSystemException(file.toString(), null, reason)).getMessage());
        assertTrue(IoProblems.writing(file, new IOException(reason)).getMessage().contains("check the disk"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Too many open files", "File name too long", "Is a directory", "Invalid argument",
            "who knows"})
    void otherReasonsDoNotBlameTheDisk(String reason) throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "x");
        assertFalse(IoProblems.reading(file, new IOException(reason)).getMessage().contains("disk"));
        assertFalse(IoProblems.writing(file, new IOException(reason)).getMessage().contains("disk"));
    }

    @Test
    void aFileInThePlaceOfTheFolderToWriteIntoIsFoundBeforeAndWhenWriting() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "x");
        IOException thrown = assertThrows(IOException.class, () -> Files.createDirectories(file));
        assertEquals(file + ": a folder to write into; got a file; choose another folder, or move the file away",
                IoProblems.writing(file, thrown).getMessage());
        assertEquals(file + ": a folder to write into; got a file; choose another folder, or move the file away",
                IoProblems.hindrance(file).orElseThrow().getMessage());
        assertEquals(file.resolve("a/b") + ": a folder to write into; got a file on the way, " + file
                + "; choose another folder, or move the file away",
                IoProblems.hindrance(file.resolve("a/b")).orElseThrow().getMessage());
        Path dangling = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("gone"));
        assertTrue(IoProblems.hindrance(dangling).orElseThrow().getMessage().contains("a link that leads nowhere"));
        assertTrue(IoProblems.hindrance(folder.resolve("new/er")).isEmpty());
        assertFalse(Files.exists(folder.resolve("new")), "looking makes nothing");
    }
}
