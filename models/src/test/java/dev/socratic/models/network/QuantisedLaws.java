package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.socratic.core.text.Quantization;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.checkpoint.LoraConfig;
import dev.socratic.models.checkpoint.LoraTargets;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FloatType;
import java.nio.FloatBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds of matrices of few bits in every family: the model is the one whose weights were rounded, nothing else is.
class QuantisedLaws {
    private static final long[] PROMPT = {1, 5, 9, 20, 33, 4, 7, 8, 2, 60, 3, 11};
    private static final long[] NO_EOS = {-2};

    static Collection<String> fixtures() {
        return AdaptedLaws.fixtures();
    }

    static List<String> layouts() {
        return AdaptedLaws.layouts();
    }

    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    private static NDArray logits(Decoder decoder, NDManager step) {
        NDArray ids = step.create(new long[][] {PROMPT});
        return decoder.logits(decoder.forward(ids, Set.of(), false).states(), false); // [1, seq, vocab]
    }

    private static Decoder load(String name, Quantization quantization, NDManager manager) {
        return Decoder.load(FamilyFixture.ALL.resolve(name), manager, FloatType.FLOAT32, FloatType.FLOAT32,
                quantization);
    }

    private static Decoder eight(String name, NDManager manager) {
        return load(name, Quantization.INT8, manager);
    }

    /// @return numbers of the weights as they were rounded, as the checkpoint keeps them
    private static NDArray widened(Weight.Quantised weight, boolean transposed) {
        NDArray rows = switch (weight.scheme()) {
            case Weight.Scheme.Int8 ignored -> weight.codes().toType(DataType.FLOAT32, true)
                    .mul(weight.scales().getFirst().reshape(-1, 1)); // [out, in]
            case Weight.Scheme.Int4(int group) -> fours(weight, group);
            case Weight.Scheme.Nf4 ignored -> normal(weight);
        };
        return transposed ? rows.transpose() : rows;
    }

    /// Number by number, as the scheme says it.
    private static NDArray fours(Weight.Quantised weight, int group) {
        byte[] codes = weight.codes().toByteArray();
        float[] scales = weight.scales().getFirst().toType(DataType.FLOAT32, true).toFloatArray();
        int out = (int) weight.codes().getShape().get(0);
        int in = 2 * (int) weight.codes().getShape().get(1);
        float[] numbers = new float[out * in];
        for (int i = 0; i < numbers.length; i++) {
            int code = codes[i / 2] >> (i % 2 == 0 ? 0 : 4) & 15;
            int at = 2 * (i % in / group * out + i / in);
            numbers[i] = (code - 8) * scales[at] + scales[at + 1];
        }
        return weight.codes().getManager().create(numbers, new Shape(out, in));
    }

    /// Number by number, as the scheme says it.
    private static NDArray normal(Weight.Quantised weight) {
        byte[] codes = weight.codes().toByteArray();
        byte[] largest = weight.scales().get(0).toByteArray();
        float[] around = weight.scales().get(1).toFloatArray();
        float[] book = weight.scales().get(2).toFloatArray();
        float[] numbers = new float[2 * codes.length];
        for (int i = 0; i < numbers.length; i++) {
            float scale = book[3 * (largest[i / 64] & 255) + 2] * around[1 + i / 64 / 256] + around[0];
            numbers[i] = book[3 * (codes[i / 2] & 255) + i % 2] * scale;
        }
        return weight.codes().getManager().create(numbers, new Shape(weight.codes().getShape().get(0),
                2 * weight.codes().getShape().get(1)));
    }

    /// @return half a step of the coarsest group, and what rounding step and middle to bfloat16 may add
    private static float halfStep(NDArray values, Weight.Scheme scheme) {
        return switch (scheme) {
            case Weight.Scheme.Int8 ignored -> 0.5001f * values.abs().max().getFloat() / 127;
            case Weight.Scheme.Int4 ignored -> values.abs().max().getFloat() * (1f / 15 + 1f / 32);
            // half of the widest gap, -1 to -0.696, and what a scale of 8 bits is away by
            case Weight.Scheme.Nf4 ignored -> 0.17f * values.abs().max().getFloat();
        };
    }

