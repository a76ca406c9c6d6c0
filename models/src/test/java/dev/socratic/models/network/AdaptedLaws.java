package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.LoraConfig;
import dev.socratic.models.checkpoint.LoraMerge;
import dev.socratic.models.checkpoint.LoraTargets;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds of low-rank factors in every family: beside every linear weight, router, experts and head included, they
/// are what they are once merged.
class AdaptedLaws {
    private static final long[] PROMPT = {1, 5, 9, 20, 33, 4, 7, 8, 2, 60, 3, 11};
    private static final long[] NO_EOS = {-2};

    @TempDir
    Path folder;

    /// One of each family: what else the fixtures differ in are ropes and windows.
    static Collection<String> fixtures() {
        Map<String, String> one = new TreeMap<>();
        FamilyFixture.names().forEach(name ->
                one.putIfAbsent(ModelConfig.read(FamilyFixture.ALL.resolve(name)).family(), name));
        return one.values();
    }

    /// One of each way to lay out weights: joined and by head, as `[in, out]`, with biases, experts, a head of its own
    /// or none.
    static List<String> layouts() {
        return List.of("gemma2", "gpt2", "gpt_neox", "llama_bias", "mixtral", "phi3");
    }

    static List<String> others() {
        return fixtures().stream().filter(name -> !layouts().contains(name)).toList();
    }

    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    /// A base in float32, so that merging rounds to nothing less.
    private Path base(String name, NDManager manager) {
        Path base = folder.resolve("base");
        try (Decoder read = Decoder.load(FamilyFixture.ALL.resolve(name), manager)) {
            read.save(base, DType.F32);
        }
        return base;
    }

    private static LoraTargets everything(ModelConfig config) {
        List<String> names = new ArrayList<>();
        WeightPlan.of(config).spans().stream().filter(Span::product).forEach(span -> names.add(span.module()));
        return new LoraTargets.Modules(names);
    }

    private static Decoder adapted(Path base, NDManager manager) {
        Decoder decoder = Decoder.load(base, manager);
        return decoder.adapted(LoraConfig.of(base.toString(), 3, 6, List.of()), everything(decoder.config()), 5);
    }

    private static NDArray logits(Decoder decoder, NDManager step) {
        NDArray ids = step.create(new long[][] {PROMPT});
        return decoder.logits(decoder.forward(ids, Set.of(), false).states(), false); // [1, seq, vocab]
    }

