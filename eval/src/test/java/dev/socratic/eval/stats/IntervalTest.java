package dev.socratic.eval.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalTest {
    /// The four worked cases of Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3.
    @ParameterizedTest
    @CsvSource({"81, 263, 0.2553, 0.3662", "15, 148, 0.0624, 0.1605", "0, 20, 0.0000, 0.1611", "1, 29, 0.0061, 0.1718"})
    void wilsonGivesThePublishedLimits(int successes, int trials, double low, double high) {
        Interval interval = Interval.wilson(successes, trials);
        assertEquals(low, interval.low(), 5e-5);
        assertEquals(high, interval.high(), 5e-5);
    }

    @Test
    void nothingIsKnownWithoutATrial() {
        assertEquals(new Interval(0, 1), Interval.wilson(0, 0));
    }

    @Test
    void moreSuccessesThanTrialsAreRefused() {
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> Interval.wilson(3, 2));
        assertEquals("successes lie in 0..2; got 3", error.getMessage());
    }

    @Test
    void wilsonCoversTheTrueRateAboutNineteenTimesInTwenty() {
        SplittableRandom random = new SplittableRandom(7);
        int covered = 0;
        int rounds = 4_000;
        for (int round = 0; round < rounds; round++) {
            double rate = 0.05 + 0.9 * random.nextDouble();
            int successes = 0;
            for (int i = 0; i < 80; i++) {
                successes += random.nextDouble() < rate ? 1 : 0;
            }
            Interval interval = Interval.wilson(successes, 80);
            covered += interval.low() <= rate && rate <= interval.high() ? 1 : 0;
        }
        double share = (double) covered / rounds;
        assertTrue(share > 0.94 && share < 0.96, "covered " + share);
    }
}
