package dev.socratic.core.io;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.FirstLine;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.error.SocraticException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipException;

/// An `IOException` as one line with path and remedy, sorted by what the user has to do.
///
/// What stands at the path says more than the exception: a folder where a file was wanted, a file on the way to it, a
/// link that leads nowhere, an
/// address. The disk is blamed only where the system says that it failed.
public final class IoProblems {
    /// What operating systems say when no more can be written: no space, no quota, a limit on file size.
    private static final List<String> FULL =
            List.of("no space left", "quota exceeded", "file too large", "not enough space", "disk is full");
    /// What they say when a device or a file server does not answer as it should.
    private static final List<String> DISK =
            List.of("input/output error", "stale file handle", "stale nfs", "device not configured",
            "no such device", "transport endpoint", "remote i/o", "structure needs cleaning", "connection timed out");
    private static final List<String> LOOP = List.of("levels of symbolic links", "symbolic link loop");
    private static final String FILE = "a file that can be read";
    private static final String NONE = "none there";
    private static final String INTO = "a folder to write into";
    private static final String CHECK_PATH = "check the path";

    private IoProblems() {}

    /// @return what to throw when reading `path` failed
    public static SocraticException reading(Path path, IOException e) {
        return reading(path, FILE, e);
    }

    /// @param wanted what kind of thing was wanted there, with its article: "a file of tasks"
    /// @return what to throw when reading `path` failed
    public static SocraticException reading(Path path, String wanted, IOException e) {
        return switch (e) {
            case ClosedByInterruptException stopped -> interrupted(path, "to read all of it", stopped);
            case AccessDeniedException denied ->
                    forbidden(path, "a file this user may read", "change its permissions or owner", denied);
            case NotDirectoryException file ->
                new DataException(path.toString(), "a folder", "a file", "give the folder's path", file);
            case CharacterCodingException bytes ->
                new DataException(path.toString(), "text in UTF-8", "other bytes", "convert the file to UTF-8", bytes);
            case ZipException bytes ->
                new DataException(path.toString(), "bytes that gzip wrote", reason(bytes),
                        "compress the file again, or take .gz off its name", bytes);
            case EOFException cut -> new DataException(
                    path.toString(), "a whole file", "the beginning of one", "copy or write it again", cut);
            case FileSystemException loop when says(loop, LOOP) -> new DataException(
                    path.toString(), wanted, "links that lead in a circle", "mend the links", loop);
            case IOException broken when says(broken, DISK) -> failing(path, wanted, broken);
            default -> notThere(path, wanted)
                    .<SocraticException>map(there ->
                            new DataException(path.toString(), there.expected(), there.got(), there.remedy(), e))
                    .orElseGet(() -> failing(path, wanted, e));
        };
    }

    /// @return what to throw when writing `path` failed
    public static SocraticException writing(Path path, IOException e) {
        if (isFull(e)) {
            return new RetryLaterException(
                    path.toString(), "room to write", reason(e),
                    "free some space and run the same command again: it goes on where it stopped", e);
        }
        return switch (e) {
            case ClosedByInterruptException stopped -> interrupted(path, "to write all of it", stopped);
            case AccessDeniedException denied -> forbidden(path, "a place this user may write to",
                    "change its permissions or choose another folder", denied);
            // RandomAccessFile has one exception for both.
            case FileNotFoundException denied when reason(denied).contains("Permission denied") ->
                forbidden(path, "a place this user may write to", "change its permissions or choose another folder",
                        denied);
            case FileSystemException only when reason(only).contains("Read-only file system") ->
                new DataException(path.toString(), "a place that can be written to", "a read-only file system",
                        "choose another folder", only);
            case IOException broken when says(broken, DISK) -> failing(path, "a file that can be written", broken);
            default -> unwritable(path)
                    .<SocraticException>map(there ->
                            new DataException(path.toString(), there.expected(), there.got(), there.remedy(), e))
                    .orElseGet(() -> failing(path, "a file that can be written", e));
        };
    }

    /// @param folder that is to be made or written into
    /// @return what stands in the way, found out without writing anything; empty where nothing does
    public static Optional<SocraticException> hindrance(Path folder) {
        Path there = folder.toAbsolutePath().normalize();
        while (there.getParent() != null && !Files.exists(there)) {
            if (Files.isSymbolicLink(there)) {
                return Optional.of(new ConfigException(folder.toString(), INTO, "a link that leads nowhere, " + there,
                        "mend the link or choose another folder"));
            }
            there = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            String file = there.equals(folder.toAbsolutePath().normalize()) ? "a file" : "a file on the way, " + there;
            return Optional.of(
                    new ConfigException(folder.toString(), INTO, file, "choose another folder, or move the file away"));
        }
        return Files.isWritable(there) ? Optional.empty() : Optional.of(new ConfigException(
                folder.toString(), "a folder this user may write to", "no permission in " + there,
                        "change its permissions or choose another folder"));
    }

