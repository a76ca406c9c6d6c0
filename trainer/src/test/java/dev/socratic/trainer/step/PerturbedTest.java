package dev.socratic.trainer.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.models.network.Change;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.plan.Explanation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Gradient perturbation, arXiv:2012.07335.
class PerturbedTest {
    private static final Objective LABELS =
            ConfigReader.read("name: x\nedit: perturb\nterms: [{against: labels, distance: kl}]", "x.yaml",
                    Objective.class);

    /// The same by other means: cross-entropy of all counting positions, its gradient at the embedding by autograd,
    /// at length 1 in each position.
    @Test
    void theSecondPassIsUphillFromTheFirst() {
        try (TinyPair pair = new TinyPair(LABELS, TinyPair.WIDE); NDManager scope = pair.manager.newSubManager()) {
            MicroBatch batch = TinyPair.whole().getFirst();
            NDArray noise = scope.zeros(new Shape(batch.rows(), batch.seq(), 16));
            JniUtils.attachGradient((PtNDArray) noise, true);
            double plain;
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray loss = loss(pair, batch, noise, scope);
                plain = loss.getFloat();
                JniUtils.backward((PtNDArray) loss, (PtNDArray) scope.create(1f), false, false);
            }
            float[] slope = JniUtils.getGradient((PtNDArray) noise).toFloatArray();
            for (int at = 0; at < slope.length; at += 16) {
                double length = 0;
                for (int i = at; i < at + 16; i++) {
                    length += slope[i] * slope[i];
                }
                for (int i = at; i < at + 16; i++) {
                    slope[i] = length == 0 ? 0 : (float) (slope[i] / Math.sqrt(length));
                }
            }
            double uphill = loss(pair, batch, scope.create(slope, noise.getShape()), scope).getFloat();
            pair.clear();
            Explanation explained = pair.look(TinyPair.whole(), 0.5);
            assertEquals(uphill, explained.loss(), 2e-5);
            assertTrue(uphill > plain + 0.01, plain + " then " + uphill);
        }
    }

    private static NDArray loss(TinyPair pair, MicroBatch batch, NDArray noise, NDManager scope) {
        NDArray ids = scope.create(batch.ids(), new Shape(batch.rows(), batch.seq()));
        NDArray states = pair.student.forward(ids, Set.of(), List.of(new Change.Added(noise)), true).states();
        NDArray logs = pair.student.logits(states, true).reshape(-1, TinyPair.VOCAB).logSoftmax(1);
        NDArray sum = scope.create(0f);
        for (int i = 0; i < batch.lossTokens(); i++) {
            sum = sum.sub(logs.get((int) batch.lossPositions()[i], (int) batch.labels()[i]));
        }
        return sum.div(batch.lossTokens());
    }

    /// Only the second pass leaves a gradient, and micro-batches add up to the whole.
    @Test
    void gradientsAreThoseOfTheSecondPassAndAddUpOverMicroBatches() {
        try (TinyPair pair = new TinyPair(LABELS, TinyPair.NARROW)) {
            pair.look(TinyPair.whole(), 0.5);
            Map<String, float[]> whole = gradients(pair);
            pair.clear();
            pair.look(TinyPair.parts(), 0.5);
            Map<String, float[]> parts = gradients(pair);
            whole.forEach((name, gradient) -> assertArrayEquals(gradient, parts.get(name), 2e-5f, name));
            pair.clear();
            String name = "model.layers.1.mlp.down_proj.weight";
            float[] gradient = whole.get(name);
            double slope = (nudged(pair, name, 1e-3f) - nudged(pair, name, -1e-3f)) / 2e-3;
            assertEquals(slope, gradient[0], 5e-3 + 0.05 * Math.abs(slope),
                    "the noise moves little with a late weight");
        }
    }

    private static double nudged(TinyPair pair, String name, float step) {
        NDArray weight = pair.weights.get(name);
        float[] one = new float[Math.toIntExact(weight.size())];
        one[0] = step;
        NDArray change = weight.getManager().create(one, weight.getShape());
        pair.add(weight, change);
        double loss = pair.look(TinyPair.whole(), 0.5).loss();
        pair.add(weight, change.neg());
        return loss;
    }

    private static Map<String, float[]> gradients(TinyPair pair) {
        Map<String, float[]> all = new LinkedHashMap<>();
        try (NDManager scope = pair.manager.newSubManager()) {
            pair.gradients(scope).forEach((name, gradient) -> all.put(name, gradient.toFloatArray()));
        }
        return all;
    }
}
