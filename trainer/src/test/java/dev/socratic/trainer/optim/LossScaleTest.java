package dev.socratic.trainer.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.models.engine.FloatType;
import org.junit.jupiter.api.Test;

class LossScaleTest {
    @Test
    void onlyFloat16ScalesItsLoss() {
        assertEquals(LossScale.NONE, LossScale.of(FloatType.FLOAT32));
        assertEquals(LossScale.NONE, LossScale.of(FloatType.BFLOAT16));
        assertEquals(65536, LossScale.of(FloatType.FLOAT16).factor());
        assertEquals(LossScale.NONE, LossScale.NONE.taken());
        assertEquals(LossScale.NONE, LossScale.NONE.reduced());
        assertFalse(LossScale.NONE.reducible());
    }

    @Test
    void aStepThatIsNotFiniteHalvesItAndTwoThousandGoodOnesDoubleIt() {
        LossScale scale = LossScale.of(FloatType.FLOAT16).reduced();
        assertEquals(32768, scale.factor());
        for (int i = 0; i < 1999; i++) {
            scale = scale.taken();
        }
        assertEquals(32768, scale.factor());
        assertEquals(65536, scale.taken().factor());
        assertEquals(0, scale.taken().good());
        assertEquals(0, scale.reduced().good());
    }

    @Test
    void belowOneItIsNotTheScaleThatIsWrong() {
        LossScale scale = LossScale.of(FloatType.FLOAT16);
        for (int i = 0; i < 16; i++) {
            assertTrue(scale.reducible());
            scale = scale.reduced();
        }
        assertEquals(1, scale.factor());
        assertFalse(scale.reducible());
        assertEquals(scale, scale.reduced());
    }
}
