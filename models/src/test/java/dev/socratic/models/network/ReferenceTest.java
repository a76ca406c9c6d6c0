package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.models.engine.Engines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against what transformers computes with the same weights; `bench/peers/models/llama_fixture.py` made the fixture.
class ReferenceTest {
    /// Small products gain nothing from a second thread, and on a busy machine each of them waits for it.
    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    private static final Path FIXTURE = Path.of("src/test/resources/llama");

    @TempDir
    Path folder;

    private JsonNode expected;

    /// The fixture's folder, with the rope of the variant.
    private Decoder load(String variant, NDManager manager) throws Exception {
        expected = Json.read(FIXTURE.resolve("expected.json"), JsonNode.class);
        var config = Json.read(FIXTURE.resolve("config.json"), com.fasterxml.jackson.databind.node.ObjectNode.class);
        if (variant.equals("scaled")) {
            config.set("rope_scaling", expected.get("scaled_rope"));
        }
        Files.writeString(folder.resolve("config.json"), Json.pretty(config));
        Files.copy(FIXTURE.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        return Decoder.load(folder, manager);
    }

    private static NDArray logits(Decoder decoder, NDArray states) {
        return states.matMul(decoder.head().transpose());
    }

    private long[][] prompt() {
        return new long[][] {Json.mapper().convertValue(expected.get("prompt"), long[].class)};
    }

    private static float[] floats(JsonNode node) {
        return Json.mapper().convertValue(node, float[].class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "scaled"})
    void logitsHiddenStatesAndAttentionAreTheReferences(String variant) throws Exception {
        try (NDManager manager = Engines.manager(); Decoder decoder = load(variant, manager)) {
            JsonNode wanted = expected.get(variant);
            Signals signals = decoder.forward(manager.create(prompt()),
                    Set.of(new Tap.Embedding(), new Tap.Hidden(0), new Tap.Probabilities(0)), false);
            assertArrayEquals(floats(wanted.get("logits_last_4")),
                    logits(decoder, signals.states()).get("0, -4:").toFloatArray(), 1e-4f);
            assertArrayEquals(floats(wanted.get("hidden_0")),
                    signals.get(new Tap.Hidden(0)).get("0, -1").toFloatArray(), 1e-4f);
            assertArrayEquals(floats(wanted.get("hidden_norms").get(0)),
                    signals.get(new Tap.Embedding()).norm(new int[] {2}).toFloatArray(), 1e-4f);
            assertArrayEquals(floats(wanted.get("attention_0")),
                    signals.get(new Tap.Probabilities(0)).get("0, 3, -1").toFloatArray(), 1e-5f);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "scaled"})
    void greedyTokensAreTheReferences(String variant) throws Exception {
        try (NDManager manager = Engines.manager(); Decoder decoder = load(variant, manager)) {
            long[] wanted = Json.mapper().convertValue(expected.get(variant).get("greedy"), long[].class);
            NDArray ids = manager.create(prompt());
            for (long token : wanted) {
                NDArray last = logits(decoder, decoder.forward(ids, Set.of(), false).states()).get("0, -1");
                assertEquals(token, last.argMax().getLong());
                ids = ids.concat(manager.create(new long[][] {{token}}), 1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "scaled"})
    void gradientsAreTheReferences(String variant) throws Exception {
        try (NDManager manager = Engines.manager(); Decoder decoder = load(variant, manager)) {
            decoder.trainable(true);
            NDArray direction = manager.create(floats(expected.get("direction")), new Shape(1, 23, 64));
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray states = decoder.forward(manager.create(prompt()), Set.of(), true).states();
                collector.backward(logits(decoder, states).mul(direction).sum());
            }
            for (var entry : expected.get(variant).get("gradients").properties()) {
                NDArray gradient = decoder.weights().get(entry.getKey()).getGradient();
                double norm = entry.getValue().get("norm").doubleValue();
                assertEquals(1, gradient.norm().getFloat() / norm, 1e-4, entry.getKey());
                float[] first = floats(entry.getValue().get("first"));
                assertArrayEquals(first, gradient.flatten().get(":" + Math.min(64, gradient.size())).toFloatArray(),
                        (float) (1e-4 * norm), entry.getKey());
            }
        }
    }
}
