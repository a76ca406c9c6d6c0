package dev.socratic.core.io;

import dev.socratic.core.error.DataException;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.error.SocraticException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;

/// An `IOException` as one line with path and remedy, sorted by what the user has to do.
public final class IoProblems {
    /// What operating systems say when no more can be written: no space, no quota, a limit on file size.
    private static final List<String> FULL =
            List.of("no space left", "quota exceeded", "file too large", "not enough space", "disk is full");

    private IoProblems() {}

    /// @return what to throw when reading `path` failed
    public static SocraticException reading(Path path, IOException e) {
        return switch (e) {
            case ClosedByInterruptException stopped -> interrupted(path, "to read all of it", stopped);
            case NoSuchFileException gone -> missing(path, gone);
            case FileNotFoundException gone when !Files.exists(path) -> missing(path, gone);
            case AccessDeniedException denied ->
                new DataException(path.toString(), "a file this user may read", "permission denied", "change its permissions or owner", denied);
            case NotDirectoryException file ->
                new DataException(path.toString(), "a folder", "a file", "give the folder's path", file);
            case CharacterCodingException bytes ->
                new DataException(path.toString(), "text in UTF-8", "other bytes", "convert the file to UTF-8", bytes);
            default -> new RetryLaterException(path.toString(), "a file that can be read", reason(e), "check the disk and run the same command again", e);
        };
    }

    /// @return what to throw when writing `path` failed
    public static SocraticException writing(Path path, IOException e) {
        if (isFull(e)) {
            return new RetryLaterException(
                    path.toString(), "room to write", reason(e), "free some space and run the same command again: it goes on where it stopped", e);
        }
        return switch (e) {
            case ClosedByInterruptException stopped -> interrupted(path, "to write all of it", stopped);
            case AccessDeniedException denied ->
                new DataException(path.toString(), "a place this user may write to", "permission denied", "change its permissions or choose another folder", denied);
            // RandomAccessFile has one exception for both.
            case FileNotFoundException denied when reason(denied).contains("Permission denied") ->
                new DataException(path.toString(), "a place this user may write to", "permission denied", "change its permissions or choose another folder", denied);
            case NoSuchFileException gone ->
                new DataException(path.toString(), "a folder to write into", "none there", "create the folder or choose another", gone);
            default -> new RetryLaterException(path.toString(), "a file that can be written", reason(e), "check the disk and run the same command again", e);
        };
    }

    /// @return whether the disk, the quota or the limit on file size is used up
    public static boolean isFull(IOException e) {
        String reason = reason(e).toLowerCase(java.util.Locale.ROOT);
        return FULL.stream().anyMatch(reason::contains);
    }

    /// A channel that is busy when its thread is interrupted closes itself: the disk is well.
    private static RetryLaterException interrupted(Path path, String expected, IOException e) {
        return new RetryLaterException(path.toString(), expected, "an interrupt", "run the same command: it goes on from here, nothing is lost", e);
    }

    private static DataException missing(Path path, IOException e) {
        return new DataException(path.toString(), "a file that exists", "none there", "check the path", e);
    }

    private static String reason(IOException e) {
        if (e instanceof FileSystemException fs && fs.getReason() != null) {
            return fs.getReason();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage().lines().findFirst().orElse("");
    }
}
