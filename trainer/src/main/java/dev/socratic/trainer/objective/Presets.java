package dev.socratic.trainer.objective;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.NamedFiles;
import dev.socratic.core.config.Spelling;
import dev.socratic.core.error.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The named objectives that come with the trainer: each file `presets/<name>.yaml` is one, and there is no list to
/// forget.
public final class Presets {
    private static final String FOLDER = "/dev/socratic/trainer/presets/";
    private static final String ENDING = Objective.FILES;

    private Presets() {}

    /// @return their names in alphabetical order
    public static List<String> names() {
        URL anchor = Presets.class.getResource(FOLDER + "sft" + ENDING);
        if (anchor == null) {
            throw new IllegalStateException(FOLDER + " is missing from the class path");
        }
        try {
            URI place = anchor.toURI();
            if (!place.getScheme().equals("jar")) {
                return names(Path.of(place).getParent());
            }
            try (FileSystem archive = FileSystems.newFileSystem(place, Map.of())) {
                return names(archive.getPath(FOLDER));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(ENDING))
                    .map(file -> file.substring(0, file.length() - ENDING.length()))
                    .sorted()
                    .toList();
        }
    }

    /// @param nameOrFile a preset's name, or the path of a YAML file: whatever has a separator in it or ends in
    ///                   `.yaml`
    static ConfigReader.Placed<Objective> read(String nameOrFile) {
        Optional<Path> file = NamedFiles.path(nameOrFile, ENDING);
        if (file.isPresent()) {
            return ConfigReader.placed(file.get(), Objective.class, Map.of());
        }
        try (InputStream in = nameOrFile.matches("[a-z0-9_]+")
                ? Presets.class.getResourceAsStream(FOLDER + nameOrFile + ENDING)
                : null) {
            if (in == null) {
                throw new ConfigException(
                        "objective", "a preset or a file", "'" + nameOrFile + "'",
                                Spelling.nearest(nameOrFile, names()).map(name -> "write '" + name + "'")
                                .orElse("see socratic objective list, or name a file by its path"));
            }
            return ConfigReader.placed(new String(in.readAllBytes(), StandardCharsets.UTF_8), nameOrFile + ENDING,
                    Objective.class, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
