package dev.socratic.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.trainer.OnPolicyRuns;
import dev.socratic.trainer.TrainStageTest;
import dev.socratic.trainer.config.TrainConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Trainings that write ahead of what they learn from.
class AheadTrainingTest {
    @TempDir
    static Path folder;
    private static OnPolicyRuns runs;

    @BeforeAll
    static void open() {
        runs = new OnPolicyRuns(folder, OnPolicyRuns.noise());
    }

    private static TrainConfig config(int staleness) {
        return runs.config("""
                rollout: {student: {max_new_tokens: 6, completions: 2, staleness: %s}}
                terms:
                  - {distance: {kl: {direction: reverse}}}
                  - {against: labels, distance: kl, tokens: {reward: {advantage: rloo}}}
                """.formatted(staleness), """
                teacher: "%s"
                budget: {steps: {n: 6}}
                checkpoint_every: 2
                """.formatted(runs.start()));
    }

    private static List<Double> column(String run, String name) {
        return runs.metrics(run).stream().map(line -> Json.read(line, JsonNode.class, "line").path(name).asDouble())
                .toList();
    }

    @Test
    void textIsAsOldAsItMayBeAndCountsByHowLikelyItIsNow() {
        runs.run(config(0), "now", Progress.SILENT);
        runs.run(config(2), "two", Progress.SILENT);
        assertEquals(List.of(0.0, 1.0, 2.0, 2.0, 2.0, 2.0), column("two", "staleness"));
        assertEquals(1, column("two", "importance").getFirst(), 1e-4);
        assertTrue(Math.abs(column("two", "importance").get(4) - 1) > 1e-3, column("two", "importance").toString());
        assertEquals(column("now", "student_entropy").getFirst(), column("two", "student_entropy").getFirst(), 1e-9,
                "the first step is written by the start in either");
        assertNotEquals(column("now", "student_entropy").get(4), column("two", "student_entropy").get(4));
        assertEquals(List.of(0.0, 0.0, 0.0, 0.0, 0.0, 0.0), column("two", "ungraded_answers"));
    }

    @Test
    void aRunStoppedAnywhereEndsAsAnUndisturbedOne() throws Exception {
        runs.run(config(1), "calm", Progress.SILENT);
        for (int stop : new int[] {3, 4}) {
            String name = "stopped_" + stop;
            assertThrows(RuntimeException.class,
                    () -> runs.run(config(1), name, new TrainStageTest.StopAfter(stop)));
            runs.run(config(1), name, Progress.SILENT);
            for (String file : List.of("model.safetensors", "metrics.jsonl", "rows.jsonl", "README.md")) {
                assertEquals(-1, Files.mismatch(runs.folder("calm").resolve(file), runs.folder(name).resolve(file)),
                        file + " stopped after " + stop);
            }
        }
    }
}
