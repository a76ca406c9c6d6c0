package dev.socratic.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The learned choice of teachers, arXiv:2012.06048.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TeacherPolicyTest {
    private final Tensors t = new Tensors();
    private final NDArray large = t.random(2, 2, 3, 5);
    private final NDArray small = t.random(3, 2, 3, 5);

    @AfterAll
    void close() {
        t.close();
    }

    private TokenChunk chunk(NDArray student) {
        return new TokenChunk(student, t.manager.create(new long[] {1, 0, 2}), List.of(large, small));
    }

    /// The state of a token, by hand.
    private double[] state(float[] logits, int row, int label, double rank) {
        double sum = 0;
        for (int v = 0; v < 5; v++) {
            sum += Math.exp(logits[5 * row + v]);
        }
        double entropy = 0;
        double top = 0;
        for (int v = 0; v < 5; v++) {
            double p = Math.exp(logits[5 * row + v]) / sum;
            entropy -= p * Math.log(p);
            top = Math.max(top, p);
        }
        return new double[] {1, -Math.log(Math.exp(logits[5 * row + label]) / sum), entropy / Math.log(5), top, rank};
    }

    @Test
    void aSureWeightListensToAllOrNone() {
        for (float sure : new float[] {50, -50}) {
            try (TeacherPolicy policy = new TeacherPolicy(t.manager, t.kernel)) {
                policy.learned().get(TeacherPolicy.WEIGHT).set(FloatBuffer.wrap(new float[] {sure, 0, 0, 0, 0}));
                float share = sure > 0 ? 0.5f : 0;
                assertArrayEquals(new float[] {share, share, share},
                        policy.choice(0, chunk(t.random(1, 2, 3, 5)), 0.5).toFloatArray());
                assertArrayEquals(new float[] {share, share, share},
                        policy.choice(1, chunk(t.random(1, 2, 3, 5)), 0.5).toFloatArray());
            }
        }
    }

    /// By hand: with w = 0 every teacher is chosen with probability 1/2, so the trace is the mean of (a - 1/2) s.
    @Test
    void theGradientIsTheChangeOfTheLossTimesTheTraceOfTheStepBefore() {
        try (TeacherPolicy policy = new TeacherPolicy(t.manager, t.kernel)) {
            NDArray first = t.random(1, 2, 3, 5);
            NDArray second = t.random(4, 2, 3, 5);
            double[] trace = new double[5];
            long[] labels = {1, 0, 2};
            for (int k = 0; k < 2; k++) {
                float[] chosen = policy.choice(k, chunk(first), 0.25).toFloatArray();
                for (int i = 0; i < 3; i++) {
                    double[] state = state((k == 0 ? large : small).toFloatArray(), i, (int) labels[i], k);
                    for (int f = 0; f < 5; f++) {
                        trace[f] += (2 * chosen[i] - 0.5) * state[f] / 6;
                    }
                }
            }
            policy.ended(1);
            assertEquals(null, JniUtils.getGradient((PtNDArray) policy.learned().get(TeacherPolicy.WEIGHT)),
                    "nothing to judge by yet");
            policy.choice(0, chunk(second), 0.5);
            policy.choice(1, chunk(second), 0.5);
            policy.ended(1);
            double change = crossEntropy(second) - crossEntropy(first);
            float[] gradient = JniUtils.getGradient((PtNDArray) policy.learned().get(TeacherPolicy.WEIGHT))
                    .toFloatArray();
            for (int f = 0; f < 5; f++) {
                assertEquals(change * trace[f], gradient[f], 1e-5, "feature " + f);
            }
        }
    }

    /// Two samples, of two tokens and of one: what is chosen is the sample's, by the means of its tokens, and the
    /// trace is the mean over samples and teachers.
    @Test
    void aSampleIsJudgedByTheMeansOfItsTokens() {
        TokenRow two = new TokenRow(new int[] {3, 1, 0}, new boolean[] {false, true, true});
        TokenRow one = new TokenRow(new int[] {4, 2}, new boolean[] {false, true});
        MicroBatch batch = MicroBatch.of(List.of(two, one));
        long[] labels = {1, 0, 2};
        int[][] samples = {{0, 1}, {2}};
        NDArray student = t.random(1, 2, 3, 5);
        TeacherWeights.Inputs inputs = new TeacherWeights.Inputs(batch, outlook(student, labels),
                List.of(outlook(large, labels), outlook(small, labels)));
        try (TeacherPolicy policy = new TeacherPolicy(t.manager, t.kernel)) {
            double[] trace = new double[5];
            for (int k = 0; k < 2; k++) {
                float[] chosen = policy.choice(k, inputs, 0.25);
                assertEquals(chosen[0], chosen[1], "one choice for a sample");
                for (int[] sample : samples) {
                    for (int token : sample) {
                        double[] state = state((k == 0 ? large : small).toFloatArray(), token, (int) labels[token], k);
                        for (int f = 0; f < 5; f++) {
                            trace[f] += (2 * chosen[token] - 0.5) * state[f] / sample.length / 4;
                        }
                    }
                }
            }
            policy.ended(1);
            float[] rolloutState = policy.kept().get(TeacherPolicy.MEMORY).toFloatArray();
            for (int f = 0; f < 5; f++) {
                assertEquals(trace[f], rolloutState[f], 1e-6, "feature " + f);
            }
            assertEquals(crossEntropy(student), rolloutState[5], 1e-5);
        }
    }

    private TokenStats outlook(NDArray logits, long[] labels) {
        float[][] all = new float[3][3];
        for (int token = 0; token < 3; token++) {
            double[] state = state(logits.toFloatArray(), token, (int) labels[token], 0);
            all[0][token] = (float) -state[1];
            all[1][token] = (float) state[2];
            all[2][token] = (float) state[3];
        }
        return new TokenStats(all[0], all[1], all[2]);
    }

    private double crossEntropy(NDArray logits) {
        float[] logs = logits.logSoftmax(1).toFloatArray();
        return -(logs[1] + logs[5] + logs[12]) / 3;
    }

    /// A world in which the student's loss next time is the lower, the more it listened to the larger teacher and the
    /// less to the smaller.
    @Test
    void itLearnsToListenToWhoHelps() {
        try (TeacherPolicy policy = new TeacherPolicy(t.manager, t.kernel)) {
            NDArray weight = policy.learned().get(TeacherPolicy.WEIGHT);
            double helped = 0;
            float[] rate = new float[2];
            for (int step = 0; step < 400; step++) {
                try (NDManager scope = t.manager.newSubManager()) {
                    NDArray student = scope.zeros(new ai.djl.ndarray.types.Shape(3, 5));
                    student.set(new ai.djl.ndarray.index.NDIndex("0, 1"), (float) (3 * helped));
                    student.set(new ai.djl.ndarray.index.NDIndex("1, 0"), (float) (3 * helped));
                    student.set(new ai.djl.ndarray.index.NDIndex("2, 2"), (float) (3 * helped));
                    float yes = mean(policy.choice(0, chunk(student), step / 400.0));
                    float no = mean(policy.choice(1, chunk(student), step / 400.0));
                    helped = 2 * yes - 2 * no;
                    if (step >= 300) {
                        rate[0] += 2 * yes / 100;
                        rate[1] += 2 * no / 100;
                    }
                    policy.ended(1);
                    NDArray gradient = JniUtils.getGradient((PtNDArray) weight);
                    if (gradient != null) {
                        float[] w = weight.toFloatArray();
                        float[] g = gradient.toFloatArray();
                        for (int f = 0; f < 5; f++) {
                            w[f] -= g[f];
                        }
                        weight.set(FloatBuffer.wrap(w));
                        gradient.set(FloatBuffer.wrap(new float[5]));
                    }
                }
            }
            assertTrue(rate[0] > rate[1] + 0.3, rate[0] + " and " + rate[1]);
        }
    }

    private static float mean(NDArray x) {
        return (float) (Tensors.sum(x.toFloatArray()) / x.size());
    }

    @Test
    void aPolicyThatGoesOnFromItsWeightsAndMemoryIsTheSamePolicy() {
        try (TeacherPolicy calm = new TeacherPolicy(t.manager, t.kernel);
                TeacherPolicy again = new TeacherPolicy(t.manager, t.kernel)) {
            step(calm, 1, 0.1);
            again.learned().get(TeacherPolicy.WEIGHT)
                    .set(FloatBuffer.wrap(calm.learned().get(TeacherPolicy.WEIGHT).toFloatArray()));
            again.kept().get(TeacherPolicy.MEMORY)
                    .set(FloatBuffer.wrap(calm.kept().get(TeacherPolicy.MEMORY).toFloatArray()));
            assertArrayEquals(step(calm, 2, 0.2), step(again, 2, 0.2));
            assertArrayEquals(gradient(calm), gradient(again));
        }
    }

    private float[] step(TeacherPolicy policy, int seed, double progress) {
        NDArray student = t.random(seed, 2, 3, 5);
        policy.choice(0, chunk(student), progress);
        float[] chosen = policy.choice(1, chunk(student), progress).toFloatArray();
        policy.ended(1);
        return chosen;
    }

    private static float[] gradient(TeacherPolicy policy) {
        return JniUtils.getGradient((PtNDArray) policy.learned().get(TeacherPolicy.WEIGHT)).toFloatArray();
    }
}
