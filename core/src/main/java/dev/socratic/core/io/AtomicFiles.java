package dev.socratic.core.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Writes a file so that, whatever happens, it is the old one or the new one, whole.
///
/// Written under the temporary name `.<name>.tmp` in the same folder, flushed to the disk, renamed over the old one,
/// and the folder flushed too, so that the rename survives a power cut. What a killed process left under the
/// temporary name is overwritten by the next try, so two processes must not write the same file at once (a run folder
/// is locked for that).
public final class AtomicFiles {
    private static final int BUFFER = 1 << 16;

    private AtomicFiles() {}

    /// @param body writes the content; if it throws, the old file stays and the temporary one is removed
    /// @throws dev.socratic.core.error.RetryLaterException if the disk is full or failing
    /// @throws dev.socratic.core.error.DataException       if the folder may not be written to
    public static void write(Path file, IOConsumer<? super OutputStream> body) {
        Path temporary = temporary(file);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            // A RandomAccessFile, unlike a channel, is not closed by an interrupt half-way through.
            try (RandomAccessFile raw = new RandomAccessFile(temporary.toFile(), "rw")) {
                raw.setLength(0);
                OutputStream out = new BufferedOutputStream(new RandomAccessOutput(raw), BUFFER);
                body.accept(out);
                out.flush();
                raw.getFD().sync();
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncFolder(file.toAbsolutePath().getParent());
        } catch (IOException e) {
            discard(temporary);
            throw IoProblems.writing(file, e);
        } catch (RuntimeException | Error e) {
            discard(temporary);
            throw e;
        }
    }

    public static void write(Path file, byte[] content) {
        write(file, out -> out.write(content));
    }

    /// Writes text in UTF-8.
    public static void write(Path file, String content) {
        write(file, content.getBytes(StandardCharsets.UTF_8));
    }

    /// Makes what was created, renamed or deleted in a folder durable. Where the system cannot open folders
    /// (Windows), does nothing.
    public static void syncFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Nothing to do: the rename itself has happened; only its survival of a power cut is not assured here.
        }
    }

    /// @return the name a file has while it is written
    static Path temporary(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".tmp");
    }

    private static void discard(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // The next write of this file overwrites it.
        }
    }
}
