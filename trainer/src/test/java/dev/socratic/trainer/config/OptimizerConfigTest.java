package dev.socratic.trainer.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptimizerConfigTest {
    @Test
    void theRateRisesOverTheWarmupAndFallsAlongACosineToItsFloor() {
        OptimizerConfig config = with(new Warmup.Ratio(0.1), new Decay.Cosine(0.1));
        assertEquals(0.5, config.rate(0.05, 1), 1e-12);
        assertEquals(1.0, config.rate(0.1, 2), 1e-12);
        assertEquals(0.55, config.rate(0.55, 3), 1e-12);
        assertEquals(0.1, config.rate(1, 4), 1e-12);
        assertEquals(0.1, config.rate(1.02, 5), 1e-12);
    }

    @Test
    void aWarmupInStepsDoesNotLookAtTheBudget() {
        OptimizerConfig config = with(new Warmup.Steps(4), new Decay.Linear(0));
        assertEquals(0.25, config.rate(0.5, 1), 1e-12);
        assertEquals(1.0, config.rate(0.5, 4), 1e-12);
        assertEquals(0.5, config.rate(0.5, 5), 1e-12);
    }

    @Test
    void warmupStableDecayHoldsThePeakUntilItsLastPart() {
        OptimizerConfig config = with(new Warmup.Ratio(0), new Decay.WarmupStableDecay(0.2, 0.1));
        assertEquals(1, config.rate(0.8, 1), 1e-12);
        assertEquals(0.55, config.rate(0.9, 2), 1e-12);
        assertEquals(0.1, config.rate(1, 3), 1e-12);
    }

    @Test
    void aLearningRateOfZeroIsRefused() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> new OptimizerConfig(0, List.of(0.9, 0.95), 1e-8, 0, new Warmup.Ratio(0), new Decay.Constant(),
                        1));
        assertEquals("learning_rate must be above 0; got 0.0", refused.getMessage());
    }

    private static OptimizerConfig with(Warmup warmup, Decay decay) {
        return new OptimizerConfig(1, List.of(0.9, 0.95), 1e-8, 0, warmup, decay, 1);
    }
}
