package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.text.Quantization;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.checkpoint.LoraConfig;
import dev.socratic.models.checkpoint.LoraTargets;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FloatType;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds of a decoder that is packed for reading, in every family: it says the same but for rounding.
class PackedLaws {
    private static final long[] PROMPT = {1, 5, 9, 20, 33, 4, 7, 8, 2, 60, 3, 11};
    private static final long[] NO_EOS = {-2};

    static Collection<String> fixtures() {
        return AdaptedLaws.fixtures();
    }

    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    private static Decoder load(String name, FloatType type, Quantization quantization, NDManager manager) {
        return Decoder.load(FamilyFixture.ALL.resolve(name), manager, type, type, quantization);
    }

    private static float[] logits(Decoder decoder, NDManager step) {
        NDArray ids = step.create(new long[][] {PROMPT});
        return decoder.logits(decoder.forward(ids, Set.of(), false).states(), false).toFloatArray();
    }

    private static float most(float[] values) {
        float most = 0;
        for (float value : values) {
            most = Math.max(most, Math.abs(value));
        }
        return most;
    }

    private static long[][] greedy(Decoder decoder) {
        try (Decoding decoding = Decoding.start(decoder, List.of(PROMPT, new long[] {4, 5}))) {
            return decoding.advance(new Draws(Sampling.GREEDY, new double[2][8]), NO_EOS);
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void aPackedDecoderSaysTheSame(String name) {
        try (NDManager manager = Engines.manager();
                Decoder plain = load(name, FloatType.FLOAT32, Quantization.NONE, manager);
                Decoder packed = load(name, FloatType.FLOAT32, Quantization.NONE, manager).packed()) {
            float[] wanted = logits(plain, manager);
            assertArrayEquals(wanted, logits(packed, manager), 2e-5f * Math.max(1, most(wanted)));
            assertArrayEquals(greedy(plain), greedy(packed));
        }
    }

    /// As far apart as bfloat16 itself is from float32.
    @Tag("slow")
    @ParameterizedTest
    @MethodSource("fixtures")
    void aPackedDecoderSaysTheSameInBfloat16(String name) {
        try (NDManager manager = Engines.manager();
                Decoder exact = load(name, FloatType.FLOAT32, Quantization.NONE, manager);
                Decoder plain = load(name, FloatType.BFLOAT16, Quantization.NONE, manager);
                Decoder packed = load(name, FloatType.BFLOAT16, Quantization.NONE, manager).packed()) {
            float[] wanted = logits(exact, manager);
            assertTrue(apart(wanted, logits(packed, manager)) <= 1.5 * apart(wanted, logits(plain, manager)) + 1e-4,
                    () -> apart(wanted, logits(packed, manager)) + " " + apart(wanted, logits(plain, manager)));
        }
    }

    /// @return root of the mean square
    private static double apart(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += Math.pow(one[i] - other[i], 2);
        }
        return Math.sqrt(sum / one.length);
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void matricesThatReadTheSameStatesAreOne(String name) {
        try (NDManager manager = Engines.manager();
                Decoder packed = load(name, FloatType.FLOAT32, Quantization.NONE, manager).packed()) {
            List<String> names = List.copyOf(packed.places().keySet());
            assertFalse(names.stream().anyMatch(place -> place.endsWith("mlp.gate_proj.weight")
                    && !place.contains("+")), names.toString());
            boolean apart = packed.config().attention().headNorm() == Attention.HeadNorm.WHOLE;
            assertEquals(apart, names.stream().anyMatch(place -> place.endsWith("k_proj.weight")
                    && !place.contains("+")), names.toString());
        }
    }

    @Test
    void factorsStayBesideTheirMatrix() {
        try (NDManager manager = Engines.manager();
                Decoder plain = adapted(manager);
                Decoder packed = adapted(manager).packed()) {
            float[] wanted = logits(plain, manager);
            assertArrayEquals(wanted, logits(packed, manager), 2e-5f * Math.max(1, most(wanted)));
            assertArrayEquals(greedy(plain), greedy(packed));
            assertTrue(Stream.of("q_proj", "v_proj").allMatch(part -> packed.places().keySet().stream()
                    .anyMatch(place -> place.endsWith("." + part + ".weight"))), packed.places().keySet().toString());
        }
    }

    private static Decoder adapted(NDManager manager) {
        Decoder decoder = load("qwen3", FloatType.FLOAT32, Quantization.NONE, manager).adapted(
                LoraConfig.of("base", 2, 4, List.of()), new LoraTargets.Modules(List.of("q_proj", "v_proj")), 3);
        decoder.trainable().values().forEach(factor -> factor.addi(0.1f));
        return decoder;
    }

    /// The kernels multiply in bfloat16, so it is no further away than all of it in bfloat16 is.
    @ParameterizedTest
    @EnumSource(value = Quantization.class, names = {"INT8", "INT4"})
    void fewBitsArePackedForTheirKernels(Quantization quantization) {
        for (String name : List.of("qwen2", "gemma2", "gpt2")) {
            try (NDManager manager = Engines.manager();
                    Decoder plain = load(name, FloatType.FLOAT32, quantization, manager);
                    Decoder half = load(name, FloatType.BFLOAT16, quantization, manager);
                    Decoder packed = load(name, FloatType.FLOAT32, quantization, manager).packed()) {
                float[] wanted = logits(plain, manager);
                double gap = apart(wanted, logits(packed, manager));
                double allowed = 1.5 * apart(wanted, logits(half, manager));
                assertTrue(gap <= allowed, name + ": " + gap + " of " + allowed);
                assertTrue(packed.places().values().stream().anyMatch(Weight.Packed.class::isInstance));
            }
        }
    }

    @Test
    void itIsForReadingOnly() {
        try (NDManager manager = Engines.manager();
                Decoder packed = load("qwen3", FloatType.FLOAT32, Quantization.NONE, manager).packed()) {
            assertEquals("a packed decoder is for reading only",
                    assertThrows(IllegalStateException.class, () -> packed.trainable(true)).getMessage());
        }
    }
}
