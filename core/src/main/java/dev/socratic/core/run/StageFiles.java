package dev.socratic.core.run;

import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Hashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The files in a stage's folder: which are outputs, which are its work in progress, and which stay whatever happens.
final class StageFiles {
    /// Content-addressed and so right for every config: stays when everything else moves aside.
    static final String CACHE = "cache";
    private static final Set<String> WORK = Set.of(CACHE, "checkpoints");

    private StageFiles() {}

    /// @return SHA-256 by relative name of every file but journals, locks, hidden files, `cache/` and `checkpoints/`
    static SortedMap<String, String> outputs(Path folder) {
        SortedMap<String, String> outputs = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                Path relative = folder.relativize(file);
                String name = relative.toString().replace('\\', '/');
                if (!isWork(relative)) {
                    outputs.put(name, Hashes.ofFile(file));
                }
            }
        } catch (IOException e) {
            throw IoProblems.reading(folder, e);
        }
        return outputs;
    }

    private static boolean isWork(Path relative) {
        String first = relative.getName(0).toString();
        String name = relative.getFileName().toString();
        return WORK.contains(first) || name.startsWith(".") || name.endsWith(".journal") || name.endsWith(".lock");
    }

    /// Moves everything but the cache out of the stage's folder, file by file: a kill in between leaves the rest for
    /// the next start.
    ///
    /// @return where it lies now; empty if there was nothing
    static Optional<Path> setAside(Path root, String stage) {
        try {
            List<String> old = list(root.resolve(stage)).stream().map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals(CACHE)).toList();
            return setAside(root, stage, old);
        } catch (IOException e) {
            throw IoProblems.reading(root.resolve(stage), e);
        }
    }

    /// Moves these files or folders, by relative name, out of the stage's folder.
    ///
    /// @return where they lie now; empty if there are none
    static Optional<Path> setAside(Path root, String stage, Collection<String> names) {
        Path folder = root.resolve(stage);
        if (names.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path aside = free(root.resolve("superseded"), stage.replace('/', '-'));
            for (String name : names) {
                Files.createDirectories(aside.resolve(name).getParent());
                Files.move(folder.resolve(name), aside.resolve(name));
            }
            AtomicFiles.syncFolder(folder);
            return Optional.of(aside);
        } catch (IOException e) {
            throw IoProblems.writing(folder, e);
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> listing = Files.list(folder)) {
            return listing.toList();
        }
    }

    private static Path free(Path parent, String name) {
        int n = 1;
        while (Files.exists(parent.resolve(name + "-" + n))) {
            n++;
        }
        return parent.resolve(name + "-" + n);
    }
}
