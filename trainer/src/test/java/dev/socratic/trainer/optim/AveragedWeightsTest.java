package dev.socratic.trainer.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.models.engine.Engines;
import dev.socratic.trainer.config.EmaConfig;
import dev.socratic.trainer.config.OptimizerConfig;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AveragedWeightsTest {
    private static final OptimizerConfig ADAMW = ConfigReader.read("{}", "optimizer", OptimizerConfig.class);

    private static float[] numbers(NDArray array) {
        return array.toFloatArray();
    }

    @Test
    void theAverageBeginsAsTheWeightsAndFollowsThem() {
        try (NDManager manager = Engines.manager()) {
            NDArray weight = manager.create(new float[] {1, -1}).duplicate();
            try (Ema ema = new Ema(manager, Map.of("w", weight), 0.75)) {
                assertArrayEquals(new float[] {1, -1}, numbers(ema.averages().get("w")));
                weight.addi(4);
                ema.update();
                assertArrayEquals(new float[] {2, 0}, numbers(ema.averages().get("w")));
                ema.update();
                assertArrayEquals(new float[] {2.75f, 0.75f}, numbers(ema.state().get("ema.w")));
            }
        }
    }

    @Test
    void averagesStandInForTheWeightsUntilTheyAreClosedAndEveryOtherStepIsAveragedIn() {
        try (NDManager manager = Engines.manager()) {
            NDArray weight = manager.create(new float[] {1 / 3f}).duplicate();
            Map<String, NDArray> weights = Map.of("w", weight);
            try (Optimizer optimizer = new Optimizer(manager, ADAMW, weights);
                    AveragedWeights averaged = new AveragedWeights(manager, weights, optimizer,
                            Optional.of(new EmaConfig(0.5, 2, EmaConfig.Save.EMA)))) {
                weight.addi(1);
                averaged.stepped(1);
                try (AveragedWeights.Standing ignored = averaged.inPlace()) {
                    assertEquals(1 / 3f, numbers(weight)[0]);
                }
                averaged.stepped(2);
                try (AveragedWeights.Standing ignored = averaged.inPlace()) {
                    assertEquals(1 / 3f + 0.5f, numbers(weight)[0], 1e-7);
                }
                assertEquals(1 / 3f + 1, numbers(weight)[0]);
                averaged.settle();
                assertEquals(1 / 3f + 0.5f, numbers(weight)[0], 1e-7);
            }
        }
    }

    @Test
    void whereTheLastWeightsAreSavedTheyAreMeasuredToo() {
        try (NDManager manager = Engines.manager()) {
            NDArray weight = manager.create(new float[] {1}).duplicate();
            Map<String, NDArray> weights = Map.of("w", weight);
            try (Optimizer optimizer = new Optimizer(manager, ADAMW, weights);
                    AveragedWeights averaged = new AveragedWeights(manager, weights, optimizer,
                            Optional.of(new EmaConfig(0.5, 1, EmaConfig.Save.LAST)))) {
                weight.addi(1);
                averaged.stepped(1);
                try (AveragedWeights.Standing ignored = averaged.inPlace()) {
                    assertEquals(2, numbers(weight)[0]);
                }
                averaged.settle();
                assertEquals(2, numbers(weight)[0]);
                assertEquals(1.5f, numbers(averaged.state().get("ema.w"))[0]);
            }
        }
    }
}
