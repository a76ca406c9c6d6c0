package dev.socratic.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import dev.socratic.trainer.objective.Distance;
import dev.socratic.trainer.objective.Distance.Direction;
import dev.socratic.trainer.objective.Distance.Kl;
import dev.socratic.trainer.objective.Distance.Order;
import dev.socratic.trainer.objective.Distance.Reduce;
import dev.socratic.trainer.objective.Kind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Each distance once by hand: p = (1/2, 1/4, 1/4), q = (1/4, 1/4, 1/2).
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkedDistancesTest {
    private static final double LN2 = Math.log(2);

    private final Tensors t = new Tensors();
    private final NDArray p = t.rows(new float[] {0.5f, 0.25f, 0.25f});
    private final NDArray q = t.rows(new float[] {0.25f, 0.25f, 0.5f});

    @AfterAll
    void close() {
        t.close();
    }

    private double probabilities(Distance distance) {
        return t.between(distance, Kind.PROBS, q, p)[0];
    }

    private double logits(Distance distance, NDArray student, NDArray teacher) {
        return t.between(distance, Kind.LOGITS, student, teacher)[0];
    }

    private double vectors(Distance distance, float[] student, float[] teacher) {
        return t.between(distance, Kind.VECTORS, t.rows(student), t.rows(teacher))[0];
    }

    /// z = 2 (0.7 - 0.3) - 0.3 = 0.5.
    @Test
    void preferences() {
        double plain = Math.log1p(Math.exp(-0.5));
        assertEquals(plain, preferred(new Distance.Preference(2, 0.3, 0, Distance.PreferenceBy.LOGISTIC)), 1e-6);
        assertEquals(0.9 * plain + 0.1 * Math.log1p(Math.exp(0.5)),
                preferred(new Distance.Preference(2, 0.3, 0.1, Distance.PreferenceBy.LOGISTIC)), 1e-6);
        assertEquals(0.5, preferred(new Distance.Preference(2, 0.3, 0, Distance.PreferenceBy.HINGE)), 1e-6);
        assertEquals(0.15 * 0.15, preferred(new Distance.Preference(2, 0, 0, Distance.PreferenceBy.SQUARED)), 1e-6);
    }

    private double preferred(Distance distance) {
        return t.between(distance, Kind.SCALARS, t.rows(new float[] {0.7f}), t.rows(new float[] {0.3f}))[0];
    }

    @Test
    void forwardKl() {
        assertEquals(0.5 * LN2 - 0.25 * LN2, probabilities(new Kl(Direction.FORWARD, 0, false)), 1e-6);
    }

    @Test
    void reverseKlOfUnequalSides() {
        NDArray even = t.rows(new float[] {0.5f, 0.5f});
        NDArray uneven = t.rows(new float[] {0.75f, 0.25f});
        assertEquals(0.75 * Math.log(1.5) + 0.25 * Math.log(0.5),
                t.between(new Kl(Direction.REVERSE, 0, false), Kind.PROBS, uneven, even)[0], 1e-6);
    }

    @Test
    void skewKlMixesTheTeacherIntoTheStudent() {
        double m = 0.1 * 0.5 + 0.9 * 0.25;
        double n = 0.1 * 0.25 + 0.9 * 0.5;
        assertEquals(0.5 * Math.log(0.5 / m) + 0.25 * Math.log(0.25 / n),
                probabilities(new Kl(Direction.FORWARD, 0.1, false)), 1e-6);
    }

    @Test
    void skewReverseKlMixesTheStudentIntoTheTeacher() {
        NDArray student = t.rows(new float[] {0.75f, 0.25f});
        NDArray teacher = t.rows(new float[] {0.5f, 0.5f});
        double expected =
                0.75 * Math.log(0.75 / (0.9 * 0.5 + 0.1 * 0.75)) + 0.25 * Math.log(0.25 / (0.9 * 0.5 + 0.1 * 0.25));
        for (boolean fixed : new boolean[] {false, true}) {
            assertEquals(expected, t.between(new Kl(Direction.REVERSE, 0.1, fixed), Kind.PROBS, student, teacher)[0],
                    1e-6);
        }
    }

    @Test
    void jsdWeighsTheTeacherByBeta() {
        // M = 0.9 q + 0.1 p
        double a = 0.9 * 0.25 + 0.1 * 0.5;
        double b = 0.9 * 0.5 + 0.1 * 0.25;
        double teacher = 0.5 * Math.log(0.5 / a) + 0.25 * Math.log(0.25 / b);
        double student = 0.25 * Math.log(0.25 / a) + 0.5 * Math.log(0.5 / b);
        assertEquals(0.1 * teacher + 0.9 * student, probabilities(new Distance.Jsd(0.1)), 1e-6);
    }

    @Test
    void totalVariation() {
        assertEquals(0.25, probabilities(new Distance.TotalVariation()), 1e-6);
    }

    @Test
    void alphaBeta() {
        double sum = 0;
        double[][] pairs = {{0.5, 0.25}, {0.25, 0.25}, {0.25, 0.5}};
        for (double[] pair : pairs) {
            sum += Math.pow(pair[0], 0.2) * Math.pow(pair[1], 0.7) - 0.2 / 0.9 * Math.pow(pair[0],
                    0.9) - 0.7 / 0.9 * Math.pow(pair[1], 0.9);
        }
        assertEquals(-sum / (0.2 * 0.7), probabilities(new Distance.AlphaBeta(0.2, 0.7)), 2e-6);
    }

    @Test
    void adaptiveKlWeighsByTheGapsOfHeadAndTail() {
        NDArray teacher = t.rows(new float[] {0.6f, 0.3f, 0.1f});
        NDArray student = t.rows(new float[] {0.5f, 0.2f, 0.3f});
        // From the least likely up the masses are .1, .4, 1: the tail below .5 are the last two tokens, gaps .1 + .2;
        // the head has .1.
        double forward = 0.6 * Math.log(0.6 / 0.5) + 0.3 * Math.log(0.3 / 0.2) + 0.1 * Math.log(0.1 / 0.3);
        double reverse = 0.5 * Math.log(0.5 / 0.6) + 0.2 * Math.log(0.2 / 0.3) + 0.3 * Math.log(0.3 / 0.1);
        assertEquals(0.25 * forward + 0.75 * reverse, t.between(new Distance.Akl(0.5), Kind.PROBS, student, teacher)[0],
                2e-6);
    }

    @Test
    void gaps() {
        assertEquals((1 + 9) / 2.0, vectors(new Distance.Mse(Reduce.MEAN), new float[] {1, 0}, new float[] {0, 3}),
                1e-6);
        assertEquals(10, vectors(new Distance.Mse(Reduce.SUM), new float[] {1, 0}, new float[] {0, 3}), 1e-6);
        assertEquals(2, vectors(new Distance.L1(Reduce.MEAN), new float[] {1, 0}, new float[] {0, 3}), 1e-6);
        assertEquals((0.5 * 0.25 + 2.5) / 2,
                vectors(new Distance.SmoothL1(1, Reduce.MEAN), new float[] {0.5f, 0}, new float[] {0, 3}), 1e-6);
    }

    @Test
    void cosineAndCorrelation() {
        assertEquals(1 - 4 / 5.0, vectors(new Distance.Cosine(), new float[] {0, 2}, new float[] {3, 4}), 1e-6);
        assertEquals(2, vectors(new Distance.Cosine(), new float[] {0, 2}, new float[] {0, -1}), 1e-6);
        assertEquals(0, vectors(new Distance.Pearson(), new float[] {1, 2, 3}, new float[] {10, 30, 50}), 1e-6);
        assertEquals(1.5, vectors(new Distance.Pearson(), new float[] {1, 2, 3}, new float[] {2, 3, 1}), 1e-6);
    }

    @Test
    void rankingOfTheTwoLikeliest() {
        // 0 before 1
        NDArray teacher = t.rows(new float[] {(float) Math.log(0.5), (float) Math.log(0.25), (float) Math.log(0.25)});
        NDArray student = t.rows(new float[] {(float) Math.log(0.25), (float) Math.log(0.5), (float) Math.log(0.25)});
        assertEquals(0.25 + 0.25, logits(new Distance.Ranking(Order.HINGE, 2), student, teacher), 1e-6);
        assertEquals(Math.log(1 + 2), logits(new Distance.Ranking(Order.LOGISTIC, 2), student, teacher), 1e-6);
    }

    @Test
    void sinkhornOfOneItemIsItsCost() {
        assertEquals(0.5, probabilities(new Distance.Sinkhorn(32, 0.1, 20)), 1e-6);
    }

    @Test
    void alignmentOfRotatedPointsIsWhole() {
        NDArray points = t.rows(new float[] {1, 0}, new float[] {0, 1}, new float[] {-1, 0}, new float[] {0, 2});
        NDArray turned = t.rows(new float[] {0, 3, 0}, new float[] {-3, 0, 0}, new float[] {0, -3, 0},
                new float[] {-6, 0, 0});
        assertEquals(0, t.between(new Distance.Cka(), Kind.VECTORS, points, turned)[0], 1e-6);
    }

    @Test
    void discrepancyOfTwoSets() {
        // own (1 + 0 + 0 + 1)/4, theirs 1, across (1 + 0)/2
        double mmd = t.between(new Distance.Mmd(), Kind.VECTORS, t.rows(new float[] {1, 0}, new float[] {0, 1}),
                t.rows(new float[] {1, 0}))[0];
        assertEquals(0.5 + 1 - 2 * 0.5, mmd, 1e-6);
    }

    @Test
    void contrastPicksTheOwnAmongTwo() {
        NDArray two = t.rows(new float[] {1, 0}, new float[] {0, 1});
        assertEquals(Math.log(1 + Math.exp(-10)),
                t.between(new Distance.InfoNce(0.1), Kind.VECTORS, two, two.duplicate())[0], 1e-6);
    }

    /// g_11 = 0, g_12 = g_22 = 1 - 1/sqrt(2), g_21 = 1.
    @Test
    void cosNcePullsToTheOwnItemAndAwayFromTheOthers() {
        float[] losses = t.between(
                new Distance.CosNce(), Kind.VECTORS, t.rows(new float[] {2, 0}, new float[] {0, 3}),
                t.rows(new float[] {1, 0}, new float[] {1, 1}));
        double near = 1 - Math.sqrt(0.5);
        assertEquals(1 - near / 2, losses[0], 1e-6);
        assertEquals(1 - (1 - near) / 2 + near, losses[1], 1e-6);
        float alone = t.between(new Distance.CosNce(), Kind.VECTORS, t.rows(new float[] {2, 0}),
                t.rows(new float[] {1, 1}))[0];
        assertEquals(1 + 1.5 * near, alone, 1e-6, "one sample has nothing to stay away from");
    }
}
