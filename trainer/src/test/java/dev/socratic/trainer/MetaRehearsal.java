package dev.socratic.trainer;

import dev.socratic.core.json.Json;
import dev.socratic.models.engine.Program;
import dev.socratic.models.rehearsal.OnMeta;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Makes each kind of call that the tests make of a program once more on the device `meta` ([OnMeta]). [ProgramLaws]
/// looks at what came of it, in this JVM and, where tests run in several side by side, in the others, each of which
/// leaves it in a file of the folder [#FOLDER].
public final class MetaRehearsal implements BeforeAllCallback {
    /// Names a folder; what is in it when the build begins is cleared there.
    private static final String FOLDER = "socratic.rehearsals";
    private static final AtomicInteger CLASSES = new AtomicInteger();
    private static final AtomicReference<Stage> STAGE = new AtomicReference<>();

    /// What came of the calls.
    ///
    /// @param classes how many classes of tests ran
    /// @param run     by their program's path, the functions that ran on `meta`
    /// @param failed  by program and function, what a call failed with
    /// @param reading functions that read a number
    record Findings(int classes, Map<String, Set<String>> run, Map<String, String> failed, Set<String> reading) {
        private Findings and(Findings other) {
            Map<String, Set<String>> both = new TreeMap<>();
            run.forEach((path, functions) -> both.put(path, new TreeSet<>(functions)));
            other.run.forEach((path, functions) ->
                    both.computeIfAbsent(path, ignored -> new TreeSet<>()).addAll(functions));
            Map<String, String> failures = new TreeMap<>(failed);
            failures.putAll(other.failed);
            Set<String> readers = new TreeSet<>(reading);
            readers.addAll(other.reading);
            return new Findings(classes + other.classes, both, failures, readers);
        }

        /// @param texts program texts by their path
        /// @return the functions that no test ran, by path
        Map<String, List<String>> missing(Map<String, String> texts) {
            Map<String, List<String>> missing = new TreeMap<>();
            texts.forEach((path, text) -> {
                List<String> functions = Program.functions(text).stream()
                        .filter(function -> !run.getOrDefault(path, Set.of()).contains(function)).toList();
                if (!functions.isEmpty()) {
                    missing.put(path, functions);
                }
            });
            return missing;
        }
    }

    /// @return of this JVM and of those that have left theirs
    static Findings findings() throws IOException {
        Findings all = own();
        Optional<Path> own = file();
        if (own.isEmpty() || !Files.isDirectory(own.get().getParent())) {
            return all;
        }
        try (Stream<Path> files = Files.list(own.get().getParent())) {
            for (Path file : files.filter(path -> !path.equals(own.get())).sorted().toList()) {
                all = all.and(Json.mapper().readValue(file.toFile(), Findings.class));
            }
        }
        return all;
    }

    private static Findings own() {
        OnMeta.Findings found = STAGE.get().meta.findings();
        return new Findings(CLASSES.get(), found.run(), found.failed(), found.reading());
    }

    private static Optional<Path> file() {
        return Optional.ofNullable(System.getProperty(FOLDER))
                .map(folder -> Path.of(folder, ProcessHandle.current().pid() + ".json"));
    }

    private static void leave(Path file) {
        try {
            Files.createDirectories(file.getParent());
            Json.mapper().writeValue(file.toFile(), own());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        CLASSES.incrementAndGet();
        context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent(Stage.class, ignored -> new Stage(), Stage.class);
    }

    /// Open as long as there are tests.
    private static final class Stage implements AutoCloseable {
        private final OnMeta meta = new OnMeta();

        Stage() {
            STAGE.set(this);
        }

        @Override
        public void close() {
            file().ifPresent(MetaRehearsal::leave);
            meta.close();
        }
    }
}
