package dev.socratic.eval.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        // the normal approximation with continuity correction gives 0.00166
        assertTrue(p > 0.001 && p < 0.002, "p " + p);
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
        // phi = (10 x 5 - 4 x 1 - n / 2) / sqrt(14 x 6 x 11 x 9)
        double phi = 36 / Math.sqrt(14 * 6 * 11 * 9);
        Interval one = Interval.wilson(14, 20);
        Interval two = Interval.wilson(11, 20);
        double a = 0.7 - one.low();
        double b = two.high() - 0.55;
        assertEquals(0.15 - Math.sqrt(a * a - 2 * phi * a * b + b * b), paired.ci95().low(), 1e-12);
        assertEquals(2 * (1 + 5) / 32.0, paired.p(), 1e-12);
    }

    /// Airway hyper-responsiveness before and after stem cell transplantation (1, 1, 7, 12) gives [-0.507, -0.026] in
    /// Fagerland, Lydersen and Laake 2014, Statistics in Medicine 33, 2850-2875; the other two were worked out by a
    /// second program.
    @ParameterizedTest
    @CsvSource({"1, 1, 7, 12, -0.507, -0.026", "36, 12, 2, 0, 0.057, 0.340", "20, 0, 0, 0, -0.161, 0.161"})
    void newcombeGivesThePublishedLimits(int both, int onlyFirst, int onlySecond, int neither, double low,
            double high) {
        Interval interval = Paired.newcombe(both, onlyFirst, onlySecond, neither);
        assertEquals(low, interval.low(), 5e-4);
        assertEquals(high, interval.high(), 5e-4);
    }

    @Test
    void modelsThatAlwaysAgreeStillHaveAnIntervalOfSomeWidth() {
        boolean[] answers = new boolean[50];
        Arrays.fill(answers, 0, 30, true);
        Paired paired = Paired.of(answers, answers.clone());
        assertEquals(0, paired.difference());
        assertEquals(1, paired.p());
        assertTrue(paired.ci95().low() < -0.01 && paired.ci95().high() > 0.01, () -> String.valueOf(paired.ci95()));
    }

    @Test
    void theIntervalCoversTheTrueDifferenceAboutNineteenTimesInTwenty() {
        SplittableRandom random = new SplittableRandom(11);
        int covered = 0;
        int rounds = 4_000;
        for (int round = 0; round < rounds; round++) {
            boolean[] first = new boolean[100];
            boolean[] second = new boolean[100];
            for (int i = 0; i < first.length; i++) {
                double hardness = random.nextDouble(); // the same for both, so the verdicts go together
                first[i] = random.nextDouble() < 1 - hardness / 2;
                second[i] = random.nextDouble() < 1 - hardness;
            }
            Interval interval = Paired.of(first, second).ci95();
            covered += interval.low() <= 0.25 && 0.25 <= interval.high() ? 1 : 0;
        }
        double share = (double) covered / rounds;
        assertTrue(share > 0.94 && share < 0.97, "covered " + share);
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
