package dev.socratic.core.io;

import dev.socratic.core.error.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;

/// Opens files for reading that are files: a named pipe would wait for ever, a device never ends, a folder is none.
///
/// What is read whole is read to a bound that the caller names, looked at before and while reading.
public final class RegularFiles {
    /// What a config, an index, a template or a tokenizer may take: the largest tokenizers have some 35 MB.
    public static final long SMALL = 256L << 20;

    private RegularFiles() {}

    /// @return the file's bytes as a stream
    /// @throws DataException if there is none, or something else that is no file
    public static InputStream open(Path file) {
        require(file);
        try {
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
    }

    /// @param most bytes at most
    /// @throws DataException if it is no file, or a larger one
    public static byte[] bytes(Path file, long most) {
        BasicFileAttributes found = require(file);
        if (found.size() > most) {
            throw tooLarge(file, most);
        }
        try (InputStream in = Files.newInputStream(file)) {
            // Files of the kernel say that they are empty: what is read counts, not what was said.
            byte[] all = in.readNBytes(Math.toIntExact(Math.min(most + 1, Integer.MAX_VALUE - 8L)));
            if (all.length > most) {
                throw tooLarge(file, most);
            }
            return all;
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
    }

    /// @return a small file's text
    /// @throws DataException if it is no file, larger than [#SMALL] or no UTF-8
    public static String text(Path file) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(file, SMALL))).toString();
        } catch (CharacterCodingException e) {
            throw IoProblems.reading(file, e);
        }
    }

    /// @throws DataException if there is none, or something else that is no file
    public static BasicFileAttributes require(Path file) {
        BasicFileAttributes found;
        try {
            found = Files.readAttributes(file, BasicFileAttributes.class);
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
        if (found.isDirectory()) {
            throw IoProblems.reading(file, new IOException("a folder"));
        }
        if (!found.isRegularFile()) {
            throw new DataException(
                    file.toString(), "a regular file", "a pipe or a device",
                    "write what it gives into a file and name that");
        }
        return found;
    }

    private static DataException tooLarge(Path file, long most) {
        String bound = most < 1 << 20 ? most + " bytes" : String.format(Locale.ROOT, "%d MiB", most >> 20);
        return new DataException(
                file.toString(), "a file of at most " + bound, "a larger one", "check that it is the right file");
    }
}
