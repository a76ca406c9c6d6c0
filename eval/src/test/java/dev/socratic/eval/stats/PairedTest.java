package dev.socratic.eval.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PairedTest {
    @Test
    void mcNemarIsTheTwoSidedBinomialTail() {
        // 2 (1 + 20 + 190 + 1140 + 4845 + 15504) / 2^20
        assertEquals(2 * 21700 / 1048576.0, Paired.mcNemar(5, 15), 1e-12);
        assertEquals(2 * 21700 / 1048576.0, Paired.mcNemar(15, 5), 1e-12);
        assertEquals(1, Paired.mcNemar(0, 0));
        assertEquals(1, Paired.mcNemar(4, 4));
    }

    @Test
    void mcNemarSurvivesThousandsOfDiscordantQuestions() {
        double p = Paired.mcNemar(1900, 2100);
        assertTrue(p > 0.001 && p < 0.002, "p " + p); // the normal approximation with continuity correction gives 0.00166
    }

    @Test
    void countsDifferenceAndIntervalOfASmallTable() {
        boolean[] first = new boolean[20];
        boolean[] second = new boolean[20];
        Arrays.fill(first, 0, 14, true); // 0..13
        Arrays.fill(second, 4, 14, true); // 4..13
        second[19] = true;
        Paired paired = Paired.of(first, second);
        assertEquals(10, paired.bothRight());
        assertEquals(4, paired.onlyFirst());
        assertEquals(1, paired.onlySecond());
        assertEquals(0.15, paired.difference(), 1e-12);
        // d has four +1, one -1, fifteen 0: sum of squares 5 - 20 * 0.15^2 = 4.55, standard error sqrt(4.55 / 380)
        double half = 1.959963984540054 * Math.sqrt(4.55 / 380);
        assertEquals(0.15 - half, paired.ci95().low(), 1e-12);
        assertEquals(0.15 + half, paired.ci95().high(), 1e-12);
        assertEquals(2 * (1 + 5) / 32.0, paired.p(), 1e-12);
    }

    @Test
    void swappingTheSidesTurnsTheSign() {
        SplittableRandom random = new SplittableRandom(3);
        boolean[] first = new boolean[300];
        boolean[] second = new boolean[300];
        for (int i = 0; i < first.length; i++) {
            first[i] = random.nextInt(10) < 7;
            second[i] = random.nextInt(10) < 5;
        }
        Paired there = Paired.of(first, second);
        Paired back = Paired.of(second, first);
        assertEquals(there.difference(), -back.difference(), 1e-12);
        assertEquals(there.ci95().low(), -back.ci95().high(), 1e-12);
        assertEquals(there.p(), back.p(), 1e-12);
    }

    @Test
    void differentNumbersOfQuestionsAreRefused() {
        IllegalArgumentException error =
                assertThrows(IllegalArgumentException.class, () -> Paired.of(new boolean[2], new boolean[3]));
        assertEquals("a paired comparison needs the same questions on both sides; got 2 and 3", error.getMessage());
    }
}
