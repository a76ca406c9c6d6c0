package dev.socratic.datasets.format;

import com.github.luben.zstd.ZstdInputStream;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/// Files within a zip, stored, deflated or by zstd (method 93 of the format, which the JDK does not read).
public final class ZippedFiles {
    private static final int ZSTD = 93;

    private ZippedFiles() {}

    /// @param largest bytes of one file that are taken into memory; a larger one is refused
    /// @param wanted  by name
    /// @param reader  takes name and content, in the order of the archive
    /// @throws DataException if it is no such archive or is cut short
    public static void read(Path file, int largest, Predicate<String> wanted, BiConsumer<String, byte[]> reader) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file.toString(), "a zip archive", Files.exists(file) ? "a folder" : "none there",
                    "name a file");
        }
        try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntriesInPhysicalOrder())) {
                if (wanted.test(entry.getName())) {
                    reader.accept(entry.getName(), content(file, zip, entry, largest));
                }
            }
        } catch (ZipException e) {
            throw broken(file, e);
        } catch (IOException e) {
            // What comes of a damaged stream is no more than an IOException; of a disk it names the file.
            throw Files.isReadable(file) ? broken(file, e) : IoProblems.reading(file, e);
        }
    }

    private static DataException broken(Path file, IOException why) {
        return new DataException(file.toString(), "a whole zip archive", String.valueOf(why.getMessage()),
                "copy it again", why);
    }

    private static byte[] content(Path file, ZipFile zip, ZipArchiveEntry entry, int largest) throws IOException {
        try (InputStream in = entry.getMethod() == ZSTD ? new ZstdInputStream(zip.getRawInputStream(entry))
                : zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(largest);
            if (in.read() >= 0) {
                throw new DataException(file + "!" + entry.getName(), "at most %s bytes".formatted(largest),
                        "more", "split it");
            }
            return bytes;
        }
    }
}
