package dev.socratic.core.config;

import dev.socratic.core.error.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Configs that come with a module, one file each in a folder of its resources, and files of one's own beside them:
/// there is no list to forget.
///
/// @param anchor class of the module
/// @param folder of the resources, `/` at both ends
/// @param ending of the files, as in `.yaml`
/// @param key    under which a config names one
/// @param kind   what one is, with its article: `a preset`
/// @param remedy what to do about a name that is nearly none of them
public record BuiltInFiles(Class<?> anchor, String folder, String ending, String key, String kind, String remedy) {
    /// @return their names in alphabetical order
    public List<String> names() {
        try {
            Path module = Path.of(anchor.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(module)) {
                return names(module.resolve(folder.substring(1)));
            }
            try (FileSystem archive = FileSystems.newFileSystem(module)) {
                return names(archive.getPath(folder));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> names(Path files) throws IOException {
        try (Stream<Path> all = Files.list(files)) {
            return all.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(ending))
                    .map(file -> file.substring(0, file.length() - ending.length()))
                    .sorted()
                    .toList();
        }
    }

    /// @param nameOrFile one of [#names], or the path of a file: whatever has a separator in it or the ending
    public <R extends Record> ConfigReader.Placed<R> read(String nameOrFile, Class<R> type) {
        Optional<Path> file = NamedFiles.path(nameOrFile, ending);
        if (file.isPresent()) {
            return ConfigReader.placed(file.get(), type, Map.of());
        }
        try (InputStream in = nameOrFile.matches("[a-z0-9_]+")
                ? anchor.getResourceAsStream(folder + nameOrFile + ending)
                : null) {
            if (in == null) {
                throw new ConfigException(key, kind + " or a file", "'" + nameOrFile + "'",
                        Spelling.nearest(nameOrFile, names()).map(name -> "write '" + name + "'").orElse(remedy));
            }
            return ConfigReader.placed(new String(in.readAllBytes(), StandardCharsets.UTF_8), nameOrFile + ending,
                    type, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
