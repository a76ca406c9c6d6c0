package dev.socratic.core.json;

import dev.socratic.core.io.IoProblems;
import dev.socratic.core.io.RegularFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// SHA-256, as 64 lower-case hexadecimal digits.
public final class Hashes {
    private static final int BUFFER = 1 << 16;

    private Hashes() {}

    public static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    /// @return the hash of the text in UTF-8
    public static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /// @return the hash of the canonical JSON of a value: the order of keys and the spelling of numbers make no
    ///         difference
    public static String ofJson(Object value) {
        return sha256(Json.canonical(value));
    }

    /// @throws dev.socratic.core.error.DataException if the file cannot be read
    public static String ofFile(Path file) {
        MessageDigest digest = digest();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = RegularFiles.open(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// A folder's content: relative names with `/` and file contents, whatever the order the file system lists them
    /// in. Empty folders, times and permissions do not count.
    ///
    /// @throws dev.socratic.core.error.DataException if the folder or a file in it cannot be read
    public static String ofFolder(Path folder) {
        StringBuilder listing = new StringBuilder();
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Path> files = walk.filter(Files::isRegularFile).toList();
            files.stream()
                    .map(file -> name(folder, file))
                    .sorted()
                    .forEach(name -> listing.append(ofFile(folder.resolve(name))).append("  ").append(name)
                            .append('\n'));
        } catch (IOException e) {
            throw IoProblems.reading(folder, e);
        }
        return sha256(listing.toString());
    }

    /// @return the hash of a file or of a folder, whichever the path is
    public static String of(Path path) {
        return Files.isDirectory(path) ? ofFolder(path) : ofFile(path);
    }

    private static String name(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
