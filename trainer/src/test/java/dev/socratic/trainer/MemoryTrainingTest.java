package dev.socratic.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.run.Progress;
import java.nio.file.Path;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Trainings that keep less in memory end with the student that others end with, also where they were stopped.
class MemoryTrainingTest {
    private static final String STEPS = TrainStageTest.SMALL.replace("steps: {n: 12}", "steps: {n: 5}")
            .replace("checkpoint_every: 4", "checkpoint_every: 2");

    @TempDir
    Path folder;

    @Test
    void layersThatRunAgainMakeTheSameStudent() {
        SortedMap<String, String> usual = results(run("", "usual", Progress.SILENT));
        assertStopsAndEndsAs(usual, "memory: {recompute: layers}\n", "recomputed");
    }

    private void assertStopsAndEndsAs(SortedMap<String, String> usual, String memory, String name) {
        assertThrows(TrainStageTest.Stopped.class, () -> run(memory, name, new TrainStageTest.StopAfter(3)));
        assertEquals(usual, results(run(memory, name, Progress.SILENT)));
    }

    /// The card shows the config, so it differs.
    private static SortedMap<String, String> results(Path student) {
        SortedMap<String, String> all = TrainStageTest.results(student);
        all.remove("README.md");
        return all;
    }

    private Path run(String memory, String name, Progress progress) {
        return TrainStageTest.run(STEPS + memory, folder.resolve(name), progress);
    }
}
