package dev.socratic.datasets.format;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// A file written under a temporary name beside its own, then moved into place. A process that dies leaves only the temporary file, which
/// the next attempt overwrites: its name does not vary.
record PendingFile(Path target) {
    Path path() {
        return target.resolveSibling("." + target.getFileName() + ".tmp");
    }

    void createFolder() throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
    }

    /// The writer has closed the temporary file; its bytes are forced to the disk before the name changes.
    void moveIntoPlace() throws IOException {
        try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(path(), target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void discard() throws IOException {
        Files.deleteIfExists(path());
    }
}
