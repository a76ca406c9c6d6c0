package dev.socratic.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.objective.Distance;
import dev.socratic.trainer.objective.Kind;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.plan.Plan;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TeachersTest {
    private static final Distance MSE = new Distance.Mse(Distance.Reduce.MEAN);

    private final Tensors t = new Tensors();
    private final NDArray q = t.random(1, 2, 3, 5);
    private final NDArray large = t.random(2, 2, 3, 5);
    private final NDArray small = t.random(3, 2, 3, 5);
    private final float[] toLarge = t.between(MSE, Kind.LOGITS, q, large);
    private final float[] toSmall = t.between(MSE, Kind.LOGITS, q, small);

    @AfterAll
    void close() {
        t.close();
    }

    private float[] losses(String teachers, double progress) {
        Objective objective =
                ConfigReader.read("name: x\nterms: [{against: {teachers: %s}, distance: mse}]".formatted(teachers), "x",
                        Objective.class);
        try (NDManager scope = t.manager.newSubManager();
                ObjectiveLoss loss = new ObjectiveLoss(t.manager, new Plan(objective, 5))) {
            NDArray mine = q.duplicate();
            mine.attach(scope);
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                return loss.at(progress)
                        .lossAndGradient(
                                new TokenChunk(mine, scope.create(new long[] {1, 0, 2}), List.of(large, small)), 1)
                        .losses()
                        .toFloatArray();
            }
        }
    }

    private float[] mixed(float[] weightOfLarge, float[] weightOfSmall) {
        float[] sum = new float[3];
        for (int i = 0; i < 3; i++) {
            sum[i] = weightOfLarge[i] * toLarge[i] + weightOfSmall[i] * toSmall[i];
        }
        return sum;
    }

    @Test
    void theMeanAndTheSumOfWhatEachTeacherAsks() {
        assertArrayEquals(mixed(new float[] {0.5f, 0.5f, 0.5f}, new float[] {0.5f, 0.5f, 0.5f}),
                losses("{weigh: mean}", 0), 1e-5f);
        assertArrayEquals(mixed(new float[] {1, 1, 1}, new float[] {1, 1, 1}), losses("{weigh: sum}", 0), 1e-5f);
    }

    @Test
    void aTeacherThatIsWrongOnTheLabelCountsLess() {
        assertArrayEquals(mixed(belief(large), belief(small)), losses("{weigh: label}", 0), 1e-5f);
    }

    private float[] belief(NDArray teacher) {
        float[] log = teacher.logSoftmax(1).toFloatArray();
        return new float[] {1 / (1 - log[1]), 1 / (1 - log[5]), 1 / (1 - log[12])};
    }

    @Test
    void aStudentThatIsUnsureListensToTheSmallerTeacher() {
        float[] log = q.logSoftmax(1).toFloatArray();
        float[] unsure = new float[3];
        float[] sure = new float[3];
        for (int i = 0; i < 15; i++) {
            unsure[i / 5] -= (float) (Math.exp(log[i]) * log[i] / Math.log(5));
        }
        for (int i = 0; i < 3; i++) {
            sure[i] = 1 - unsure[i];
        }
        assertArrayEquals(mixed(sure, unsure), losses("{weigh: uncertainty}", 0), 1e-5f);
    }

    /// Two tokens of one row and one of another.
    private float[][] bySample(String weigh) {
        Objective objective =
                ConfigReader.read(
                        "name: x\nterms: [{against: {teachers: {weigh: %s, per: sample}}, distance: mse}]".formatted(
                                weigh), "x", Objective.class);
        MicroBatch batch = MicroBatch.of(List.of(
                new TokenRow(new int[] {1, 2, 3}, new boolean[] {false, true, true}),
                new TokenRow(new int[] {1, 2}, new boolean[] {false, true})));
        TokenStats student = new TokenStats(new float[3], new float[] {0.2f, 0.6f, 0.5f}, new float[3]);
        TokenStats first = new TokenStats(new float[] {-1, -3, 0}, new float[3], new float[3]);
        TokenStats second = new TokenStats(new float[] {0, -8, -1}, new float[3], new float[3]);
        try (NDManager scope = t.manager.newSubManager();
                ObjectiveLoss loss = new ObjectiveLoss(t.manager, new Plan(objective, 5))) {
            List<NDArray> weights = loss.at(0).teacherWeights().orElseThrow()
                    .weights(new TeacherWeights.Inputs(batch, student, List.of(first, second)), scope).get(0);
            return new float[][] {weights.get(0).toFloatArray(), weights.get(1).toFloatArray()};
        }
    }

    @Test
    void aSampleWeighsByTheMeanOverItsTokens() {
        assertArrayEquals(new float[] {1 / 3f, 1 / 3f, 1}, bySample("label")[0], 1e-6f);
        assertArrayEquals(new float[] {0.2f, 0.2f, 0.5f}, bySample("label")[1], 1e-6f);
        assertArrayEquals(new float[] {0.6f, 0.6f, 0.5f}, bySample("uncertainty")[0], 1e-6f);
        assertArrayEquals(new float[] {0.4f, 0.4f, 0.5f}, bySample("uncertainty")[1], 1e-6f);
    }

    @Test
    void theSmallerTeacherSurvivesAsOftenAsSaidAndTheLargestAlways() {
        int both = 0;
        for (int step = 0; step < 60; step++) {
            float[] now = losses("{weigh: sum, survival: 0.75}", step / 60.0);
            boolean alone = Math.abs(now[0] - toLarge[0]) < 1e-5;
            assertTrue(alone || Math.abs(now[0] - toLarge[0] - toSmall[0]) < 1e-4);
            both += alone ? 0 : 1;
        }
        assertEquals(45, both, 12);
    }
}
