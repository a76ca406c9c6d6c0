package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.socratic.core.text.Quantization;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.LoraConfig;
import dev.socratic.models.checkpoint.LoraMerge;
import dev.socratic.models.checkpoint.LoraTargets;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FloatType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Low-rank factors with lengths of rows (DoRA).
class DoraTest {
    private static final long[] PROMPT = {1, 5, 9, 20, 33, 4, 7, 8, 2, 60, 3, 11};

    @TempDir
    Path folder;

    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    private static NDArray logits(Decoder decoder, NDManager step) {
        NDArray ids = step.create(new long[][] {PROMPT});
        return decoder.logits(decoder.forward(ids, Set.of(), false).states(), false); // [1, seq, vocab]
    }

    private Path base(String name, NDManager manager) {
        Path base = folder.resolve("base");
        try (Decoder read = Decoder.load(FamilyFixture.ALL.resolve(name), manager)) {
            read.save(base, DType.F32);
        }
        return base;
    }

    private static Decoder adapted(Path base, Quantization bits, String regex, NDManager manager) {
        LoraConfig rows = new LoraConfig(base.toString(), 3, 6, List.of(), false, false, Map.of(), Map.of(), true);
        return Decoder.load(base, manager, FloatType.FLOAT32, FloatType.FLOAT32, bits)
                .adapted(rows, new LoraTargets.Matching(regex), 5);
    }

    /// As if something had been learned.
    private static void learned(Decoder decoder, NDManager manager) {
        decoder.trainable().forEach((name, array) -> {
            if (!name.endsWith("lora_A.weight")) {
                array.addi(Initial.uniform(7, name, array.getShape(), 0.2, manager));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama_bias", "mixtral"})
    void asItBeginsItChangesNothingAndWhatItLearnedIsTheSameLoadedPackedAndMerged(String name) {
        try (NDManager manager = Engines.manager(); NDManager step = manager.newSubManager()) {
            Path base = base(name, manager);
            float[] learned;
            try (Decoder beside = adapted(base, Quantization.NONE, ".*layers?.*|.*\\.h\\..*", manager);
                    Decoder plain = Decoder.load(base, manager)) {
                assertArrayEquals(logits(plain, step).toFloatArray(), logits(beside, step).toFloatArray(), 2e-6f);
                learned(beside, manager);
                learned = logits(beside, step).toFloatArray();
                beside.save(folder.resolve("adapter"), DType.F32);
                assertTrue(logits(plain, step).sub(logits(beside, step)).abs().max().getFloat() > 0.01);
            }
            LoraMerge.merge(base, folder.resolve("adapter"), folder.resolve("merged"), Compute.CPU);
            try (Decoder loaded = Decoder.load(folder.resolve("adapter"), manager);
                    Decoder packed = Decoder.loadPacked(folder.resolve("adapter"), manager, Compute.CPU);
                    Decoder merged = Decoder.load(folder.resolve("merged"), manager)) {
                assertArrayEquals(learned, logits(loaded, step).toFloatArray());
                assertArrayEquals(learned, logits(packed, step).toFloatArray(), 1e-4f);
                assertArrayEquals(learned, logits(merged, step).toFloatArray(), 1e-4f);
            }
        }
    }

    /// The way back of the head is written out, that of the body is libtorch's: of one place they are the same.
    @Test
    void gradientsWrittenOutAreThoseOfTheGraph() {
        try (NDManager manager = Engines.manager();
                Decoder decoder = adapted(base("llama_bias", manager), Quantization.INT8, "lm_head", manager)) {
            learned(decoder, manager);
            decoder.trainable(true);
            NDArray states = manager.create(PROMPT).reshape(-1, 1).toType(ai.djl.ndarray.types.DataType.FLOAT32, true)
                    .mul(manager.arange(decoder.config().hidden())
                    .toType(ai.djl.ndarray.types.DataType.FLOAT32, true)).sin();
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                collector.backward(decoder.logits(states, true).square().mul(0.5f).sum());
            }
            Head head = Head.of(decoder);
            List<NDArray> gradients = head.gradients(manager);
            Head.Pass pass = head.pass(states, manager);
            pass.back(pass.logits(), gradients, manager);
            assertEquals(3, gradients.size());
            for (int i = 0; i < 3; i++) {
                NDArray graph = head.trainable().get(i).getGradient();
                float most = graph.abs().max().getFloat();
                assertArrayEquals(graph.toFloatArray(), gradients.get(i).toFloatArray(), 1e-4f * most, "" + i);
                assertTrue(most > 0.01);
            }
        }
    }

    /// The start of an adapter's training is the base, its very arrays; what learned already is copied.
    @Test
    void asItIsSharesWhatDoesNotLearn() {
        try (NDManager manager = Engines.manager(); NDManager step = manager.newSubManager()) {
            Path base = base("llama_bias", manager);
            for (boolean rows : new boolean[] {false, true}) {
                LoraConfig config = new LoraConfig(base.toString(), 3, 6, List.of(), false, false, Map.of(), Map.of(),
                        rows).withSaved(List.of("norm"));
                try (Decoder student = Decoder.load(base, manager)
                        .adapted(config, new LoraTargets.Matching(".*(q|down)_proj"), 5);
                        Decoder start = student.asItIs(manager)) {
                    float[] before = logits(student, step).toFloatArray();
                    learned(student, manager);
                    assertArrayEquals(before, logits(start, step).toFloatArray());
                    assertTrue(logits(student, step).sub(logits(start, step)).abs().max().getFloat() > 0.01);
                    student.places().forEach((name, weight) -> assertEquals(!name.equals("model.norm.weight"),
                            weight.matrix().getFirst() == start.places().get(name).matrix().getFirst(), name));
                    assertEquals(rows, start.places().values().stream().anyMatch(Weight.Adapted.class::isInstance));
                }
            }
        }
    }

    @Test
    void beside4BitsItBeginsWithTheLengthsOfTheRoundedRows() {
        try (NDManager manager = Engines.manager(); NDManager step = manager.newSubManager()) {
            Path base = base("llama_bias", manager);
            try (Decoder beside = adapted(base, Quantization.NF4, ".*(q|down)_proj", manager);
                    Decoder plain = Decoder.load(base, manager, FloatType.FLOAT32, FloatType.FLOAT32,
                            Quantization.NF4)) {
                assertArrayEquals(logits(plain, step).toFloatArray(), logits(beside, step).toFloatArray(), 2e-6f);
            }
        }
    }
}
