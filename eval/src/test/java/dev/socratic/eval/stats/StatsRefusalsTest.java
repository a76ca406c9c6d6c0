package dev.socratic.eval.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What has no answer is refused, and what has only one is no matter of formulas.
class StatsRefusalsTest {
    @Test
    void moreAnswersThanThereAreAreRefusedByNumber() {
        PassAtK four = new PassAtK(4, 2);
        assertRefused("k: from 1 to the 4 answers there are; got 5", () -> four.any(5));
        assertRefused("k: from 1 to the 4 answers there are; got 0", () -> four.all(0));
        assertRefused("k: from 1 to the 4 answers there are; got 5", () -> four.atLeast(5, 0.5));
        assertRefused("k: from 1 to the 4 answers there are; got 5", () -> four.most(5));
        assertRefused("tau: from 0 to 1; got 1.5", () -> four.atLeast(2, 1.5));
        assertRefused("right answers lie in 0..4 of at least one; got 5", () -> new PassAtK(4, 5));
    }

    @Test
    void nothingToCountIsRefused() {
        assertRefused("scores: at least one, each with its cluster; got 0 and 0", () -> Mean.of(new double[0]));
        assertRefused("a paired comparison of scores needs two independent questions; got 1",
                () -> PairedScores.of(new double[1], new double[1], List.of(1)));
        assertRefused("a paired comparison of scores needs two independent questions; got 0",
                () -> PairedScores.of(new double[0], new double[0], List.of()));
        assertRefused("a paired comparison needs the same questions on both sides; got 1 and 2",
                () -> PairedScores.of(new double[1], new double[2], List.of(1)));
        assertRefused("bootstrap: at least 2 questions and 2 draws; got 1 and 2",
                () -> Bootstrap.of(1, 2, new SplittableRandom(1), drawn -> 0));
        assertRefused("calibration: at least one bin and one answer with its confidence; got 10, 0 and 0",
                () -> Calibration.of(new double[0], new boolean[0], 10, new SplittableRandom(1)));
        assertRefused("confidence: from 0 to 1; got 1.5",
                () -> Calibration.of(new double[] {1.5}, new boolean[1], 10, new SplittableRandom(1)));
        assertRefused("a split of the variance needs two questions and more answers than questions; got 2 and 2",
                () -> VarianceSplit.of(List.of(new double[1], new double[1])));
        assertRefused("alpha and power: between 0 and 1; got 0.0 and 0.8", () -> new Power(0, 0.8));
        assertRefused("delta: a difference above 0; got 0.0", () -> Power.USUAL.questions(0, 1));
        assertRefused("the sum of 3 scores lies in 0..3; got 4.0", () -> ConfidenceSequence.ci95(4, 3));
    }

    @Test
    void aSingleQuestionOrEqualScoresDoNotSettleAnything() {
        assertEquals(Interval.wilson(1, 1), Mean.of(new double[] {1}).ci95());
        assertEquals(new Interval(0, 1), Mean.of(new double[] {0.5}).ci95());
        assertEquals(new Interval(0, 1), Mean.of(new double[] {1, 0, 1}, List.of(7, 7, 7)).ci95());
        Interval equal = Mean.of(new double[] {0.5, 0.5, 0.5, 0.5}).ci95();
        assertEquals(Interval.wilson(2, 4), equal);
        PairedScores same = PairedScores.of(new double[9], new double[9], List.of(1, 2, 3, 4, 5, 6, 7, 8, 9));
        assertEquals(1, same.p());
        assertEquals(2.306004135204166 / 10, same.ci95().high(), 1e-9);
    }

    private static void assertRefused(String message, Executable code) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
    }
}
