package dev.socratic.core.run;

import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What stages were before something they are made of changed: `superseded/<stage>-<first digits of its basis'
/// hash>/`, with its entry of the manifest. What fits again comes back; of each stage the newest [#KEPT] are kept.
///
/// Files move one by one. A kill in between leaves some here and some in the stage's folder, under a manifest that
/// still names the basis they are of: [#finish] brings the rest back, and all begins again.
final class Superseded {
    private static final int DIGITS = 12;
    private static final String ENTRY = ".stage.json";
    private static final String FOLDER = "superseded";

    /// How many of each stage are kept: the one before a change that is taken back, and two more.
    static final int KEPT = 3;

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

    /// Removes all but the newest of a stage. Never what may be the only copy of answers that were paid for: what an
    /// endpoint said to a stage that has no account, and so nothing in `asked/`, or a journal of a stage's own.
    ///
    /// @param booked whether the stage has an account: what it asked lies in `asked/` then
    /// @return what was removed, oldest first
    List<Path> prune(String stage, boolean booked) {
        List<Path> all = files(root.resolve(FOLDER), ENTRY).stream()
                .filter(path -> path.getFileName().toString().matches(
                        Pattern.quote(stage.replace('/', '-')) + "-[0-9a-f]{" + DIGITS + "}"))
                .sorted(Comparator.comparing(Superseded::setAside).thenComparing(Comparator.naturalOrder()))
                .toList();
        List<Path> old = all.subList(0, Math.max(0, all.size() - KEPT)).stream()
                .filter(place -> !onlyCopy(place, booked))
                .toList();
        old.forEach(Superseded::delete);
        return old;
    }

    private static FileTime setAside(Path place) {
        try {
            Path entry = place.resolve(ENTRY);
            return Files.exists(entry) ? Files.getLastModifiedTime(entry) : FileTime.fromMillis(0);
        } catch (IOException e) {
            throw IoProblems.reading(place, e);
        }
    }

    private static boolean onlyCopy(Path place, boolean booked) {
        Path entry = place.resolve(ENTRY);
        boolean endpoint = Files.exists(entry)
                && Json.read(entry, Manifest.Stage.class).basis().config().findValue("base_url") != null;
        return endpoint && !booked
                || files(place, ENTRY).stream().anyMatch(file -> file.getFileName().toString().endsWith(".journal"));
    }

    /// The entry last: what a kill leaves is known by it the next time, and is the oldest then.
    private static void delete(Path place) {
        try (Stream<Path> walk = Files.walk(place)) {
            Path entry = place.resolve(ENTRY);
            for (Path file : walk.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(entry) && !file.equals(place)) {
                    Files.delete(file);
                }
            }
            Files.deleteIfExists(entry);
            Files.delete(place);
        } catch (IOException e) {
            throw IoProblems.writing(place, e);
        }
    }

    private Path place(String stage, Manifest.Basis basis) {
        return root.resolve(FOLDER).resolve(stage.replace('/', '-') + "-" + basis.hash().substring(0, DIGITS));
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
