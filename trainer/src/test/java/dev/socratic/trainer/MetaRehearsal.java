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
/// looks at what came of it: of the tests that run together with it, and of those that ran before it, in this JVM or in
/// others side by side, which leave it in files of the folder [#FOLDER].
public final class MetaRehearsal implements BeforeAllCallback {
    /// Names a folder; what is in it when the build begins is cleared there.
    private static final String FOLDER = "socratic.rehearsals";
    /// How many stages this JVM has had: a build that runs tests in several JVMs hands them on class by class, and each
    /// time is one of its own.
    private static final AtomicInteger STAGES = new AtomicInteger();
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

    /// @return of the tests that run now, and of all that have left theirs
    static Findings findings() throws IOException {
        Findings all = STAGE.get().findings();
        Optional<Path> folder = folder().filter(Files::isDirectory);
        if (folder.isPresent()) {
            try (Stream<Path> files = Files.list(folder.get())) {
                for (Path file : files.sorted().toList()) {
                    all = all.and(Json.mapper().readValue(file.toFile(), Findings.class));
                }
            }
        }
        return all;
    }

    private static Optional<Path> folder() {
        return Optional.ofNullable(System.getProperty(FOLDER)).map(Path::of);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent(Stage.class, ignored -> new Stage(), Stage.class).classes.incrementAndGet();
    }

    /// Open as long as there are tests.
    private static final class Stage implements AutoCloseable {
        private final AtomicInteger classes = new AtomicInteger();
        private final OnMeta meta = new OnMeta();

        Stage() {
            STAGE.set(this);
        }

        private Findings findings() {
            OnMeta.Findings found = meta.findings();
            return new Findings(classes.get(), found.run(), found.failed(), found.reading());
        }

        private void leave(Path folder) {
            try {
                Files.createDirectories(folder);
                Json.mapper().writeValue(folder.resolve("%s-%s.json".formatted(
                        ProcessHandle.current().pid(), STAGES.incrementAndGet())).toFile(), findings());
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        @Override
        public void close() {
            folder().ifPresent(this::leave);
            meta.close();
        }
    }
}
