package dev.socratic.trainer.log;

import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file that grows at its end and can be cut back to a length it once had.
final class AppendFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;

    private AppendFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /// @param length bytes to keep of what is there; the rest is cut off
    /// @throws DataException if the file is shorter
    static AppendFile open(Path path, long length) {
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.size() < length) {
                long size = channel.size();
                channel.close();
                throw new DataException(
                        path.toString(),
                        "at least the %d bytes the checkpoint knows of".formatted(length),
                        "%d".formatted(size),
                        "the file was changed after training began: delete the folder's checkpoints to train anew");
            }
            channel.truncate(length);
            channel.position(length);
            return new AppendFile(path, channel);
        } catch (IOException e) {
            throw IoProblems.writing(path, e);
        }
    }

    void append(byte[] bytes) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        try {
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        } catch (IOException e) {
            throw IoProblems.writing(path, e);
        }
    }

    /// Makes everything appended durable.
    ///
    /// @return the length
    long sync() {
        try {
            channel.force(true);
            return channel.size();
        } catch (IOException e) {
            throw IoProblems.writing(path, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw IoProblems.writing(path, e);
        }
    }
}