    private static Map<String, Span> spans(Decoder decoder) {
        Map<String, Span> spans = new TreeMap<>();
        WeightPlan.of(decoder.config()).spans().forEach(span -> spans.put(span.weight().name(), span));
        return spans;
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void theModelIsTheOneWhoseMatricesWereRounded(String name) {
        assertRounded(name, Quantization.INT8);
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void theModelIsTheOneWhoseMatricesWereRoundedTo4Bits(String name) {
        assertRounded(name, Quantization.INT4);
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void theModelIsTheOneWhoseLayersWereRoundedToNormalFloats(String name) {
        assertRounded(name, Quantization.NF4);
    }

    private static void assertRounded(String name, Quantization quantization) {
        try (NDManager manager = Engines.manager(); NDManager step = manager.newSubManager();
                Decoder plain = Decoder.load(FamilyFixture.ALL.resolve(name), manager);
                Decoder rounded = Decoder.load(FamilyFixture.ALL.resolve(name), manager);
                Decoder eight = load(name, quantization, manager)) {
            long bytes = 0;
            Map<String, Span> spans = spans(plain);
            for (Map.Entry<String, Weight> place : eight.places().entrySet()) {
                NDArray target = rounded.weights().get(place.getKey());
                if (place.getValue() instanceof Weight.Quantised some) {
                    NDArray wide = widened(some, spans.get(place.getKey()).transposed());
                    assertTrue(wide.sub(target).abs().max().getFloat()
                            <= halfStep(plain.weights().get(place.getKey()), some.scheme()), place.getKey());
                    target.set(FloatBuffer.wrap(wide.toFloatArray()));
                    bytes += some.codes().size();
                } else {
                    Span span = spans.get(place.getKey());
                    assertFalse(span != null && Quantiser.scheme(quantization, span).isPresent(), place.getKey());
                }
            }
            assertTrue(bytes > 0);
            float most = logits(rounded, step).abs().max().getFloat();
            assertArrayEquals(logits(rounded, step).toFloatArray(), logits(eight, step).toFloatArray(),
                    5e-5f * Math.max(1, most));
            assertArrayEquals(greedy(rounded), greedy(eight));
        }
    }

    private static long[][] greedy(Decoder decoder) {
        try (Decoding decoding = Decoding.start(decoder, List.of(PROMPT, new long[] {4, 5}))) {
            return decoding.advance(new Draws(Sampling.GREEDY, new double[2][8]), NO_EOS);
        }
    }

    /// What is told of the weights names what is not of few bits.
    @Test
    void whatIsNotOfFewBitsIsNamedAndCounted() {
        try (NDManager manager = Engines.manager();
                Decoder eight = load("mixtral", Quantization.INT8, manager)) {
            HeldWeights held = eight.held();
            HeldWeights.Kind plain = held.kinds().getLast();
            assertEquals(0, plain.bits());
            assertEquals(Set.of("model.layers.*.block_sparse_moe.gate"), plain.names());
            assertTrue(held.text().matches("weights of \\S+ MB: 8 bits \\S+ MB in " + held.kinds().getFirst().count()
                    + "; as they are \\S+ MB in " + plain.count()
                    + " \\(model\\.layers\\.\\*\\.block_sparse_moe\\.gate, norms and biases\\)"), held.text());
        }
    }

    @Test
    void of4BitsAreMatricesWithinLayersWhoseRowsDivideIntoGroups() {
        try (NDManager manager = Engines.manager();
                Decoder four = load("qwen3", Quantization.INT4, manager)) {
            four.places().forEach((name, weight) -> {
                if (weight instanceof Weight.Quantised(NDArray codes, List<NDArray> ignored, Weight.Scheme scheme)) {
                    boolean divides = name.startsWith("model.layers.")
                            && spans(four).get(name).in() % Quantiser.GROUP == 0;
                    assertEquals(divides, scheme instanceof Weight.Scheme.Int4, name + " " + codes.getShape());
                }
            });
        }
    }

    @Test
    void itLearnsNothingAndSaysSo() {
        try (NDManager manager = Engines.manager();
                Decoder eight = eight("qwen3", manager)) {
            assertEquals("student: weights that can learn; got quantised ones, which are frozen; load it without "
                    + "quantization, or train an adapter beside them: adapter: {lora: {}}",
                    assertThrows(IllegalArgumentException.class, () -> eight.trainable(true)).getMessage());
        }
    }

    /// QLoRA's arithmetic (Dettmers et al. 2023, arXiv:2305.14314) with 8 bits: the gradients of the factors are those
    /// beside the rounded matrix.
    @ParameterizedTest
    @MethodSource("layouts")
    void factorsLearnBesideIt(String name) {
        assertFactorsLearn(name, Quantization.INT8);
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void factorsLearnBeside4Bits(String name) {
        assertFactorsLearn(name, Quantization.INT4);
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void factorsLearnBesideNormalFloats(String name) {
        assertFactorsLearn(name, Quantization.NF4);
    }

    @Test
    void itsBytesAreKnownBefore() {
        try (NDManager manager = Engines.manager()) {
            for (Quantization bits : Quantization.values()) {
                try (Decoder decoder = load("llama_bias", bits, manager)) {
                    assertEquals(decoder.held().bytes(), decoder.config().bytes(bits), bits.name());
                }
            }
        }
    }

    private static void assertFactorsLearn(String name, Quantization quantization) {
        try (NDManager manager = Engines.manager()) {
            try (Decoder eight = beside(name, quantization, manager);
                    Decoder plain = beside(name, Quantization.NONE, manager)) {
                eight.places().forEach((place, weight) -> {
                    if (weight.base() instanceof Weight.Quantised some) {
                        NDArray target = plain.weights().get(place);
                        if (target != null && target.getDataType() == DataType.FLOAT32) {
                            boolean transposed = spans(plain).get(place).transposed();
                            target.set(FloatBuffer.wrap(widened(some, transposed).toFloatArray()));
                        }
                    }
                });
                for (Decoder one : List.of(eight, plain)) {
                    one.trainable(true);
                    NDArray ids = manager.create(new long[][] {PROMPT});
                    try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                        NDArray logits = one.logits(one.forward(ids, Set.of(), true).states(), true);
                        collector.backward(logits.square().sum());
                    }
                }
                plain.trainable().forEach((factor, array) -> {
                    NDArray wanted = array.getGradient();
                    float gap = FamilyFixture.gap(wanted, eight.trainable().get(factor).getGradient());
                    assertTrue(gap <= 1e-3f * Math.max(1e-3f, wanted.abs().max().getFloat()), factor + " " + gap);
                });
            }
        }
    }

    private static Decoder beside(String name, Quantization quantization, NDManager manager) {
        return load(name, quantization, manager)
                .adapted(LoraConfig.of("base", 2, 4, List.of()), new LoraTargets.AllLinear(), 3);
    }
}
