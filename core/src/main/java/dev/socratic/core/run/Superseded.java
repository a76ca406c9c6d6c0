package dev.socratic.core.run;

import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What stages were before something they are made of changed: `superseded/<stage>-<first digits of its basis'
/// hash>/`, with its entry of the manifest. Nothing here is deleted, and what fits again comes back.
///
/// Files move one by one. A kill in between leaves some here and some in the stage's folder, under a manifest that
/// still names the basis they are of: [#finish] brings the rest back, and all begins again.
final class Superseded {
    private static final int DIGITS = 12;
    private static final String ENTRY = ".stage.json";

    private final Path root;

    Superseded(Path root) {
        this.root = root;
    }

    /// Moves everything but the cache out of the stage's folder.
    ///
    /// @param entry what the manifest says of it
    /// @return where it lies now; empty if there was nothing
    Optional<Path> put(String stage, Manifest.Stage entry) {
        List<Path> files = files(root.resolve(stage), StageFiles.CACHE);
        if (files.isEmpty()) {
            return Optional.empty();
        }
        Path place = place(stage, entry.basis());
        AtomicFiles.write(place.resolve(ENTRY), Json.pretty(entry));
        move(files, place);
        return Optional.of(place);
    }

    /// @return what the manifest said of the stage when it was made of this
    Optional<Manifest.Stage> find(String stage, Manifest.Basis basis) {
        Path entry = place(stage, basis).resolve(ENTRY);
        return Files.exists(entry)
                ? Optional.of(Json.read(entry, Manifest.Stage.class)).filter(e -> e.basis().hash().equals(basis.hash()))
                : Optional.empty();
    }

    /// Moves what was made of this into the stage's folder, where nothing of it is in the way.
    void take(String stage, Manifest.Basis basis) {
        Path place = place(stage, basis);
        move(files(place, ENTRY), root.resolve(stage));
        try {
            Files.deleteIfExists(place.resolve(ENTRY));
            Files.deleteIfExists(place);
        } catch (IOException e) {
            throw IoProblems.writing(place, e);
        }
    }

    /// Brings back the rest of a stage that was on its way when a process was killed.
    void finish(String stage, Manifest.Basis current) {
        if (find(stage, current).isPresent()) {
            take(stage, current);
        }
    }

    private Path place(String stage, Manifest.Basis basis) {
        return root.resolve("superseded").resolve(stage.replace('/', '-') + "-" + basis.hash().substring(0, DIGITS));
    }

    private static List<Path> files(Path folder, String but) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> listing = Files.list(folder)) {
            return listing.filter(path -> !path.getFileName().toString().equals(but)).sorted().toList();
        } catch (IOException e) {
            throw IoProblems.reading(folder, e);
        }
    }

    private static void move(List<Path> files, Path into) {
        try {
            Files.createDirectories(into);
            for (Path file : files) {
                Files.move(file, free(into, file.getFileName().toString()));
            }
            AtomicFiles.syncFolder(into);
        } catch (IOException e) {
            throw IoProblems.writing(into, e);
        }
    }

    /// A name that somebody has taken meanwhile is no reason to lose either file.
    private static Path free(Path folder, String name) {
        Path place = folder.resolve(name);
        for (int n = 2; Files.exists(place); n++) {
            place = folder.resolve(name + "." + n);
        }
        return place;
    }
}
