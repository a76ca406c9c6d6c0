package dev.socratic.curator;

import dev.socratic.core.error.RetryLaterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// The folder `.scratch` in the stage's folder for files that nobody needs afterwards. What a killed run left there
/// is deleted first.
final class Scratch implements AutoCloseable {
    private final Path folder;

    private Scratch(Path folder) {
        this.folder = folder;
    }

    static Scratch in(Path stage) {
        Scratch scratch = new Scratch(stage.resolve(".scratch"));
        scratch.close();
        scratch.create(scratch.folder);
        return scratch;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new RetryLaterException(file.toString(), "a temporary file that can be deleted", e.toString(),
                    "check permissions, then run the same command again", e);
        }
    }

    /// @return a new folder
    Path folder(String name) {
        Path inner = folder.resolve(name);
        create(inner);
        return inner;
    }

    private void create(Path wanted) {
        try {
            Files.createDirectories(wanted);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw failed(e);
            }
        }
    }

    private RetryLaterException failed(IOException e) {
        return new RetryLaterException(
                folder.toString(), "a folder that can be written", e.toString(),
                "check free space and permissions, then run the same command again", e);
    }
}
