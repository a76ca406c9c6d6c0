package dev.socratic.trainer.run.log;

import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file that grows at its end and can be cut back to a length it once had.
///
/// A `RandomAccessFile`, because a channel closes when its thread is interrupted, and an interrupt is how training is
/// asked to stop.
final class AppendFile implements AutoCloseable {
    private final Path path;
    private final RandomAccessFile file;

    private AppendFile(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    /// @param length bytes to keep of what is there; the rest is cut off
    /// @throws DataException if the file is shorter
    static AppendFile open(Path path, long length) {
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
            long size = file.length();
            if (size < length) {
                file.close();
                throw new DataException(
                        path.toString(),
                        "at least the %s bytes the checkpoint knows of".formatted(length),
                        "%s".formatted(size),
                        "the file was changed after training began: delete the folder's checkpoints to train anew");
            }
            file.setLength(length);
            file.seek(length);
            return new AppendFile(path, file);
        } catch (IOException e) {
            throw IoProblems.writing(path, e);
        }
    }

    void append(byte[] bytes) {
        try {
            file.write(bytes);
        } catch (IOException e) {
            throw IoProblems.writing(path, e);
        }
    }

    /// Makes everything appended durable.
    ///
    /// @return the length
    long sync() {
        try {
            file.getFD().sync();
            return file.length();
        } catch (IOException e) {
            throw IoProblems.writing(path, e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw IoProblems.writing(path, e);
        }
    }
}
