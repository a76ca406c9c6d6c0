package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import dev.socratic.core.error.ConfigException;
import dev.socratic.models.engine.Engines;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DecoderTest {
    /// Small products gain nothing from a second thread, and on a busy machine each of them waits for it.
    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    private static final ModelConfig SMALL = ModelConfig.llama(64, 32, 2, 4, 2, 48, 64, false, SpecialTokens.none());
    private static final ModelConfig TIED = ModelConfig.llama(64, 32, 2, 4, 4, 48, 64, true, SpecialTokens.none());

    private static NDArray ids(NDManager manager, long[]... rows) {
        return manager.create(rows);
    }

    @Test
    void theSameSeedGivesTheSameWeightsAndAnotherSeedOthers() {
        try (NDManager manager = Engines.manager();
                Decoder one = Decoder.random(SMALL, 7, manager);
                Decoder same = Decoder.random(SMALL, 7, manager);
                Decoder other = Decoder.random(SMALL, 8, manager)) {
            String name = "model.layers.1.mlp.up_proj.weight";
            assertArrayEquals(one.weights().get(name).toFloatArray(), same.weights().get(name).toFloatArray());
            assertNotEquals(one.weights().get(name).getFloat(0, 0), other.weights().get(name).getFloat(0, 0));
        }
    }

    @Test
    void randomWeightsHaveTheDeviationOfTheConfig() {
        float[] values = Initial.normal(3, "x", 20_001, 0.02);
        Initial.Normals pieces = new Initial.Normals(3, "x", 0.02);
        assertArrayEquals(Arrays.copyOf(values, 300), pieces.next(300), "made in pieces or at once");
        assertArrayEquals(Arrays.copyOfRange(values, 300, 20_001), pieces.next(19_701));
        double square = 0;
        double sum = 0;
        for (float value : values) {
            sum += value;
            square += value * value;
        }
        assertEquals(0, sum / values.length, 4 * 0.02 / Math.sqrt(values.length));
        assertEquals(0.02, Math.sqrt(square / values.length), 0.0005);
    }

    @Test
    void parametersCountEveryWeightOnce() {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(TIED, 1, manager)) {
            long sum = decoder.weights().values().stream().mapToLong(NDArray::size).sum();
            assertEquals(sum, TIED.parameters());
            assertEquals(SMALL.parameters() + 2 * 2 * 16 * 32 - 64 * 32, sum);
        }
    }

    @Test
    void laterTokensDoNotChangeEarlierStates() {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(SMALL, 1, manager)) {
            NDArray states = decoder.forward(ids(manager, new long[] {1, 2, 3, 4}, new long[] {1, 2, 3, 60}), Set.of(),
                    false).states();
            assertEquals(new Shape(2, 4, 32), states.getShape());
            assertArrayEquals(states.get("0, :3").toFloatArray(), states.get("1, :3").toFloatArray(), 1e-6f);
            assertTrue(states.get("0, 3").sub(states.get("1, 3")).abs().max().getFloat() > 1e-3);
        }
    }

    @Test
    void aBatchGivesWhatItsRowsGive() {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(SMALL, 1, manager)) {
            NDArray both = decoder.forward(ids(manager, new long[] {5, 6, 7, 0, 0}, new long[] {9, 8, 7, 6, 5}),
                    Set.of(), false).states();
            NDArray first = decoder.forward(ids(manager, new long[] {5, 6, 7}), Set.of(), false).states();
            NDArray second = decoder.forward(ids(manager, new long[] {9, 8, 7, 6, 5}), Set.of(), false).states();
            assertArrayEquals(first.toFloatArray(), both.get("0:1, :3").toFloatArray(), 1e-5f);
            assertArrayEquals(second.toFloatArray(), both.get("1:2").toFloatArray(), 1e-5f);
        }
    }

    @Test
    void gradientsAgreeWithFiniteDifferences() {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(SMALL, 1, manager)) {
            NDArray ids = ids(manager, new long[] {5, 6, 7, 1}, new long[] {9, 8, 7, 6});
            // A fixed direction, so that the scalar is no sum that a norm keeps constant.
            NDArray direction = manager.create(Initial.normal(9, "direction", 2 * 4 * 32, 1), new Shape(2, 4, 32));
            decoder.trainable(true);
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                collector.backward(decoder.forward(ids, Set.of(), true).states().mul(direction).sum());
            }
            for (String name : List.of("model.embed_tokens.weight", "model.layers.0.self_attn.k_proj.weight",
                    "model.layers.0.input_layernorm.weight", "model.layers.1.mlp.gate_proj.weight")) {
                NDArray weight = decoder.weights().get(name);
                NDArray gradient = weight.getGradient();
                double slope = gradient.mul(gradient).sum().getFloat();
                float step = (float) (1e-2 / Math.sqrt(slope));
                weight.setRequiresGradient(false);
                weight.addi(gradient.mul(step));
                double up = decoder.forward(ids, Set.of(), false).states().mul(direction).sum().getFloat();
                weight.subi(gradient.mul(2 * step));
                double down = decoder.forward(ids, Set.of(), false).states().mul(direction).sum().getFloat();
                weight.addi(gradient.mul(step));
                assertEquals(1, (up - down) / (2 * step) / slope, 0.02, name);
            }
        }
    }

    @Test
    void aGraphOutlivesTheRopeTableItWasMadeWith() {
        ModelConfig lengthy = ModelConfig.llama(64, 32, 1, 4, 2, 48, 4096, true, SpecialTokens.none());
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(lengthy, 1, manager);
                Decoder fresh = Decoder.random(lengthy, 1, manager)) {
            NDArray ids = ids(manager, new long[] {5, 6, 7, 1});
            decoder.trainable(true);
            fresh.trainable(true);
            PtNDArray one = (PtNDArray) manager.ones(new Shape(1, 4, 32));
            PtNDArray states = (PtNDArray) decoder.forward(ids, Set.of(), true).states();
            decoder.forward(manager.zeros(new Shape(1, 2000), DataType.INT64), Set.of(), false);
            System.gc();
            JniUtils.backward(states, one, false, false);
            JniUtils.backward((PtNDArray) fresh.forward(ids, Set.of(), true).states(), one, false, false);
            String name = "model.layers.0.self_attn.q_proj.weight";
            assertArrayEquals(fresh.weights().get(name).getGradient().toFloatArray(),
                    decoder.weights().get(name).getGradient().toFloatArray());
        }
    }

    @Test
    void withoutGraphNothingIsKeptForABackwardPass() {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(SMALL, 1, manager)) {
            decoder.trainable(true);
            NDArray without = decoder.forward(ids(manager, new long[] {1}), Set.of(), false).states();
            NDArray with = decoder.forward(ids(manager, new long[] {1}), Set.of(), true).states();
            NDArray one = manager.ones(new Shape(1, 1, 32));
            JniUtils.backward((PtNDArray) with, (PtNDArray) one, false, false);
            assertThrows(EngineException.class,
                    () -> JniUtils.backward((PtNDArray) without, (PtNDArray) one, false, false));
        }
    }

    @Test
    void theHeadIsTheEmbeddingWhereTied() {
        try (NDManager manager = Engines.manager();
                Decoder tied = Decoder.random(TIED, 1, manager);
                Decoder untied = Decoder.random(SMALL, 1, manager)) {
            assertEquals(tied.weights().get("model.embed_tokens.weight").getUid(), tied.head().getUid());
            assertEquals(untied.weights().get("lm_head.weight").getUid(), untied.head().getUid());
        }
    }

    @Test
    void tapsHandOutWhatTheyNameAndLeaveTheStatesAlone() {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(SMALL, 1, manager)) {
            NDArray ids = ids(manager, new long[] {5, 6, 7, 1}, new long[] {9, 8, 7, 6});
            Set<Tap> all = Set.of(new Tap.Embedding(), new Tap.Hidden(0), new Tap.Hidden(1), new Tap.Queries(1),
                    new Tap.Keys(0),
                    new Tap.Values(1), new Tap.Scores(0), new Tap.Probabilities(0));
            Signals signals = decoder.forward(ids, all, false);
            assertEquals(all, signals.taps().keySet());
            assertArrayEquals(decoder.forward(ids, Set.of(), false).states().toFloatArray(),
                    signals.states().toFloatArray(), 1e-5f);
            assertEquals(new Shape(2, 4, 4, 8), signals.get(new Tap.Queries(1)).getShape());
            assertEquals(new Shape(2, 2, 4, 8), signals.get(new Tap.Keys(0)).getShape());
            assertEquals(new Shape(2, 2, 4, 8), signals.get(new Tap.Values(1)).getShape());
            assertEquals(new Shape(2, 4, 4, 4), signals.get(new Tap.Scores(0)).getShape());
            NDArray probabilities = signals.get(new Tap.Probabilities(0));
            assertEquals(2 * 4 * 4, probabilities.sum().getFloat(), 1e-4);
            assertEquals(0f, probabilities.getFloat(0, 0, 0, 1)); // the first position does not see the second
            NDArray last = signals.get(new Tap.Hidden(1));
            NDArray normed = last.div(last.square().mean(new int[] {2}, true).add(1e-5).sqrt());
            assertArrayEquals(signals.states().toFloatArray(), normed.toFloatArray(), 1e-4f);
            NDArray rows = decoder.weights().get("model.embed_tokens.weight").get("5");
            assertArrayEquals(rows.toFloatArray(), signals.get(new Tap.Embedding()).get("0, 0").toFloatArray());
        }
    }

    @Test
    void whatDoesNotFitIsSaid() {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(SMALL, 1, manager)) {
            IllegalArgumentException longer = assertThrows(IllegalArgumentException.class,
                    () -> decoder.forward(manager.create(new long[1][65]), Set.of(), false));
            assertEquals("ids: at most 64 positions, the model's context; got 65; cut the sequences",
                    longer.getMessage());
            IllegalArgumentException flat = assertThrows(IllegalArgumentException.class,
                    () -> decoder.forward(manager.create(new long[] {1}), Set.of(), false));
            assertEquals("ids: int64 of shape [batch, seq], both at least 1; got int64 (1)", flat.getMessage());
            IllegalArgumentException deep = assertThrows(IllegalArgumentException.class,
                    () -> decoder.forward(ids(manager, new long[] {1}), Set.of(new Tap.Hidden(2)), false));
            assertEquals("tap Hidden[layer=2]: layers are 0 to 1", deep.getMessage());
        }
    }

    @Test
    void anIdWithoutARowInTheEmbeddingIsAnExceptionAndNotACrash() {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(SMALL, 1, manager)) {
            for (long id : new long[] {64, -1, Long.MAX_VALUE}) {
                IllegalStateException outside = assertThrows(IllegalStateException.class,
                        () -> decoder.forward(ids(manager, new long[] {id}), Set.of(), false));
                assertTrue(outside.getMessage().contains("index out of range"), outside.getMessage());
            }
        }
    }

    @Test
    void everythingInconsistentIsNamedAtOnce() {
        ConfigException refused = assertThrows(ConfigException.class, () -> new ModelConfig("gptj", 64, 32, 48, 64, 64,
                new Attention(4, 3, 8, 7, true, true, Attention.HeadNorm.NONE, 0, 50),
                new FeedForward(Activation.GELU, true, true, Optional.of(new FeedForward.Experts(2, 3, 8, true))),
                new Norm(Norm.Kind.RMS, 1e-6),
                List.of(new Layer(4, new Rope.Plain(1e4), true), new Layer(5, new Rope.Plain(1e4), true)), false,
                Scales.NONE, true, 0.02, SpecialTokens.none()));
        List<String> problems = refused.problems().stream().map(Object::toString).toList();
        assertEquals("model_type: a family that was compared with the reference implementation; got 'gptj'; known: "
                + String.join(", ", Family.KNOWN), problems.get(0));
        assertEquals(
                "num_key_value_heads: a divisor of num_attention_heads 4; got 3; give each key head the same number "
                        + "of query heads",
                problems.get(1));
        assertEquals("head_dim: an even number of coordinates that turn, at most 8; got 7; choose an even width",
                problems.get(2));
        assertEquals("sliding_window: one number above 0 for all layers with a window; got [4, 5]", problems.get(3));
        assertEquals("num_experts_per_tok: 1 to the number of experts, 2; got 3", problems.get(4));
        assertEquals(5, problems.size());
    }
}
