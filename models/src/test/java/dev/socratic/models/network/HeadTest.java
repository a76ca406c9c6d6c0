package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.Gradients;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The way back through a head against the graph's own.
class HeadTest {
    private static final int TOKENS = 7;

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = Engines.manager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static Path resource(String name) {
        return Path.of("src/test/resources").resolve(name);
    }

    /// Untied, tied, with bounded logits, with logits divided.
    @ParameterizedTest
    @ValueSource(strings = {"qwen3", "llama_bias", "gemma2", "granite"})
    void whatIsLostGoesBackIntoStatesAndHeadAsTheGraphSays(String family) {
        try (Decoder decoder = Decoder.load(resource("families/" + family), manager)) {
            decoder.trainable(true);
            Head head = Head.of(decoder);
            List<NDArray> sums = head.gradients(manager);
            assertEquals(1, sums.size());
            compare(head, sums);
            float[] byGraph = Gradients.gradient(decoder.head(), manager).orElseThrow().toFloatArray();
            assertArrayEquals(byGraph, sums.getFirst().toFloatArray(), 1e-5f);
        }
    }

    @Test
    void theLayerOfAnEncoderLearnsByTheGraph() {
        try (Encoder encoder = Encoder.load(resource("encoders/bert"), manager)) {
            encoder.trainable(true);
            Head head = Head.of(encoder);
            assertTrue(head.trainable().isEmpty());
            compare(head, List.of());
            // Once by hand, once by the graph: the embedding, which is the head's matrix, has collected both.
            float[] twice = Gradients.gradient(encoder.embedding(), manager).orElseThrow().toFloatArray();
            Gradients.backward(head.logits(states(head), true), slope(head));
            float[] thrice = Gradients.gradient(encoder.embedding(), manager).orElseThrow().toFloatArray();
            for (int i = 0; i < twice.length; i++) {
                assertEquals(twice[i] * 1.5f, thrice[i], 1e-4f);
            }
        }
    }

    @Test
    void anAdaptedHeadLearnsItsFactorsAlone() {
        ModelConfig config = ModelConfig.llama(12, 8, 1, 2, 1, 8, 16, false, SpecialTokens.none());
        Map<String, Weight> weights = new LinkedHashMap<>();
        NDManager own = manager.newSubManager();
        try (Decoder plain = Decoder.random(config, 4, manager)) {
            plain.weights().forEach((name, array) -> {
                NDArray copy = array.duplicate();
                copy.attach(own);
                weights.put(name, name.equals("lm_head.weight")
                        ? new Weight.Adapted(new Weight.Dense(copy), own.randomNormal(new Shape(3, 8)),
                                own.randomNormal(new Shape(12, 3)), 0.5)
                        : new Weight.Dense(copy));
            });
        }
        try (Decoder decoder = new Decoder(config, own, weights)) {
            decoder.trainable(true);
            Head head = Head.of(decoder);
            List<NDArray> sums = head.gradients(manager);
            assertEquals(List.of(new Shape(3, 8), new Shape(12, 3)), sums.stream().map(NDArray::getShape).toList());
            compare(head, sums);
            for (int i = 0; i < 2; i++) {
                float[] byGraph = Gradients.gradient(head.trainable().get(i), manager).orElseThrow().toFloatArray();
                assertArrayEquals(byGraph, sums.get(i).toFloatArray(), 1e-5f);
            }
        }
    }

    @Test
    void aFrozenHeadLetsTheGradientThroughToTheStatesAndKeepsNone() {
        try (Decoder decoder = Decoder.load(resource("families/gemma2"), manager)) {
            decoder.trainable(true);
            Head head = Head.of(decoder);
            NDArray states = states(head);
            assertArrayEquals(head.logits(states, false).toFloatArray(), head.frozen(states).toFloatArray());
            states.setRequiresGradient(true);
            NDArray slope = slope(head);
            Gradients.backward(head.frozen(states), slope);
            assertTrue(Gradients.gradient(states, manager).isPresent());
            assertTrue(Gradients.gradient(decoder.head(), manager).isEmpty());
        }
    }

    private NDArray states(Head head) {
        return manager.arange(TOKENS * head.hidden()).toType(ai.djl.ndarray.types.DataType.FLOAT32, false)
                .reshape(TOKENS, head.hidden()).sin();
    }

    private NDArray slope(Head head) {
        return manager.arange(TOKENS * head.vocab()).toType(ai.djl.ndarray.types.DataType.FLOAT32, false)
                .reshape(TOKENS, head.vocab()).cos();
    }

    /// In two chunks by hand, and whole by the graph: the same gradient in the states.
    private void compare(Head head, List<NDArray> sums) {
        NDArray states = states(head);
        NDArray slope = slope(head);
        List<Float> byHand = new ArrayList<>();
        for (String part : List.of("0:3", "3:")) {
            try (NDManager scope = manager.newSubManager()) {
                Head.Pass pass = head.pass(states.get(part), scope);
                assertArrayEquals(head.logits(states, false).get(part).toFloatArray(), pass.logits().toFloatArray(),
                        1e-5f);
                NDArray back = pass.back(slope.get(part), sums, manager);
                for (float number : back.toFloatArray()) {
                    byHand.add(number);
                }
            }
        }
        states.setRequiresGradient(true);
        try (GradientCollector ignored = Engine.getEngine("PyTorch").newGradientCollector()) {
            Gradients.backward(head.logits(states, true), slope);
        }
        float[] wanted = Gradients.gradient(states, manager).orElseThrow().toFloatArray();
        for (int i = 0; i < wanted.length; i++) {
            assertEquals(wanted[i], byHand.get(i), 1e-5f);
        }
    }
}
