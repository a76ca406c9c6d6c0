package dev.socratic.models.rehearsal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Program;
import dev.socratic.models.network.Decoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every function of every program text of this module runs on a device of its own, with and without a graph, and reads
/// no number but where that is said. Whoever adds a function adds work that calls it to [Exercises].
class ProgramLaws {
    private static final Path TEXTS = Path.of("src/main/resources/programs");

    @TempDir
    static Path folder;

    private static OnMeta.Findings found;

    @BeforeAll
    static void exercise() {
        try (OnMeta meta = new OnMeta()) {
            for (Exercise exercise : Exercises.all(folder)) {
                exercise.run(Compute.CPU);
            }
            Exercises.ofTheProcessor(folder).forEach(exercise -> exercise.run(Compute.CPU));
            found = meta.findings();
        }
    }

    @Test
    void everyFunctionRunsWhereItsArgumentsLie() {
        assertEquals("", String.join("\n", found.failed().entrySet().stream()
                .map(failed -> failed.getKey() + ": " + failed.getValue()).toList()));
    }

    @Test
    void noFunctionReadsANumberButThoseThatSaySo() {
        assertEquals(new TreeSet<>(Decoder.READING), new TreeSet<>(found.reading()));
    }

    @Test
    void everyFunctionIsReachedByAnExercise() throws IOException {
        Map<String, List<String>> missing = new TreeMap<>();
        int all = 0;
        try (Stream<Path> files = Files.list(TEXTS)) {
            for (Path file : files.sorted().toList()) {
                Set<String> run = found.run().getOrDefault("/programs/" + file.getFileName(), Set.of());
                List<String> not = new ArrayList<>(Program.functions(Files.readString(file)));
                all += not.size();
                not.removeAll(run);
                if (!not.isEmpty()) {
                    missing.put(file.getFileName().toString(), not);
                }
            }
        }
        assertEquals(Map.of(), missing, "add work that calls them to dev.socratic.models.rehearsal.Exercises");
        assertTrue(all > 70, "few functions are seen: " + all);
    }
}
