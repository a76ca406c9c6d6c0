package dev.socratic.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.socratic.trainer.objective.Estimate;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AdvantagesTest {
    private static final double[] REWARDS = {1, -2, 4, 3, 5};
    /// Three tokens, then two.
    private static final int[] ANSWERS = {0, 0, 0, 7, 7};

    private static double[] of(double discount, boolean split, boolean perToken, boolean whiten) {
        return Advantages.of(REWARDS, ANSWERS, new Estimate.Sampled(discount, split, perToken, whiten, 0));
    }

    @Test
    void atDiscountZeroATokenIsWorthItsOwnReward() {
        assertArrayEquals(REWARDS, of(0, false, false, false));
    }

    @Test
    void theReturnRunsToTheEndOfTheAnswerAndNoFurther() {
        assertArrayEquals(new double[] {3, 2, 4, 8, 5}, of(1, false, false, false));
        assertArrayEquals(new double[] {1, 0, 4, 5.5, 5}, of(0.5, false, false, false));
    }

    @Test
    void splitLeavesTheTokensOwnRewardToADenseTerm() {
        assertArrayEquals(new double[] {2, 4, 0, 5, 0}, of(1, true, false, false));
    }

    @Test
    void perTokenDividesByTheTokensTheReturnRunsOver() {
        assertArrayEquals(new double[] {1, 1, 4, 4, 5}, of(1, false, true, false));
    }

    @Test
    void earlierTokensCountMoreByWhatTheAnswerDifferedByBeforeThem() {
        // |r| = 1, 2, 4 of 7 and 3, 5 of 8: shares before a token 0, 1/7, 3/7 and 0, 3/8
        double[] weights = {1.5, 1 + 0.5 * 6 / 7, 1 + 0.5 * 4 / 7, 1.5, 1 + 0.5 * 5 / 8};
        double[] weighed = Advantages.of(REWARDS, ANSWERS, new Estimate.Sampled(0, false, false, false, 0, 0.5));
        for (int i = 0; i < weights.length; i++) {
            assertEquals(weights[i] * REWARDS[i], weighed[i], 1e-12);
        }
        assertArrayEquals(new double[] {0}, Advantages.of(new double[] {0}, new int[] {0},
                new Estimate.Sampled(0, false, false, false, 0, 0.5)), "no difference, no share");
    }

    @Test
    void whiteningGivesMeanZeroAndVarianceOne() {
        double[] white = of(1, false, false, true);
        assertEquals(0, Arrays.stream(white).sum(), 1e-12);
        assertEquals(4, Arrays.stream(white).map(x -> x * x).sum(), 1e-6);
    }

    @Test
    void aTokenTheTeacherRulesOutIsWorthNoMoreThanFiftyNats() {
        assertEquals(-50,
                Advantages.of(new double[] {-1e30}, new int[] {0}, new Estimate.Sampled(1, false, false, false, 0))[0]);
    }

    @Test
    void theSkewOfAnAnswerFollowsItsGap() {
        assertEquals(0.1, SkewCurriculum.of(0.1, 0.01, 0.2, 0.2), 1e-3);
        assertEquals(0.1, SkewCurriculum.of(0.1, 0.01, 0.2, 0.4), "a gap twice as large keeps the skew");
        assertEquals(0.01, SkewCurriculum.of(0.1, 0.01, 0.2, 0.18), "a near answer gets the least");
        assertEquals(1 - 0.9 * 0.2 / 0.19001, SkewCurriculum.of(0.1, 0.01, 0.2, 0.19), 1e-12);
        assertEquals(0.1, SkewCurriculum.of(0.1, 0.01, 0.2, -0.3),
                "where the sides have changed places, the skew stays");
    }
}
