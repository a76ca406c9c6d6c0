package dev.socratic.trainer.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.run.Progress;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Change;
import dev.socratic.models.network.Rows;
import dev.socratic.trainer.SmallRuns;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingNoiseTest {
    private static final int HIDDEN = 64;

    @TempDir
    Path folder;

    private static TokenRow row(int tokens) {
        boolean[] all = new boolean[tokens];
        Arrays.fill(all, true);
        return new TokenRow(new int[tokens], all);
    }

    private static float[] noise(boolean endToEnd, long step, NDManager manager) {
        MicroBatch batch = MicroBatch.of(List.of(row(10), row(5)));
        Rows rows = Rows.of(batch.padded(), endToEnd, manager);
        List<Change> changes = new EmbeddingNoise(5, 1, step, HIDDEN).of(0, rows, batch.seq(), manager);
        return ((Change.Added) changes.getFirst()).noise().toFloatArray();
    }

    private static float largest(float[] noise, int from, int to) {
        float most = 0;
        for (int i = from * HIDDEN; i < to * HIDDEN; i++) {
            most = Math.max(most, Math.abs(noise[i]));
        }
        return most;
    }

    /// The input is one token shorter than its row: 9 and 4.
    @Test
    void theNoiseIsAsLargeAsAlphaOverTheRootOfLengthTimesWidthAndPaddingHasNone() {
        try (NDManager manager = Engines.manager()) {
            float[] noise = noise(false, 3, manager);
            assertEquals(5 / Math.sqrt(9 * HIDDEN), largest(noise, 0, 9), 0.01);
            assertTrue(largest(noise, 0, 9) <= 5 / Math.sqrt(9 * HIDDEN));
            assertEquals(5 / Math.sqrt(4 * HIDDEN), largest(noise, 9, 13), 0.02);
            assertEquals(0, largest(noise, 13, 18));
            double mean = 0;
            for (int i = 0; i < 9 * HIDDEN; i++) {
                mean += noise[i] / (9 * HIDDEN);
            }
            assertEquals(0, mean, 0.02);
        }
    }

    @Test
    void rowsEndToEndHaveTheSameNoiseAndAnotherStepHasAnother() {
        try (NDManager manager = Engines.manager()) {
            float[] padded = noise(false, 3, manager);
            assertArrayEquals(Arrays.copyOf(padded, 13 * HIDDEN), noise(true, 3, manager));
            assertFalse(Arrays.equals(padded, noise(false, 4, manager)));
        }
    }

    @Test
    void aRunWithNoiseLearnsOtherwiseAndGoesOnFromACheckpointAsIfUndisturbed() {
        String more = "neftune_noise_alpha: 20\nbudget: {steps: {n: 4}}";
        SmallRuns runs = new SmallRuns(folder);
        Path calm = runs.run("calm", more, Progress.SILENT);
        assertThrows(SmallRuns.Stopped.class, () -> runs.run("stopped", more, new SmallRuns.StopAfter(4)));
        assertEquals(SmallRuns.results(calm), SmallRuns.results(runs.run("stopped", more, Progress.SILENT)));
        Path without = runs.run("without", "budget: {steps: {n: 4}}", Progress.SILENT);
        assertNotEquals(SmallRuns.metrics(without, "loss").getFirst(), SmallRuns.metrics(calm, "loss").getFirst());
    }
}
