package dev.socratic.eval.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SequentialFlipsTest {
    @Test
    void onlyFlipsCountAndTheFirstClearOneIsToldByItsQuestion() {
        double[] first = new double[40];
        double[] second = new double[40];
        for (int i = 0; i < 40; i++) {
            first[i] = 1;
            second[i] = i % 2; // every other question flips to the first
        }
        SequentialFlips flips = SequentialFlips.of(first, second);
        assertEquals(20, flips.flips());
        assertEquals(20, flips.toFirst());
        // 1/2 is outside from the first n with B(n + 1/2, 1/2) 2^n / B(1/2, 1/2) = C(2n, n) / 2^n >= 20:
        // 924 / 64 = 14.4 for n = 6, 3432 / 128 = 26.8 for n = 7, the flip of the thirteenth question
        assertEquals(Optional.of(13), flips.settled());
        assertTrue(flips.ci95().low() > 0.5 && flips.ci95().high() == 1);
    }

    @Test
    void theWorkedExampleIsTrue() {
        double[] first = new double[40];
        double[] second = new double[40];
        for (int i = 0; i < 40; i++) {
            first[i] = i < 31 ? 1 : 0;
            second[i] = 1 - first[i];
        }
        SequentialFlips flips = SequentialFlips.of(first, second);
        assertEquals(0.532, flips.ci95().low(), 5e-4);
        assertEquals(0.932, flips.ci95().high(), 5e-4);
    }

    @Test
    void modelsThatNeverDifferAreNotToldApart() {
        SequentialFlips flips = SequentialFlips.of(new double[] {1, 0, 1}, new double[] {1, 0, 1});
        assertEquals(new SequentialFlips(0, 0, new Interval(0, 1), Optional.empty()), flips);
        assertEquals("a paired comparison needs the same questions on both sides; got 1 and 2",
                assertThrows(IllegalArgumentException.class, () -> SequentialFlips.of(new double[1], new double[2]))
                        .getMessage());
    }

    @Test
    void equallyGoodModelsAreRarelyToldApartHoweverOftenOneLooks() {
        SplittableRandom random = new SplittableRandom(7);
        int told = 0;
        for (int run = 0; run < 400; run++) {
            double[] first = random.doubles(300).map(x -> x < 0.5 ? 1 : 0).toArray();
            double[] second = random.doubles(300).map(x -> x < 0.5 ? 1 : 0).toArray();
            told += SequentialFlips.of(first, second).settled().isPresent() ? 1 : 0;
        }
        assertTrue(told <= 0.05 * 400, "told apart " + told + " of 400 times");
    }
}
