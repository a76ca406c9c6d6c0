package dev.socratic.datasets.format;

import dev.socratic.core.config.Bare;
import java.nio.file.Path;
import java.util.List;

/// Files of rows: one by its bare path, several as `{files: [a.jsonl, b.parquet]}`.
public sealed interface FileList {
    /// @return at least one, in the order they are read
    List<Path> paths();

    /// One file.
    @Bare
    record File(Path path) implements FileList {
        @Override
        public List<Path> paths() {
            return List.of(path);
        }
    }

    /// Several, read one after the other; each may have a format and a layout of its own.
    record Files(List<Path> paths) implements FileList {
        public Files {
            paths = List.copyOf(paths);
            if (paths.isEmpty()) {
                throw new IllegalArgumentException("files: at least one; got none; write the path of a file");
            }
        }
    }

    static FileList of(List<Path> paths) {
        return paths.size() == 1 ? new File(paths.getFirst()) : new Files(paths);
    }
}
