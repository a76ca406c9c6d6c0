package dev.socratic.trainer.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.objective.Objective;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Negatives of earlier steps.
class MemoryBankTest {
    private static Objective contrast(int bank) {
        return ConfigReader.read(
                ("name: x\nterms: [{tap: hidden, views: [pool, project, unit], distance: {info_nce: {tau: 0.5, "
                        + "memory_bank: %s}}}]").formatted(bank), "x", Objective.class);
    }

    private static List<MicroBatch> rows(int from, int to) {
        return List.of(MicroBatch.of(TinyPair.rows().subList(from, to)));
    }

    private static float[] kept(TinyPair pair, String end) {
        return pair.objective.kept().entrySet().stream().filter(entry -> entry.getKey().endsWith(end)).findFirst()
                .orElseThrow().getValue().toFloatArray();
    }

    /// What three rows and a bank of six others give is what those three give among all nine: `log sum` over the same
    /// scores.
    @Test
    void theItemsOfEarlierStepsAreNegativesAsIfTheyWereInTheBatch() {
        try (TinyPair banked = new TinyPair(contrast(6), TinyPair.NARROW);
                TinyPair whole = new TinyPair(contrast(0), TinyPair.NARROW)) {
            double alone = banked.look(rows(0, 6), 0).loss();
            assertEquals(alone, whole.look(rows(0, 6), 0).loss(), 1e-6, "nothing is in the bank yet");
            assertArrayEquals(new float[] {6, 0}, kept(banked, ".filled"));
            double last = banked.look(rows(6, 9), 0).loss();
            double together = whole.look(rows(0, 9), 0).loss();
            try (TinyPair other = new TinyPair(contrast(3), TinyPair.NARROW)) {
                other.look(rows(6, 9), 0);
                double first = other.look(rows(0, 6), 0).loss();
                assertEquals(together, (6 * first + 3 * last) / 9, 1e-5);
            }
            assertTrue(last > whole.look(rows(6, 9), 0).loss(), "more to tell apart from");
        }
    }

    @Test
    void theNewestTakeThePlaceOfTheOldest() {
        try (TinyPair pair = new TinyPair(contrast(4), TinyPair.NARROW)) {
            pair.look(rows(0, 3), 0);
            float[] before = kept(pair, "bank.0.1");
            pair.look(rows(3, 6), 0);
            float[] after = kept(pair, "bank.0.1");
            assertArrayEquals(new float[] {4, 2}, kept(pair, ".filled"));
            int width = after.length / 4;
            assertArrayEquals(java.util.Arrays.copyOfRange(before, 2 * width, 3 * width),
                    java.util.Arrays.copyOfRange(after, 2 * width, 3 * width), "the third stays");
            assertTrue(before[0] != after[0] && before[width] != after[width] && after[3 * width] != 0);
        }
    }

    @Test
    void microBatchesOfAStepSeeTheSameBankAndARunThatGoesOnDoesToo() {
        try (TinyPair pair = new TinyPair(contrast(5), TinyPair.NARROW);
                TinyPair again = new TinyPair(contrast(5), TinyPair.NARROW)) {
            pair.look(TinyPair.whole(), 0);
            Map<String, NDArray> known = pair.objective.kept();
            again.objective.kept()
                    .forEach((name, array) -> array.set(FloatBuffer.wrap(known.get(name).toFloatArray())));
            assertEquals(pair.look(rows(0, 4), 0).loss(), again.look(rows(0, 4), 0).loss());
        }
    }

    @Test
    void whatIsNoStateOfTheTeacherIsNotKept() {
        ConfigException refused = assertThrows(ConfigException.class, () -> ConfigReader.read(
                "name: x\nterms: [{tap: hidden, views: [transpose], distance: {info_nce: {memory_bank: 9}}}]", "x",
                Objective.class));
        assertTrue(refused.getMessage().endsWith(
                "info_nce.memory_bank keeps the teacher's own states; write tap: hidden, views of pool, project "
                        + "and unit, "
                        + "and layers that pair one with one"), refused.getMessage());
    }
}
