package dev.socratic.datasets.format;

import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.IoProblems;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;

/// A file written under a temporary name beside its own, then moved into place: [AtomicFiles] for writers that are
/// handed around. A process that dies leaves only the temporary file, which the next attempt overwrites: its name
/// does not vary.
record PendingFile(Path target) {
    Path path() {
        return target.resolveSibling("." + target.getFileName() + ".tmp");
    }

    void createFolder() {
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw IoProblems.writing(target, e);
        }
    }

    /// @return the temporary file as a stream, compressed where the name ends in `.gz`. The gzip header of the JDK
    ///         holds no time, so equal rows are equal bytes there too.
    OutputStream stream() {
        createFolder();
        try {
            OutputStream raw = Files.newOutputStream(path());
            return Format.isCompressed(target)
                    ? new GZIPOutputStream(raw, 1 << 16)
                    : new BufferedOutputStream(raw, 1 << 16);
        } catch (IOException e) {
            throw IoProblems.writing(target, e);
        }
    }

    /// The writer has closed the temporary file; its bytes are forced to the disk before the name changes.
    void moveIntoPlace() throws IOException {
        try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(path(), target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        AtomicFiles.syncFolder(target.toAbsolutePath().getParent());
    }

    void discard() throws IOException {
        Files.deleteIfExists(path());
    }
}
