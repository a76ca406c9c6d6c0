package dev.socratic.trainer.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.engine.Engines;
import dev.socratic.trainer.config.Decay;
import dev.socratic.trainer.config.OptimizerConfig;
import dev.socratic.trainer.config.Warmup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptimizerTest {
    private static final OptimizerConfig CONFIG =
            new OptimizerConfig(0.1, List.of(0.9, 0.95), 1e-8, 0.5, new Warmup.Ratio(0), new Decay.Constant(), 1);

    @Test
    void twoStepsAreThoseOfTheFormulaAndNormsDoNotDecay() {
        try (NDManager manager = Engines.manager()) {
            Map<String, NDArray> weights = new LinkedHashMap<>();
            weights.put("norm", manager.create(new float[] {1}).duplicate());
            weights.put("matrix", manager.create(new float[] {2}, new Shape(1, 1)).duplicate());
            double[] norm = {1, 0, 0};
            double[] matrix = {2, 0, 0};
            try (Optimizer optimizer = new Optimizer(manager, CONFIG, weights)) {
                for (int step = 1; step <= 2; step++) {
                    float a = 0.3f * step;
                    float b = -0.4f * step;
                    Map<String, NDArray> gradients = new LinkedHashMap<>();
                    gradients.put("norm", manager.create(new float[] {a}).duplicate());
                    gradients.put("matrix", manager.create(new float[] {b}, new Shape(1, 1)).duplicate());
                    double length = optimizer.norm(gradients);
                    assertEquals(0.5 * step, length, 1e-6);
                    optimizer.step(gradients, length, 0.1);
                    byHand(norm, a, step, 0);
                    byHand(matrix, b, step, 0.5);
                }
                assertEquals(norm[0], weights.get("norm").toFloatArray()[0], 1e-6);
                assertEquals(matrix[0], weights.get("matrix").toFloatArray()[0], 1e-6);
                assertArrayEquals(new float[] {2}, optimizer.state().get("steps.matrix").toFloatArray());
            }
        }
    }

    @Test
    void aLongGradientIsScaledDownToTheClip() {
        try (NDManager manager = Engines.manager()) {
            Map<String, NDArray> weights = Map.of("w", manager.create(new float[] {1}, new Shape(1, 1)).duplicate());
            Map<String, NDArray> gradients = Map.of("w", manager.create(new float[] {4}, new Shape(1, 1)).duplicate());
            try (Optimizer optimizer = new Optimizer(manager, CONFIG, weights)) {
                optimizer.step(gradients, 4, 0.1);
                assertEquals(0.1 * 1.0, optimizer.state().get("first.w").toFloatArray()[0], 1e-6);
            }
        }
    }

    /// Loshchilov and Hutter 2017, algorithm 2. `state`: weight, first and second moment.
    private static void byHand(double[] state, double gradient, int step, double decay) {
        state[1] = 0.9 * state[1] + 0.1 * gradient;
        state[2] = 0.95 * state[2] + 0.05 * gradient * gradient;
        double first = state[1] / (1 - Math.pow(0.9, step));
        double second = state[2] / (1 - Math.pow(0.95, step));
        state[0] -= 0.1 * (first / (Math.sqrt(second) + 1e-8) + decay * state[0]);
    }
}