    /// As if something had been learned.
    private static void learned(Decoder decoder, NDManager manager) {
        decoder.trainable().forEach((name, factor) -> {
            if (name.endsWith("lora_B.weight")) {
                factor.addi(Initial.uniform(7, name, factor.getShape(), 0.2, manager));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void factorsAsTheyBeginChangeNoBit(String name) {
        try (NDManager manager = Engines.manager(); NDManager step = manager.newSubManager();
                Decoder plain = Decoder.load(FamilyFixture.ALL.resolve(name), manager);
                Decoder beside = adapted(FamilyFixture.ALL.resolve(name), manager)) {
            assertArrayEquals(logits(plain, step).toFloatArray(), logits(beside, step).toFloatArray());
            assertTrue(beside.trainable().keySet().stream().allMatch(weight -> weight.contains(".lora_")));
            assertEquals(2 * WeightPlan.of(plain.config()).spans().stream().filter(Span::product).count(),
                    beside.trainable().size());
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void savedLoadedAndMergedTheyComputeTheSame(String name) {
        try (NDManager manager = Engines.manager(); NDManager step = manager.newSubManager()) {
            Path base = base(name, manager);
            float[] learned;
            long[][] written;
            try (Decoder beside = adapted(base, manager)) {
                learned(beside, manager);
                learned = logits(beside, step).toFloatArray();
                written = greedy(beside);
                beside.save(folder.resolve("adapter"), DType.F32);
            }
            try (Decoder loaded = Decoder.load(folder.resolve("adapter"), manager)) {
                assertArrayEquals(learned, logits(loaded, step).toFloatArray());
            }
            LoraMerge.merge(base, folder.resolve("adapter"), folder.resolve("merged"), Compute.CPU);
            try (Decoder merged = Decoder.load(folder.resolve("merged"), manager);
                    Decoder plain = Decoder.load(base, manager)) {
                float most = logits(merged, step).abs().max().getFloat();
                assertArrayEquals(learned, logits(merged, step).toFloatArray(), 2e-5f * Math.max(1, most));
                float apart = logits(merged, step).sub(logits(plain, step)).abs().max().getFloat();
                assertTrue(apart > 0.01, "what was learned changes the logits by " + apart);
                assertArrayEquals(greedy(merged), written);
            }
        }
    }

    private static long[][] greedy(Decoder decoder) {
        List<long[]> prompts = List.of(PROMPT, Arrays.copyOf(PROMPT, 4));
        try (Decoding decoding = Decoding.start(decoder, prompts)) {
            return decoding.advance(new Draws(Sampling.GREEDY, new double[2][12]), NO_EOS);
        }
    }

    /// Of `W + scale B A` the chain rule says `dB = scale dW A^T` and `dA = scale B^T dW`.
    @ParameterizedTest
    @MethodSource("layouts")
    void gradientsAreThoseOfTheMergedWeightAndTheBaseHasNone(String name) {
        try (NDManager manager = Engines.manager()) {
            Path base = base(name, manager);
            try (Decoder beside = adapted(base, manager)) {
                learned(beside, manager);
                beside.save(folder.resolve("adapter"), DType.F32);
                LoraMerge.merge(base, folder.resolve("adapter"), folder.resolve("merged"), Compute.CPU);
                try (Decoder merged = Decoder.load(folder.resolve("merged"), manager)) {
                    backward(beside, manager);
                    backward(merged, manager);
                    compare(beside, merged);
                }
            }
        }
    }

    private static void backward(Decoder decoder, NDManager manager) {
        decoder.trainable(true);
        NDArray ids = manager.create(new long[][] {PROMPT});
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            NDArray logits = decoder.logits(decoder.forward(ids, Set.of(), true).states(), true);
            collector.backward(logits.square().sum());
        }
    }

    private static void compare(Decoder beside, Decoder merged) {
        Map<String, Float> gaps = new TreeMap<>();
        Map<String, Span> spans = new TreeMap<>();
        WeightPlan.of(beside.config()).spans().forEach(span -> spans.put(span.weight().name(), span));
        beside.places().forEach((name, weight) -> {
            if (!(weight instanceof Weight.Adapted some)) {
                assertFalse(((Weight.Dense) weight).values().hasGradient(), name);
                return;
            }
            assertFalse(((Weight.Dense) some.base()).values().hasGradient(), name);
            NDArray slope = merged.weights().get(name).getGradient();
            NDArray rows = spans.get(name).transposed() ? slope.transpose() : slope; // [out, in]
            NDArray b = rows.matMul(some.a().stopGradient().transpose()).mul((float) some.scale());
            NDArray a = some.b().stopGradient().transpose().matMul(rows).mul((float) some.scale());
            gaps.put(name + " A", gap(a, some.a().getGradient()));
            gaps.put(name + " B", gap(b, some.b().getGradient()));
        });
        assertTrue(gaps.values().stream().allMatch(gap -> gap < 1e-3), gaps.toString());
    }

    private static float gap(NDArray one, NDArray other) {
        return FamilyFixture.gap(one, other) / Math.max(1e-3f, one.abs().max().getFloat());
    }

    /// Families that lay out their weights as one of those above does.
    @Tag("slow")
    @ParameterizedTest
    @MethodSource("others")
    void soInEveryOtherFamily(String name) {
        savedLoadedAndMergedTheyComputeTheSame(name);
        gradientsAreThoseOfTheMergedWeightAndTheBaseHasNone(name);
    }

    /// Some layers, and of them some modules: the places of the others say that nothing lies there.
    @Test
    void whereOnlySomeLayersHaveFactorsTheOthersAreAsTheyWere() {
        try (NDManager manager = Engines.manager(); NDManager step = manager.newSubManager()) {
            Path base = base("mixtral", manager);
            Decoder plain = Decoder.load(base, manager);
            try (Decoder beside = plain.adapted(LoraConfig.of(base.toString(), 2, 8, List.of()),
                    new LoraTargets.Matching(".*layers\\.1\\..*(q_proj|experts\\.1\\.w2)"), 5)) {
                assertEquals(List.of("model.layers.1.block_sparse_moe.experts.1.w2", "model.layers.1.self_attn.q_proj"),
                        beside.lora().orElseThrow().targets());
                learned(beside, manager);
                float[] learned = logits(beside, step).toFloatArray();
                beside.save(folder.resolve("adapter"), DType.F32);
                LoraMerge.merge(base, folder.resolve("adapter"), folder.resolve("merged"), Compute.CPU);
                try (Decoder merged = Decoder.load(folder.resolve("merged"), manager)) {
                    assertArrayEquals(learned, logits(merged, step).toFloatArray(), 1e-4f);
                    assertEquals(2, beside.places().entrySet().stream().filter(place ->
                            place.getValue() instanceof Weight.Adapted).count());
                }
            }
        }
    }
}
