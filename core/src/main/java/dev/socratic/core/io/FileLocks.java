package dev.socratic.core.io;

import dev.socratic.core.error.RetryLaterException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// Keeps a second process (or a second user in this one) away. The system gives the lock back when the process ends,
/// however it ends, so a lock file that is left over locks nothing.
public final class FileLocks implements AutoCloseable {
    private final FileChannel channel;

    private FileLocks(FileChannel channel) {
        this.channel = channel;
    }

    /// @param lockFile is created if it is not there, and stays
    /// @param guarded  what is locked, for the message
    /// @throws RetryLaterException if somebody else has it
    public static FileLocks take(Path lockFile, Path guarded) {
        return tryTake(lockFile).orElseThrow(() -> new RetryLaterException(
                guarded.toString(), "to be the only one that writes here", "another run at work",
                "wait until it has ended, or choose another folder"));
    }

    /// @param lockFile is created if it is not there, and stays
    /// @return the lock; empty if somebody else has it
    public static Optional<FileLocks> tryTake(Path lockFile) {
        FileChannel channel;
        try {
            channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw IoProblems.writing(lockFile, e);
        }
        try {
            if (tryLock(channel).isPresent()) {
                return Optional.of(new FileLocks(channel));
            }
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            throw IoProblems.writing(lockFile, e);
        }
    }

    private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException e) {
            return Optional.empty(); // held by this very process
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The lock goes with the channel, whatever closing it says.
        }
    }
}
