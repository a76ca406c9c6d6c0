package dev.socratic.core.config;

import java.nio.file.Path;
import java.util.Optional;

/// Texts that are a built-in name or the path of a file.
public final class NamedFiles {
    private NamedFiles() {}

    /// @param ending of such files, as in `.yaml`
    /// @return the path, where the text has a separator in it or that ending; names have neither
    public static Optional<Path> path(String nameOrFile, String ending) {
        boolean file = nameOrFile.contains("/") || nameOrFile.contains("\\") || nameOrFile.endsWith(ending);
        return file ? Optional.of(Path.of(nameOrFile)) : Optional.empty();
    }

    /// @return the same name, or the file's path from another folder
    static String from(Path folder, String nameOrFile, String ending) {
        return path(nameOrFile, ending).map(file -> folder.resolve(file).normalize().toString()).orElse(nameOrFile);
    }
}
