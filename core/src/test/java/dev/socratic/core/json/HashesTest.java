package dev.socratic.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashesTest {
    /// The known answer of FIPS 180-2, appendix B.1.
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void textBytesAndFilesOfTheSameContentHaveOneHash(@TempDir Path folder) throws IOException {
        assertEquals(ABC, Hashes.sha256("abc"));
        assertEquals(ABC, Hashes.sha256(new byte[] {'a', 'b', 'c'}));
        assertEquals(ABC, Hashes.of(Files.writeString(folder.resolve("f"), "abc")));
        assertEquals(Hashes.ofJson(Map.of("a", 1, "b", 2)), Hashes.sha256("{\"a\":1,\"b\":2}"));
    }

    @Test
    void aFolderIsItsNamesAndContents(@TempDir Path folder) throws IOException {
        Path one = fill(folder.resolve("one"), "x", "y");
        String hash = Hashes.ofFolder(one);
        Files.createDirectory(one.resolve("empty"));
        assertEquals(hash, Hashes.ofFolder(one));
        assertEquals(hash, Hashes.ofFolder(fill(folder.resolve("two"), "x", "y")));
        assertNotEquals(hash, Hashes.ofFolder(fill(folder.resolve("three"), "y", "x")));
        Files.move(one.resolve("a"), one.resolve("c"));
        assertNotEquals(hash, Hashes.ofFolder(one));
    }

    @Test
    void aFileThatIsNotThereIsNamed(@TempDir Path folder) {
        Path file = folder.resolve("none");
        DataException e = assertThrows(DataException.class, () -> Hashes.ofFile(file));
        assertEquals(file + ": a file that exists; got none there; check the path", e.getMessage());
    }

    private static Path fill(Path folder, String first, String second) throws IOException {
        Files.createDirectories(folder.resolve("sub"));
        Files.writeString(folder.resolve("a"), first);
        Files.writeString(folder.resolve("sub/b"), second);
        return folder;
    }
}
