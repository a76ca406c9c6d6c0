package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.Quantization;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.LoraConfig;
import dev.socratic.models.checkpoint.LoraTargets;
import dev.socratic.models.checkpoint.Safetensors;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FloatType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds for every family in half precision. `bench/peers/models/half_fixtures.py` made what is compared with.
///
/// *Noise* is how far the reference's logits in a type are from its float32 logits, root mean square. Two programs
/// that round at different places are about that far from each other too; ours rounds where the reference does, so
/// that most families give its very bits.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HalfPrecisionLaws {
    /// Families that we round at other places, each more exactly than the reference: bounded scores in float32, the
    /// tanh approximation of GELU in float32, the logits' divisor before the head, a parallel layer's sum in another
    /// order.
    private static final Set<String> ROUNDED_ELSEWHERE = Set.of("gemma2", "gpt2", "gpt_neox", "gpt_neox_serial",
            "granite");
    private static final int NEW = 32;

    private NDManager manager;

    @TempDir
    Path folder;

    static Stream<Arguments> fixtures() {
        return FamilyFixture.names().stream().flatMap(name -> Stream.of(FloatType.BFLOAT16, FloatType.FLOAT16)
                .map(type -> Arguments.of(name, type)));
    }

    /// Small products gain nothing from a second thread, and on a busy machine each of them waits for it.
    @BeforeAll
    void oneThread() {
        Engines.threads(1);
        manager = Engines.manager();
    }

    @AfterAll
    void close() {
        manager.close();
    }

    /// A model of a fixture in half precision, and what the reference computes with it.
    private record Half(Path folder, JsonNode expected, FloatType type, Decoder decoder, NDManager step)
            implements AutoCloseable {
        static Half open(String name, FloatType type, NDManager manager) {
            return open(name, type, type, manager);
        }

        static Half open(String name, FloatType held, FloatType compute, NDManager manager) {
            Path folder = FamilyFixture.ALL.resolve(name);
            NDManager step = manager.newSubManager();
            return new Half(folder, Json.read(folder.resolve("half.json"), JsonNode.class).get(compute.label()),
                    compute,
                    Decoder.load(folder, step, held, compute), step);
        }

        long[] prompt() {
            JsonNode first = Json.read(folder.resolve("expected.json"), JsonNode.class).get("prompts").get(0);
            return Json.mapper().convertValue(first, long[].class);
        }

        NDArray ids() {
            return step.create(new long[][] {prompt()});
        }

        /// @return `[seq, vocab]`
        NDArray logits() {
            return decoder.logits(decoder.forward(ids(), Set.of(), false).states(), false).squeeze(0);
        }

        double noise() {
            return expected.get("logits").get("rms").doubleValue();
        }

        NDArray array(String file, String name) {
            try (Safetensors tensors = Safetensors.open(folder.resolve(file))) {
                return tensors.read(name, step);
            }
        }

        @Override
        public void close() {
            decoder.close();
            step.close();
        }
    }

    /// @return how far from the reference in the same type, in its noise
    private static double bound(String name) {
        return ROUNDED_ELSEWHERE.contains(name) ? 1.5 : 0.01;
    }

    private static double rms(NDArray gap) {
        return Math.sqrt(gap.mul(gap).mean().getFloat());
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void logitsAreTheReferencesInTheSameType(String name, FloatType type, TestReporter report) {
        try (Half half = Half.open(name, type, manager)) {
            NDArray logits = half.logits();
            assertEquals(DataType.FLOAT32, logits.getDataType());
            double apart = rms(logits.sub(half.array("half.safetensors", type.label() + ".logits"))) / half.noise();
            double ours = rms(logits.sub(half.array("expected.safetensors", "logits"))) / half.noise();
            report.publishEntry(name + "." + type.label(),
                    "apart %s, own noise %s, of the reference's noise".formatted(apart, ours));
            assertTrue(apart <= bound(name), "apart by %s of the noise".formatted(apart));
            assertTrue(ours <= 1.5, "own noise is %s of the reference's".formatted(ours));
        }
    }

    /// A token may be another one only where two were about equally likely; what follows is another text then.
    @ParameterizedTest
    @MethodSource("fixtures")
    void greedyTokensAreTheReferencesInTheSameTypeUpToATie(String name, FloatType type) {
        try (Half half = Half.open(name, type, manager);
                Decoding decoding = Decoding.start(half.decoder(), List.of(half.prompt()))) {
            long[] tokens = decoding.advance(greedy(), new long[] {-2})[0];
            long[] wanted = Json.mapper().convertValue(half.expected().get("greedy"), long[].class);
            int other = Arrays.mismatch(tokens, wanted);
            if (other >= 0) {
                double ahead = half.expected().get("gaps").get(other).doubleValue();
                assertTrue(ahead <= 6 * half.noise() || half.decoder().config().rereadBeyond() > 0,
                        "token %s is another, though the reference's was ahead by %s".formatted(other, ahead));
            }
        }
    }

    /// The cache holds what a pass without one computes.
    @ParameterizedTest
    @MethodSource("fixtures")
    void whatIsWrittenWithACacheIsWhatAPassWithoutOneExpects(String name, FloatType type) {
        try (Half half = Half.open(name, type, manager);
                Decoding decoding = Decoding.start(half.decoder(), List.of(half.prompt()))) {
            assumeTrue(half.decoder().config().steady(), "keys turn by the length at which they were read");
            long[] tokens = decoding.advance(greedy(), new long[] {-2})[0];
            long[] text = Arrays.copyOf(half.prompt(), half.prompt().length + NEW);
            System.arraycopy(tokens, 0, text, half.prompt().length, NEW);
            NDArray ids = half.step().create(new long[][] {text});
            NDArray logits = half.decoder().logits(half.decoder().forward(ids, Set.of(), false).states(), false)
                    .get("0, -1");
            double apart = rms(logits.sub(half.step().create(decoding.logits()[0]))) / half.noise();
            assertTrue(apart <= 3, "apart by %s of the noise".formatted(apart));
        }
    }

    private static Draws greedy() {
        return new Draws(Sampling.GREEDY, new double[1][NEW]);
    }

    /// Float32 weights that are rounded by every pass anew are what was rounded once.
    @ParameterizedTest
    @MethodSource("fixtures")
    void weightsHeldInFloat32ComputeTheSame(String name, FloatType type) {
        try (Half half = Half.open(name, type, manager);
                Half masters = Half.open(name, FloatType.FLOAT32, type, manager);
                Decoding once = Decoding.start(half.decoder(), List.of(half.prompt()));
                Decoding anew = Decoding.start(masters.decoder(), List.of(half.prompt()))) {
            assertArrayEquals(half.logits().toFloatArray(), masters.logits().toFloatArray());
            assertArrayEquals(once.advance(greedy(), new long[] {-2}), anew.advance(greedy(), new long[] {-2}));
            assertArrayEquals(once.logits()[0], anew.logits()[0]);
        }
    }

    /// They are collected in float32.
    @ParameterizedTest
    @MethodSource("fixtures")
    void gradientsAreTheReferencesInTheSameType(String name, FloatType type, TestReporter report) {
        try (Half half = Half.open(name, FloatType.FLOAT32, type, manager);
                Safetensors file = Safetensors.open(half.folder().resolve("half.safetensors"))) {
            half.decoder().trainable(true);
            NDArray direction = half.array("expected.safetensors", "direction");
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray states = half.decoder().forward(half.ids(), Set.of(), true).states();
                collector.backward(half.decoder().logits(states, true).mul(direction).sum());
            }
            String prefix = type.label() + ".gradient.";
            List<String> names = file.tensors().keySet().stream().filter(one -> one.startsWith(prefix)).toList();
            assertFalse(names.isEmpty());
            for (String one : names) {
                String weight = one.substring(prefix.length());
                NDArray theirs = file.read(one, half.step());
                NDArray gradient = half.decoder().weights().get(weight).getGradient();
                assertEquals(DataType.FLOAT32, gradient.getDataType());
                double apart = rms(gradient.sub(theirs)) / rms(theirs);
                double noise = rms(half.array("expected.safetensors", "gradient." + weight).sub(theirs)) / rms(theirs);
                report.publishEntry(one, "apart %s, noise %s".formatted(apart, noise));
                assertTrue(apart <= noise * bound(name),
                        weight + ": apart by " + apart + ", the reference's noise is " + noise);
            }
        }
    }

    /// What is read between the layers is float32 for whoever asked, and asking changes no state.
    @ParameterizedTest
    @MethodSource("fixtures")
    void tapsAreFloat32(String name, FloatType type) {
        try (Half half = Half.open(name, type, manager)) {
            Set<Tap> taps =
                    new HashSet<>(
                            Set.of(new Tap.Embedding(), new Tap.Hidden(0), new Tap.Queries(0), new Tap.Keys(0),
                                    new Tap.Values(0)));
            NDArray plain = half.decoder().forward(half.ids(), Set.of(), false).states();
            Signals tapped = half.decoder().forward(half.ids(), taps, false);
            assertArrayEquals(half.decoder().logits(plain, false).toFloatArray(),
                    half.decoder().logits(tapped.states(), false).toFloatArray());
            taps.addAll(Set.of(new Tap.Scores(0), new Tap.Probabilities(0)));
            Signals all = half.decoder().forward(half.ids(), taps, false);
            taps.forEach(tap -> assertEquals(DataType.FLOAT32, all.get(tap).getDataType(), tap.toString()));
            Change nothing = new Change.Added(half.step().zeros(all.get(new Tap.Embedding()).getShape()));
            Signals changed = half.decoder()
                    .forward(half.ids(), Set.of(new Tap.Embedding(), new Tap.Hidden(0)), List.of(nothing), false);
            assertArrayEquals(tapped.get(new Tap.Hidden(0)).toFloatArray(),
                    changed.get(new Tap.Hidden(0)).toFloatArray());
            assertArrayEquals(tapped.get(new Tap.Embedding()).toFloatArray(),
                    changed.get(new Tap.Embedding()).toFloatArray());
        }
    }

    /// Factors as they begin change no bit, collect float32 gradients, and matrices of 8 bits compute what they do in
    /// float32 but for rounding.
    @ParameterizedTest
    @ValueSource(strings = {"llama_bias", "gpt2", "mixtral", "qwen3"})
    void weightsOfOtherKindsComputeInHalfPrecision(String name) {
        try (Half half = Half.open(name, FloatType.BFLOAT16, manager);
                Decoder eight = Decoder.load(half.folder(), manager, FloatType.FLOAT32, FloatType.FLOAT32,
                        Quantization.INT8);
                Decoder eightHalf = Decoder.load(half.folder(), manager, FloatType.BFLOAT16, FloatType.BFLOAT16,
                        Quantization.INT8);
                Decoder base = Decoder.load(half.folder(), manager, FloatType.BFLOAT16, FloatType.BFLOAT16)) {
            double apart = rms(logits(eight, half.ids()).sub(logits(eightHalf, half.ids())));
            assertTrue(apart <= 2 * half.noise(), "apart by " + apart / half.noise() + " of the noise");
            NDArray plain = half.logits();
            LoraConfig rank = LoraConfig.of(half.folder().toString(), 3, 6, List.of());
            try (Decoder beside = base.adapted(rank, new LoraTargets.AllLinear(), 5)) {
                assertArrayEquals(plain.toFloatArray(), logits(beside, half.ids()).toFloatArray());
                beside.trainable(true);
                try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                    NDArray states = beside.forward(half.ids(), Set.of(), true).states();
                    collector.backward(beside.logits(states, true).square().sum());
                }
                beside.trainable().forEach((factor, values) -> {
                    assertEquals(DataType.FLOAT32, values.getGradient().getDataType(), factor);
                    if (factor.endsWith("lora_B.weight") && !factor.contains("experts")) {
                        assertTrue(values.getGradient().abs().max().getFloat() > 0, factor);
                    }
                });
            }
        }
    }

    private static NDArray logits(Decoder decoder, NDArray ids) {
        return decoder.logits(decoder.forward(ids, Set.of(), false).states(), false);
    }

    /// The fixtures' files are BF16.
    @ParameterizedTest
    @MethodSource("names")
    void bfloat16WeightsAreSavedBitForBit(String name) throws IOException {
        try (Half half = Half.open(name, FloatType.BFLOAT16, manager)) {
            Path saved = folder.resolve(name);
            half.decoder().save(saved, DType.BF16);
            try (Safetensors before = Safetensors.open(half.folder().resolve("model.safetensors"));
                    Safetensors after = Safetensors.open(saved.resolve("model.safetensors"))) {
                for (String tensor : after.tensors().keySet()) {
                    assertArrayEquals(bytes(before, tensor), bytes(after, tensor), tensor);
                }
            }
        }
    }

    static List<String> names() {
        return FamilyFixture.names();
    }

    private static byte[] bytes(Safetensors file, String tensor) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        file.blocks(tensor, block -> {
            while (block.hasRemaining()) {
                out.write(block.get());
            }
        });
        return out.toByteArray();
    }
}
