package dev.socratic.trainer.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.trainer.config.MemoryConfig;
import dev.socratic.trainer.config.OptimizerConfig;
import dev.socratic.trainer.config.Rounding;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Weights in bfloat16 whose steps are rounded at random: what the rounding is, and that every rule takes it.
class RoundingLaws {
    private static final int COPIES = 1 << 16;

    /// Rounds copies of numbers, a row of copies each.
    private static float[] rounded(Rounding rounding, long seed, long step, String name, float... numbers) {
        try (NDManager manager = Engines.manager();
                Program program = Optimizer.program(manager)) {
            NDArray wide = manager.create(numbers, new Shape(numbers.length, 1)).repeat(1, COPIES);
            NDArray weight = narrow(manager, wide);
            new Narrowing(rounding, seed, step).narrow(program, name, weight, wide, manager);
            return weight.toType(DataType.FLOAT32, true).toFloatArray();
        }
    }

    private static NDArray narrow(NDManager manager, NDArray wide) {
        try (Program mapped = Program.resource(manager, Program.class, "/programs/mapped.ts.py")) {
            return mapped.withGraphIn(manager, "rounded", Arg.of(wide.duplicate()),
                    Arg.of(FloatType.BFLOAT16.number())).singletonOrThrow();
        }
    }

    @Test
    void theMeanOfTheRoundingsIsTheNumberAndEachIsOneOfItsNeighbours() {
        SplittableRandom random = new SplittableRandom(3);
        float[] numbers = random.doubles(40).mapToObj(u -> (float) ((u - 0.5) * Math.pow(10, 8 * u - 6)))
                .collect(() -> new float[40], new Filler()::put, (a, b) -> { });
        float[] all = rounded(Rounding.STOCHASTIC, 1, 1, "w", numbers);
        for (int i = 0; i < numbers.length; i++) {
            float below = Float.intBitsToFloat(Float.floatToIntBits(numbers[i]) & 0xffff0000);
            float above = Float.intBitsToFloat((Float.floatToIntBits(numbers[i]) & 0xffff0000) + 0x10000);
            double sum = 0;
            for (int copy = 0; copy < COPIES; copy++) {
                float one = all[i * COPIES + copy];
                assertTrue(one == below || one == above, numbers[i] + " became " + one);
                sum += one;
            }
            // of COPIES draws of two values, so far apart: five deviations
            double bound = 5 * 0.5 * Math.abs(above - below) / Math.sqrt(COPIES);
            assertEquals(numbers[i], sum / COPIES, bound, () -> "of " + below + " and " + above);
        }
    }

    private static final class Filler {
        private int next;

        void put(float[] into, Float value) {
            into[next++] = value;
        }
    }

    @Test
    void whatBfloat16HoldsAlreadyStaysAndSoDoesWhatIsNoNumber() {
        float[] exact = {0, -0f, 1, -1.5f, 3.0517578e-5f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN};
        float[] all = rounded(Rounding.STOCHASTIC, 1, 1, "w", exact);
        for (int i = 0; i < exact.length; i++) {
            for (int copy = 0; copy < COPIES; copy += 97) {
                assertEquals(exact[i], all[i * COPIES + copy]);
            }
        }
        float whole = Float.intBitsToFloat(0x7fffffff);
        assertTrue(Float.isNaN(rounded(Rounding.STOCHASTIC, 1, 1, "w", whole)[1]));
    }

    @Test
    void drawsHangOnSeedNameStepAndPlaceAlone() {
        float number = 1.003f;
        float[] one = rounded(Rounding.STOCHASTIC, 1, 1, "w", number);
        assertArrayEquals(one, rounded(Rounding.STOCHASTIC, 1, 1, "w", number));
        // of two that are independent, each up with this probability, so many are alike
        double up = (number - 1) / 0x1p-7;
        double alike = up * up + (1 - up) * (1 - up);
        for (float[] other : List.of(rounded(Rounding.STOCHASTIC, 2, 1, "w", number),
                rounded(Rounding.STOCHASTIC, 1, 2, "w", number), rounded(Rounding.STOCHASTIC, 1, 1, "v", number))) {
            assertEquals(alike, agree(one, other), 5 * 0.5 / Math.sqrt(COPIES));
        }
        for (int apart : new int[] {1, 2, 3, 4, 1 << 15}) {
            float[] first = Arrays.copyOfRange(one, 0, COPIES - apart);
            float[] later = Arrays.copyOfRange(one, apart, COPIES);
            assertEquals(alike, agree(first, later), 5 * 0.5 / Math.sqrt(COPIES - apart), "apart " + apart);
        }
    }

    private static double agree(float[] one, float[] other) {
        int same = 0;
        for (int i = 0; i < one.length; i++) {
            same += one[i] == other[i] ? 1 : 0;
        }
        return (double) same / one.length;
    }

    /// Steps far below the distance of two neighbours: to the nearest nothing moves, at random all move together as
    /// float32 does, but for noise.
    @ParameterizedTest
    @ValueSource(strings = {"adamw", "{adamw8bit: {min8bit_size: 0}}", "{adafactor: {}}", "muon", "lion",
        "schedule_free_adamw"})
    void everyRuleMovesAsFarAsInFloat32WhereRoundingToTheNearestStandsStill(String method) {
        float[] exact = moved(method, Rounding.NONE);
        double length = along(exact, exact);
        assertTrue(length > 1e-5, "moved " + length);
        assertEquals(0, along(moved(method, Rounding.NEAREST), exact));
        assertEquals(1, along(moved(method, Rounding.STOCHASTIC), exact) / length, 0.1);
    }

    private static double along(float[] moved, float[] exact) {
        return IntStream.range(0, moved.length).mapToDouble(i -> (double) moved[i] * exact[i]).sum();
    }

    /// @return how far each number of a matrix of ones moved in ten steps
    private static float[] moved(String method, Rounding rounding) {
        String decay = method.startsWith("schedule") ? ", decay: constant" : "";
        OptimizerConfig config = ConfigReader.read(
                "{method: %s, learning_rate: 0.0003, weight_decay: 0%s, rounding: %s}".formatted(method, decay,
                        MemoryConfig.label(rounding)), "optimizer", OptimizerConfig.class);
        try (NDManager manager = Engines.manager()) {
            NDArray ones = manager.ones(new Shape(160, 160));
            Map<String, NDArray> weights = new LinkedHashMap<>();
            weights.put("layers.0.w", rounding == Rounding.NONE ? ones : narrow(manager, ones));
            SplittableRandom random = new SplittableRandom(7);
            try (Optimizer optimizer = new Optimizer(manager, config, weights, (name, shape, type) ->
                    manager.zeros(shape, type), 5)) {
                for (int step = 1; step <= 10; step++) {
                    float[] drawn = new float[160 * 160];
                    for (int i = 0; i < drawn.length; i++) {
                        drawn[i] = (float) (1 + 0.1 * random.nextDouble() + (i / 160 + i % 160) % 3);
                    }
                    Map<String, NDArray> gradients = Map.of("layers.0.w",
                            manager.create(drawn, new Shape(160, 160)).duplicate());
                    optimizer.begin(0.0003, step);
                    optimizer.step(gradients, 1, 0.0003);
                }
            }
            return weights.get("layers.0.w").toType(DataType.FLOAT32, true).sub(1).toFloatArray();
        }
    }
}
