package dev.socratic.models.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GradientsTest {
    @Test
    void aHandleLivesAsLongAsItsScopeAndTheWeightsManagerKeepsNone() {
        try (NDManager manager = Engines.manager(); NDManager step = manager.newSubManager()) {
            NDManager weights = manager.newSubManager();
            NDArray weight = weights.create(new float[] {1, 2});
            weight.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                collector.backward(weight.mul(step.create(new float[] {3, 5})).sum());
            }
            int before = weights.getManagedArrays().size();
            for (int i = 0; i < 100; i++) {
                try (NDManager scope = step.newSubManager()) {
                    assertArrayEquals(new float[] {3, 5}, Gradients.gradient(weight, scope).orElseThrow()
                            .toFloatArray());
                    assertEquals(1, scope.getManagedArrays().size());
                }
            }
            assertEquals(before, weights.getManagedArrays().size(), "no handle stays with the weight");
        }
    }

    @Test
    void whereNothingWasLostThroughALeafThereIsNone() {
        try (NDManager manager = Engines.manager()) {
            NDArray weight = manager.create(new float[] {1, 2});
            weight.setRequiresGradient(true);
            assertEquals(Optional.empty(), Gradients.gradient(weight, manager));
        }
    }
}
