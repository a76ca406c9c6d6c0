package dev.socratic.trainer.logits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.socratic.core.seed.Seeds;
import dev.socratic.models.engine.Engines;
import dev.socratic.trainer.logits.Encoding.Tail;
import dev.socratic.trainer.logits.Encoding.Width;
import dev.socratic.trainer.logits.capture.LogitCapture;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreKernelTest {
    private static final int VOCAB = 20;
    private final NDManager manager = Engines.manager();
    private final StoreKernel kernel = new StoreKernel(manager);

    @AfterEach
    void close() {
        kernel.close();
        manager.close();
    }

    private NDArray random(int tokens, long seed, double scale) {
        Random random = new Random(seed);
        float[] values = new float[tokens * VOCAB];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return manager.create(values, new Shape(tokens, VOCAB));
    }

    private NDArray logP(NDArray logits) {
        return kernel.logProbabilities(logits, 1, VOCAB).get(0);
    }

    private List<StoredDistribution> through(Encoding encoding, NDArray logP, int label) {
        Codec codec = new Codec(encoding, VOCAB);
        int tokens = (int) logP.getShape().get(0);
        double[] uniforms = encoding instanceof Encoding.Sampled sampled
                ? LogitCapture.draws(Seeds.random(5, "test"), tokens * sampled.draws())
                : new double[0];
        return kernel.encode(logP, uniforms, codec).stream().map(bytes -> codec.read(bytes, 0, label)).toList();
    }

    /// Gradient of the mean over positions, in the logits of a student that says the same everywhere.
    private float[] meanGradient(NDArray studentRow, List<StoredDistribution> targets) {
        NDArray logits = studentRow.repeat(0, targets.size());
        logits.setRequiresGradient(true);
        NDArray loss = kernel.kl(logits, StoredDistributions.of(targets, manager));
        JniUtils.backward((PtNDArray) loss, (PtNDArray) manager.full(loss.getShape(), 1f / targets.size()), false,
                false);
        return JniUtils.getGradient((PtNDArray) logits).sum(new int[] {0}).toFloatArray();
    }

    @Test
    void theMeanOfManyDrawsIsTheDistributionItself() {
        NDArray row = logP(random(1, 1, 2));
        float[] p = row.exp().toFloatArray();
        double[] mean = new double[VOCAB];
        int times = 4000;
        for (StoredDistribution target : through(new Encoding.Sampled(50), row.repeat(0, times), 0)) {
            for (int i = 0; i < target.ids().length; i++) {
                mean[target.ids()[i]] += target.mass()[i] / times;
            }
        }
        for (int id = 0; id < VOCAB; id++) {
            double deviation = Math.sqrt(p[id] * (1 - p[id]) / (50.0 * times));
            assertEquals(p[id], mean[id], 4.5 * deviation + 1e-7, "token " + id);
        }
    }

    @Test
    void theMeanGradientOfSampledTargetsIsTheOneOfFullLogitsAndOfRenormalisedTopKItIsNot() {
        NDArray row = logP(random(1, 2, 1));
        NDArray student = random(1, 3, 1);
        NDArray q = student.softmax(-1);
        float[] exact = q.sub(row.exp()).toFloatArray(); // q - p
        NDArray many = row.repeat(0, 4000);
        assertArrayEquals(exact, meanGradient(student, through(new Encoding.Dense(Width.FLOAT), row, 0)), 1e-6f);
        assertArrayEquals(exact, meanGradient(student, through(new Encoding.Sampled(50), many, 0)), 4e-3f);
        float[] biased = meanGradient(student, through(new Encoding.TopK(5, Tail.RENORMALISE), row, 0));
        double gap = IntStream.range(0, VOCAB).mapToDouble(i -> Math.abs(biased[i] - exact[i])).max().orElseThrow();
        assertTrue(gap > 0.02, "largest gap " + gap);
    }

    @Test
    void theBucketLossIsTheOneOfTheCollapsedDistributions() {
        NDArray row = logP(random(1, 4, 2));
        NDArray logits = random(1, 5, 1);
        StoredDistribution target = through(new Encoding.TopK(3, Tail.BUCKET), row, 0).getFirst();
        float[] q = logits.softmax(-1).toFloatArray();
        double expected = 0;
        double others = 1;
        for (int i = 0; i < 3; i++) {
            double mass = target.mass()[i];
            expected += mass * Math.log(mass / q[target.ids()[i]]);
            others -= q[target.ids()[i]];
        }
        expected += target.tailMass() * Math.log(target.tailMass() / others);
        assertEquals(expected, kernel.kl(logits, StoredDistributions.of(List.of(target), manager)).getFloat(), 1e-5);
    }

    @Test
    void aShorterTargetBesideALongerOneHasTheSameLoss() {
        NDArray logits = random(2, 6, 1);
        StoredDistribution one = new StoredDistribution(new int[] {4}, new float[] {1}, 0);
        StoredDistribution three = new StoredDistribution(new int[] {1, 2, 3}, new float[] {0.2f, 0.3f, 0.4f}, 0.1f);
        float[] together = kernel.kl(logits, StoredDistributions.of(List.of(one, three), manager)).toFloatArray();
        float alone = kernel.kl(logits.get("0:1"), StoredDistributions.of(List.of(one), manager)).getFloat();
        assertEquals(alone, together[0], 1e-6);
    }

    @Test
    void tokensWithoutAnyMassAreNeverDrawn() {
        float[] logits = new float[VOCAB];
        java.util.Arrays.fill(logits, Float.NEGATIVE_INFINITY);
        logits[3] = 0;
        logits[11] = 0;
        NDArray row = logP(manager.create(logits, new Shape(1, VOCAB)));
        for (StoredDistribution target : through(new Encoding.Sampled(255), row.repeat(0, 50), 0)) {
            assertArrayEquals(new int[] {3, 11}, target.ids());
        }
    }

    @Test
    void temperatureAndPaddedRowsOfTheVocabularyEnterBeforeTheSoftmax() {
        NDArray logits = random(3, 7, 2);
        float[] found = kernel.logProbabilities(logits, 2, 15).get(0).exp().toFloatArray();
        float[] expected = logits.get(":, 0:15").div(2).softmax(-1).toFloatArray();
        assertArrayEquals(expected, found, 1e-6f);
    }
}
