package dev.socratic.trainer.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.models.engine.Engines;
import dev.socratic.trainer.config.OptimizerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Ten steps of every optimiser beside those of its Python original, which `bench/peers/trainer/optimizers.py` made.
class OptimizerParityTest {
    private static final Map<String, Shape> SHAPES = new LinkedHashMap<>(Map.of(
            "model.layers.0.wide", new Shape(4, 6), "model.layers.0.tall", new Shape(9, 5),
            "model.norm", new Shape(5)));
    private static final Map<String, Shape> LONG = Map.of("model.layers.0.long", new Shape(5, 60));
    private static final IntToDoubleFunction FALLING = step -> 0.01 * (1 - step / 20.0);
    private static final IntToDoubleFunction RISING = step -> 0.01 * Math.min(1, (step + 1) / 4.0);

    private static JsonNode golden;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in = OptimizerParityTest.class.getResourceAsStream("/optimizers.json")) {
            golden = Json.mapper().readTree(in);
        }
    }

    private static NDArray made(NDManager manager, Shape shape, int factor, int add, int modulus, int minus) {
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = ((i * factor + add) % modulus - minus) / 64f;
        }
        return manager.create(values, shape).duplicate();
    }

    private static OptimizerConfig config(String method) {
        return ConfigReader.read("{learning_rate: 0.01, max_grad_norm: 0, warmup: {ratio: {of: 0}}, decay: constant, "
                + "method: " + method + "}", "optimizer", OptimizerConfig.class);
    }

    /// Weights after ten steps, and what the averages are where there are some.
    private record Run(Map<String, float[]> weights, Map<String, float[]> averages, Map<String, int[]> codes) {}

    private static Run run(String method, Map<String, Shape> shapes, IntToDoubleFunction rate) {
        try (NDManager manager = Engines.manager()) {
            Map<String, NDArray> weights = new LinkedHashMap<>();
            shapes.forEach((name, shape) -> weights.put(name, made(manager, shape, 53, 0, 97, 48)));
            try (Optimizer optimizer = new Optimizer(manager, config(method), weights)) {
                for (int step = 0; step < 10; step++) {
                    Map<String, NDArray> gradients = new LinkedHashMap<>();
                    int add = step * 101;
                    shapes.forEach((name, shape) -> gradients.put(name, made(manager, shape, 37, add, 199, 99)));
                    optimizer.step(gradients, 1, rate.applyAsDouble(step));
                }
                Map<String, int[]> codes = new LinkedHashMap<>();
                optimizer.state().forEach((name, array) -> {
                    if (array.getDataType() == DataType.UINT8) {
                        codes.put(name, array.toUint8Array());
                    }
                });
                return new Run(values(weights), values(optimizer.averages(manager)), codes);
            }
        }
    }

    private static Map<String, float[]> values(Map<String, NDArray> arrays) {
        Map<String, float[]> values = new LinkedHashMap<>();
        arrays.forEach((name, array) -> values.put(name, array.toFloatArray()));
        return values;
    }

    private static void near(String expected, Map<String, float[]> found, double tolerance) {
        golden.get(expected).properties().forEach(entry -> assertArrayEquals(numbers(entry.getValue()),
                found.get(entry.getKey()), (float) tolerance, expected + " " + entry.getKey()));
    }

    private static float[] numbers(JsonNode array) {
        float[] values = new float[array.size()];
        IntStream.range(0, values.length).forEach(i -> values[i] = (float) array.get(i).asDouble());
        return values;
    }

    @Test
    void adamwStepsAsTorchs() {
        near("adamw", run("adamw", SHAPES, FALLING).weights, 1e-6);
    }

    @Test
    void lionStepsAsLionPytorchs() {
        near("lion", run("lion", SHAPES, FALLING).weights, 1e-6);
    }

    @Test
    void adafactorStepsAsTransformersOne() {
        near("adafactor", run("adafactor", SHAPES, FALLING).weights, 2e-6);
        near("adafactor_scaled",
                run("{adafactor: {scale_parameter: true, beta1: 0.9, decay_rate: 0.7, clip_threshold: 0.5}}", SHAPES,
                        FALLING).weights, 2e-6);
    }

    @Test
    void muonStepsAsTimmsDoesInDoublePrecisionAndNearlyAsInBfloat16() {
        for (String adjust : new String[] {"match_rms_adamw", "original"}) {
            for (boolean nesterov : new boolean[] {true, false}) {
                String name = "muon_" + adjust + (nesterov ? "" : "_plain");
                Map<String, float[]> weights = run("{muon: {adjust_lr_fn: %s, nesterov: %s}}".formatted(adjust,
                        nesterov), SHAPES, FALLING).weights;
                near(name, weights, 5e-6);
                near(name + "_bfloat16", weights, 4e-3);
            }
        }
    }

    @Test
    void muonLeavesVectorsToAdamw() {
        assertArrayEquals(run("adamw", SHAPES, FALLING).weights.get("model.norm"),
                run("muon", SHAPES, FALLING).weights.get("model.norm"));
        Map<String, Shape> outside = Map.of("model.embed_tokens.weight", new Shape(4, 6));
        assertArrayEquals(run("adamw", outside, FALLING).weights.get("model.embed_tokens.weight"),
                run("muon", outside, FALLING).weights.get("model.embed_tokens.weight"));
    }

    @Test
    void scheduleFreeStepsAndAveragesAsThePackageOfThatName() {
        Run run = run("{schedule_free_adamw: {r: 0.5}}".replace("}}", "}}, betas: [0.9, 0.95]"), SHAPES, RISING);
        near("schedule_free_y", run.weights, 2e-6);
        near("schedule_free_x", run.averages, 2e-6);
    }

    @Test
    void eightBitMomentsAreBitsandbytesCodesAndItsWeights() {
        assertArrayEquals(numbers(golden.get("adamw8bit").get("signed")), DynamicMap.values(true), 1e-7f);
        assertArrayEquals(numbers(golden.get("adamw8bit").get("unsigned")), DynamicMap.values(false), 1e-7f);
        Run run = run("{adamw8bit: {min8bit_size: 0}}", LONG, FALLING);
        float[] expected = numbers(golden.get("adamw8bit").get("model.layers.0.long"));
        assertArrayEquals(expected, run.weights.get("model.layers.0.long"), 1e-5f);
        for (String kind : new String[] {"first", "second"}) {
            float[] codes = numbers(golden.get("adamw8bit").get(kind));
            int[] found = run.codes.get(kind + ".model.layers.0.long");
            long other = IntStream.range(0, codes.length).filter(i -> codes[i] != found[i]).count();
            assertEquals(0, other, kind + ": codes other than bitsandbytes'");
        }
    }

    @Test
    void smallWeightsKeepMomentsOfThirtyTwoBits() {
        Run few = run("adamw8bit", LONG, FALLING);
        assertTrue(few.codes.isEmpty());
        assertArrayEquals(run("adamw", LONG, FALLING).weights.get("model.layers.0.long"),
                few.weights.get("model.layers.0.long"));
    }
}