    /// @return whether the disk, the quota or the limit on file size is used up
    public static boolean isFull(IOException e) {
        return says(e, FULL);
    }

    /// What stands at a path instead of what was wanted there.
    ///
    /// @param expected what was wanted
    /// @param got      what it is
    /// @param remedy   what to do
    public record Instead(String expected, String got, String remedy) {
        /// @return the path, where the place of the problem is another, and what it is
        public String at(Path path) {
            return "'" + path + "', " + (got.equals(NONE) ? "where there is none" : got);
        }
    }

    /// @param wanted what kind of thing was wanted, with its article; one that begins with "a folder" may be a folder
    /// @return what stands there where that is not a file or folder to read; empty where it seems to be one
    public static Optional<Instead> notThere(Path path, String wanted) {
        String text = path.toString();
        if (text.matches("https?:/.*")) {
            return Optional.of(new Instead(wanted, "an address",
                    "give a path; an endpoint is named in a config: {endpoint: {base_url: ..., model: ...}}"));
        }
        if (Files.isSymbolicLink(path) && !Files.exists(path)) {
            return Optional.of(new Instead(wanted, "a link that leads nowhere", "mend the link"));
        }
        if (Files.isDirectory(path) && !wanted.startsWith("a folder")) {
            return Optional.of(new Instead(wanted, "a folder", "give the path of a file in it"));
        }
        if (Files.exists(path)) {
            return Optional.empty();
        }
        return fileOnTheWay(path).map(file ->
                new Instead(wanted, "'" + file.getFileName() + "' on the way, which is a file", CHECK_PATH))
                .or(() -> Optional.of(
                        new Instead(wanted.equals(FILE) ? "a file that exists" : wanted, NONE, CHECK_PATH)));
    }

    private static Optional<Instead> unwritable(Path path) {
        if (Files.isDirectory(path)) {
            return Optional.of(new Instead("a file that can be written", "a folder in its place",
                    "move it away or choose another folder"));
        }
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null || Files.isDirectory(parent)) {
            return Optional.empty();
        }
        return fileOnTheWay(path)
                .map(file -> new Instead(INTO, "a file, " + file, "choose another folder, or move the file away"))
                .or(() -> Optional.of(new Instead(INTO, "none there", "create the folder or choose another")));
    }

    private static Optional<Path> fileOnTheWay(Path path) {
        Path up = path.toAbsolutePath().getParent();
        while (up != null && !Files.exists(up)) {
            up = up.getParent();
        }
        return Optional.ofNullable(up).filter(there -> !Files.isDirectory(there));
    }

    /// No one of the known reasons: what the system says, and the disk only where it says so.
    private static SocraticException failing(Path path, String wanted, IOException e) {
        String reason = reason(e);
        if (says(e, DISK)) {
            return new RetryLaterException(path.toString(), wanted, reason,
                    "check the disk and run the same command again", e);
        }
        if (e instanceof FileSystemLoopException
                || says(e, List.of("too many levels of symbolic links", "symbolic link loop"))) {
            return new DataException(path.toString(), wanted, "a link that leads back to itself", "mend the link", e);
        }
        if (says(e, List.of("too many open files"))) {
            return new RetryLaterException(path.toString(), wanted, reason,
                    "raise the limit (ulimit -n 65536) and run the same command again", e);
        }
        if (says(e, List.of("file name too long"))) {
            return new DataException(path.toString(), wanted, reason, "choose a shorter path", e);
        }
        if (e instanceof FileAlreadyExistsException) {
            return new DataException(path.toString(), INTO, "a file", "choose another folder, or move the file away",
                    e);
        }
        return new RetryLaterException(path.toString(), wanted, reason,
                "look at the file, then run the same command again", e);
    }

    private static DataException forbidden(Path path, String expected, String remedy, IOException e) {
        return new DataException(path.toString(), expected, "permission denied", remedy, e);
    }

    /// A channel that is busy when its thread is interrupted closes itself: the disk is well.
    private static RetryLaterException interrupted(Path path, String expected, IOException e) {
        return new RetryLaterException(path.toString(), expected, "an interrupt",
                "run the same command: it goes on from here, nothing is lost", e);
    }

    private static boolean says(IOException e, List<String> reasons) {
        String reason = reason(e).toLowerCase(Locale.ROOT);
        return reasons.stream().anyMatch(reason::contains);
    }

    private static String reason(IOException e) {
        if (e instanceof FileSystemException fs && fs.getReason() != null) {
            return fs.getReason();
        }
        return FirstLine.of(e);
    }
}
