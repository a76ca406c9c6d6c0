package dev.socratic.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.objective.Distance;
import dev.socratic.trainer.objective.Distance.Direction;
import dev.socratic.trainer.objective.Distance.Kl;
import dev.socratic.trainer.objective.Kind;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.View;
import dev.socratic.trainer.plan.Plan;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Where the losses of other trainers were found to compute something else than they say, one test each; those of the
/// loop are in `TrapsOfTheLoopTest`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrapsTest {
    private static final Kl FORWARD = new Kl(Direction.FORWARD, 0, false);

    private final Tensors t = new Tensors();

    @AfterAll
    void close() {
        t.close();
    }

    private static Objective objective(String terms) {
        return ConfigReader.read("name: x\nterms: " + terms, "x", Objective.class);
    }

    /// Losses, gradient and means of a chunk.
    private record Result(float[] losses, float[] gradient, List<Double> means) {}

    private Result slope(String terms, NDArray student, NDArray teacher, float scale) {
        try (NDManager scope = t.manager.newSubManager();
                ObjectiveLoss loss = new ObjectiveLoss(t.manager,
                        new Plan(objective(terms), student.getShape().get(1)))) {
            NDArray mine = student.duplicate();
            mine.attach(scope);
            NDArray labels = scope.create(new long[] {1, 0, 2});
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                LossGradient slope = loss.at(0)
                        .lossAndGradient(new TokenChunk(mine, labels, List.of(teacher)), scale);
                return new Result(slope.losses().toFloatArray(), slope.gradient().toFloatArray(), loss.means(3, 1));
            }
        }
    }

    @Test
    void positionIPredictsTokenIPlusOneAlsoAtTheEdgeOfTheAnswer() {
        MicroBatch batch =
                MicroBatch.of(List.of(new TokenRow(new int[] {7, 8, 9, 5}, new boolean[] {false, false, true, true})));
        assertArrayEquals(new long[] {1, 2}, batch.lossPositions(),
                "the last of the prompt predicts the first of the answer");
        assertArrayEquals(new long[] {9, 5}, batch.labels());
    }

    @Test
    void aPaddingTokenThatIsAlsoTheEndCountsWhereTheAnswerEnds() {
        MicroBatch batch = MicroBatch.of(List.of(
                new TokenRow(new int[] {7, 8, 0}, new boolean[] {false, true, true}),
                new TokenRow(new int[] {7, 8, 9, 8, 0}, new boolean[] {false, true, true, true, true})));
        assertArrayEquals(new long[] {8, 0, 8, 9, 8, 0}, batch.labels(),
                "token 0 ends an answer and pads the shorter row");
        assertArrayEquals(new long[] {0, 1, 4, 5, 6, 7}, batch.lossPositions());
    }

    @Test
    void nothingIsMixedIntoTheLossThatIsNotWritten() {
        NDArray q = t.random(1, 2, 3, 8);
        NDArray p = t.random(2, 2, 3, 8);
        Result jsd = slope("[{distance: {jsd: {beta: 0.1}}}]", q, p, 1);
        assertArrayEquals(t.between(new Distance.Jsd(0.1), Kind.LOGITS, q, p), jsd.losses(), 1e-7f);
        assertEquals(Tensors.sum(jsd.losses()) / 3, jsd.means().getFirst(), 1e-7);
    }

    @Test
    void betaIsTheTeachersShareOfTheMixture() {
        NDArray q = t.rows(new float[] {0.5f, 0.5f});
        NDArray p = t.rows(new float[] {1, 0});
        // M = 0.9 q + 0.1 p = (.55, .45)
        double expected = 0.1 * Math.log(1 / 0.55) + 0.9 * (0.5 * Math.log(0.5 / 0.55) + 0.5 * Math.log(0.5 / 0.45));
        assertEquals(expected, t.between(new Distance.Jsd(0.1), Kind.PROBS, q, p)[0], 1e-6);
    }

    @Test
    void theSquareOfTheTemperatureIsInTheValueAndInTheGradient() {
        NDArray q = t.random(1, 2, 3, 8);
        NDArray p = t.random(2, 2, 3, 8);
        Result plain = slope("[{views: [{temperature: {tau: 3, squared: false}}], distance: kl}]", q, p, 1);
        Result squared = slope("[{views: [{temperature: {tau: 3}}], distance: kl}]", q, p, 1);
        for (int i = 0; i < plain.gradient().length; i++) {
            assertEquals(9 * plain.gradient()[i], squared.gradient()[i], 1e-6);
        }
        assertEquals(9 * Tensors.sum(plain.losses()), Tensors.sum(squared.losses()), 1e-5);
        assertEquals(plain.means().getFirst(), squared.means().getFirst(), 1e-9,
                "the mean is the raw distance, the square is in the weight");
    }

    @Test
    void theGradientIsThatOfTheValueReported() {
        NDArray q = t.random(1, 1, 3, 8);
        NDArray p = t.random(2, 1, 3, 8);
        for (String terms : List.of(
                "[{views: [{temperature: {tau: 2}}, {top_k: {k: 3}}], distance: kl, weight: 0.7}]",
                "[{distance: {jsd: {beta: 0.3}}, tokens: teacher_entropy}, {against: labels, distance: kl, weight: "
                        + "0.2}]",
                "[{against: {blend: {teacher_weight: 1}}, distance: {kl: {direction: reverse, skew: 0.1}}}]",
                "[{views: [softmax, transpose], distance: pearson}]")) {
            float[] gradient = slope(terms, q, p, 0.5f).gradient();
            float[] values = q.toFloatArray();
            for (int i = 0; i < values.length; i += 5) {
                double up = at(terms, q, p, values, i, 5e-3f);
                double down = at(terms, q, p, values, i, -5e-3f);
                assertEquals((up - down) / 1e-2, gradient[i], 2e-3, terms);
            }
        }
    }

    private double at(String terms, NDArray q, NDArray p, float[] values, int i, float step) {
        float[] moved = values.clone();
        moved[i] += step;
        return 0.5 * Tensors.sum(slope(terms, t.manager.create(moved, q.getShape()), p, 1).losses());
    }

    @Test
    void minusInfinityTimesNothingIsNothing() {
        NDArray q = t.random(1, 1, 3, 4);
        NDArray p = t.rows(new float[] {1, Float.NEGATIVE_INFINITY, 0, 0},
                new float[] {0, 1, 2, Float.NEGATIVE_INFINITY}, new float[] {0, 0, 0, 0});
        for (String distance : List.of("kl", "jsd", "total_variation", "alpha_beta", "{kl: {skew: 0.1}}")) {
            Result result = slope("[{distance: " + distance + "}]", q, p, 1);
            for (float value : result.losses()) {
                assertTrue(Float.isFinite(value), distance + ": " + value);
            }
            for (float value : result.gradient()) {
                assertTrue(Float.isFinite(value), distance + ": " + value);
            }
        }
    }

    @Test
    void aTopKIsNeverNegative() {
        NDArray q = t.random(1, 6, 200, 30);
        NDArray p = t.random(2, 6, 200, 30);
        for (View.Tail rest : View.Tail.values()) {
            for (float value : t.distances.between(FORWARD,
                    t.seen(List.of(new View.TopK(2, rest, View.Chooser.TEACHER)), Kind.LOGITS, q, p, t.labels()))
                    .toFloatArray()) {
                assertTrue(value >= -1e-6, rest + ": " + value);
            }
        }
    }

    @Test
    void theLimitsOfJsdAreNotSpecialCases() {
        assertThrows(ConfigException.class, () -> objective("[{distance: {jsd: {beta: 1}}}]"));
    }
}
