package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.Safetensors;
import dev.socratic.models.engine.Engines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds for every family of encoders: at real positions of a padded batch the numbers are the reference's.
/// `bench/peers/models/encoder_fixtures.py` made the fixtures.
class EncoderLaws {
    private static final Path ALL = Path.of("src/test/resources/encoders");

    @TempDir
    Path folder;

    private JsonNode expected;
    private final Map<String, NDArray> arrays = new HashMap<>();

    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    private Encoder load(String name, NDManager manager) {
        expected = Json.read(ALL.resolve(name).resolve("expected.json"), JsonNode.class);
        try (Safetensors file = Safetensors.open(ALL.resolve(name).resolve("expected.safetensors"))) {
            file.tensors().keySet().forEach(tensor -> arrays.put(tensor, file.read(tensor, manager)));
        }
        return Encoder.load(ALL.resolve(name), manager);
    }

    private NDArray ids(NDManager manager) {
        return manager.create(Json.mapper().convertValue(expected.get("ids"), long[][].class));
    }

    private NDArray lengths(NDManager manager) {
        return manager.create(Json.mapper().convertValue(expected.get("lengths"), long[].class));
    }

    /// @param axis of the positions
    private float gap(String name, NDArray ours, int axis) {
        float most = 0;
        for (int row = 0; row < expected.get("lengths").size(); row++) {
            String real = row + ", " + (axis == 2 ? ":, " : "") + ":" + expected.get("lengths").get(row).intValue();
            most = Math.max(most, FamilyFixture.gap(arrays.get(name).get(real), ours.get(real)));
        }
        return most;
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "distilbert", "roberta"})
    void logitsHiddenStatesAndAttentionAreTheReferences(String name, TestReporter report) {
        try (NDManager manager = Engines.manager(); Encoder encoder = load(name, manager)) {
            Set<Tap> taps = new HashSet<>(Set.of(new Tap.Embedding()));
            for (int layer = 0; layer < encoder.config().layers(); layer++) {
                taps.addAll(Set.of(new Tap.Hidden(layer), new Tap.Probabilities(layer)));
            }
            Signals signals = encoder.forward(ids(manager), lengths(manager), taps, false);
            float logits = gap("logits", encoder.logits(signals.states(), false), 1);
            float hidden = gap("hidden.0", signals.get(new Tap.Embedding()), 1);
            float attention = 0;
            for (int layer = 0; layer < encoder.config().layers(); layer++) {
                hidden = Math.max(hidden, gap("hidden." + (layer + 1), signals.get(new Tap.Hidden(layer)), 1));
                attention = Math.max(attention,
                        gap("attention." + layer, signals.get(new Tap.Probabilities(layer)), 2));
            }
            NDArray fused = encoder.forward(ids(manager), lengths(manager), Set.of(), false).states();
            float without = gap("logits", encoder.logits(fused, false), 1);
            report.publishEntry(name,
                    "logits %s hidden %s attention %s".formatted(Math.max(logits, without), hidden, attention));
            assertTrue(Math.max(logits, without) <= 1e-4, "logits " + logits + ", without taps " + without);
            assertTrue(hidden <= 1e-5, "hidden " + hidden);
            assertTrue(attention <= 1e-5, "attention " + attention);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "distilbert", "roberta"})
    void gradientsAreTheReferences(String name, TestReporter report) {
        try (NDManager manager = Engines.manager(); Encoder encoder = load(name, manager)) {
            encoder.trainable(true);
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray states = encoder.forward(ids(manager), lengths(manager), Set.of(), true).states();
                collector.backward(encoder.logits(states, true).mul(arrays.get("direction")).sum());
            }
            float most = 0;
            for (JsonNode weight : expected.get("gradients")) {
                NDArray wanted = arrays.get("gradient." + weight.textValue());
                NDArray gradient = encoder.weights().get(weight.textValue()).getGradient();
                most = Math.max(most, FamilyFixture.gap(wanted, gradient) / wanted.abs().max().getFloat());
            }
            report.publishEntry(name + ".gradients", "" + most);
            assertTrue(most <= 1e-4, "relative to the largest " + most);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "distilbert", "roberta"})
    void whatIsSavedLoadsBitForBitAndTheReferencesOwnConfigSaysTheSame(String name) {
        try (NDManager manager = Engines.manager(); Encoder encoder = load(name, manager)) {
            encoder.save(folder, DType.F32);
            try (Encoder loaded = Encoder.load(folder, manager)) {
                assertEquals(encoder.config(), loaded.config());
                assertEquals(encoder.config(), EncoderConfig.of(ALL.resolve(name).resolve("config_saved.json")));
                encoder.weights().forEach((key, weight) ->
                        assertArrayEquals(weight.toFloatArray(), loaded.weights().get(key).toFloatArray(), key));
            }
        }
    }

    @Test
    void everyKnownFamilyHasAFixtureAndOthersAreRefusedInOneLine() throws Exception {
        for (String name : Family.ENCODERS) {
            assertEquals(name, EncoderConfig.read(ALL.resolve(name)).family());
        }
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"electra\"}");
        DataException refusal = assertThrows(DataException.class, () -> EncoderConfig.read(folder));
        assertEquals(
                folder.resolve("config.json")
                        + ": model_type: a family of encoders that was compared with the reference implementation; "
                + "got 'electra'; known: bert, distilbert, roberta", refusal.getMessage());
    }

    @Test
    void whatDoesNotFitIsSaid() {
        try (NDManager manager = Engines.manager(); Encoder encoder = load("roberta", manager)) {
            IllegalArgumentException longer = assertThrows(IllegalArgumentException.class,
                    () -> encoder.forward(manager.create(new long[1][39]), manager.create(new long[] {39}), Set.of(),
                            false));
            assertEquals("ids: at most 38 positions, the model's context; got 39; cut the sequences",
                    longer.getMessage());
        }
    }
}
