package dev.socratic.models.gguf.convert;

import dev.socratic.core.io.IoProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Keeps the folders of a cache below a number of bytes: those that were not used for longest go, but none that was
/// used within a day, for a command may be at work with it.
///
/// @param root  with a folder for each entry
/// @param bound bytes
/// @param tell  gets a line for each that goes
record CacheRoom(Path root, long bound, Consumer<String> tell) {
    private static final Duration IN_USE = Duration.ofDays(1);

    private record Entry(Path folder, long bytes, Instant used) {}

    /// @param kept  an entry that stays
    /// @param bytes that it will get
    void free(Path kept, long bytes) {
        List<Entry> entries = entries();
        long all = bytes + entries.stream().mapToLong(Entry::bytes).sum();
        entries.sort(Comparator.comparing(Entry::used));
        for (Entry entry : entries) {
            boolean old = entry.used().isBefore(Instant.now().minus(IN_USE));
            if (all > bound && old && !entry.folder().equals(kept)) {
                remove(entry.folder());
                all -= entry.bytes();
                tell.accept("%s was not used since %s and went, for the cache is bounded to %s".formatted(
                        entry.folder(), entry.used(), GgufImport.size(bound)));
            }
        }
        if (all > bound) {
            tell.accept("%s will hold %s, more than its bound of %s, for all in it was used within a day".formatted(
                    root, GgufImport.size(all), GgufImport.size(bound)));
        }
    }

    private List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> list = Files.list(root)) {
            for (Path folder : list.filter(path -> path.getFileName().toString().matches("[0-9a-f]{32}")).toList()) {
                Path used = folder.resolve("used");
                entries.add(new Entry(folder, size(folder), Files.getLastModifiedTime(
                        Files.exists(used) ? used : folder).toInstant()));
            }
        } catch (IOException failed) {
            throw IoProblems.reading(root, failed);
        }
        return entries;
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            long bytes = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        }
    }

    /// Removes a folder with everything in it, if it is there.
    static void remove(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw IoProblems.writing(folder, failed);
        }
    }
}
