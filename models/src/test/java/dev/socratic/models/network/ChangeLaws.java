package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.Gradients;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for a pass in which something is changed, in every family.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChangeLaws {
    private static final long[][] IDS = {{3, 1, 4, 1, 5, 9}, {2, 6, 5, 3, 5, 8}};

    private final Map<String, FamilyFixture> open = new HashMap<>();
    private NDManager manager;

    static List<String> fixtures() {
        return FamilyFixture.names();
    }

    @BeforeAll
    void oneThread() {
        Engines.threads(1);
        manager = Engines.manager();
    }

    @AfterAll
    void close() {
        open.values().forEach(fixture -> fixture.decoder().close());
        manager.close();
    }

    private Decoder decoder(String name) {
        return open.computeIfAbsent(name, key -> FamilyFixture.open(key, manager)).decoder();
    }

    private static NDArray nothing(NDManager step, Decoder decoder) {
        return step.zeros(new Shape(2, 6, decoder.config().hidden()));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void changesThatChangeNothingGiveThePlainPass(String name) {
        Decoder decoder = decoder(name);
        int layers = decoder.config().layers();
        Set<Tap> taps = Set.of(new Tap.Embedding(), new Tap.Hidden(0), new Tap.Hidden(layers - 1),
                new Tap.Keys(layers - 1));
        try (NDManager step = manager.newSubManager()) {
            NDArray ids = step.create(IDS);
            Signals plain = decoder.forward(ids, taps, false);
            NDArray all = step.arange(0, 12, 1, ai.djl.ndarray.types.DataType.INT64);
            List<Change> changes = List.of(
                    new Change.Added(nothing(step, decoder)),
                    new Change.Swapped(0, all, plain.get(new Tap.Hidden(0)), all));
            same(plain, decoder.forward(ids, taps, changes, false), taps);
            Set<Tap> hidden = Set.of(new Tap.Hidden(0), new Tap.Hidden(layers - 1));
            same(plain, decoder.forward(ids, hidden, List.of(new Change.Replaced(0, decoder, 0, 1)), false), hidden);
        }
    }

    private static void same(Signals plain, Signals edited, Set<Tap> taps) {
        assertEquals(0, FamilyFixture.gap(plain.states(), edited.states()), 0);
        taps.forEach(tap -> assertEquals(0, FamilyFixture.gap(plain.get(tap), edited.get(tap)), 0, tap.toString()));
        assertEquals(taps.size(), edited.taps().size());
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void whatIsSwappedInIsWhatComesAfter(String name) {
        Decoder decoder = decoder(name);
        int layers = decoder.config().layers();
        try (NDManager step = manager.newSubManager()) {
            NDArray ids = step.create(IDS);
            Tap last = new Tap.Hidden(layers - 1);
            NDArray stream = decoder.forward(ids, Set.of(last), false).get(last);
            Change swap = new Change.Swapped(layers - 1, step.create(new long[] {2, 3}), stream,
                    step.create(new long[] {9, 7}));
            NDArray changed = decoder.forward(ids, Set.of(), List.of(swap), false).states().reshape(12, -1);
            NDArray plain = decoder.forward(ids, Set.of(), false).states().reshape(12, -1);
            assertArrayEquals(plain.get(9).toFloatArray(), changed.get(2).toFloatArray());
            assertArrayEquals(plain.get(7).toFloatArray(), changed.get(3).toFloatArray());
            assertArrayEquals(plain.get(4).toFloatArray(), changed.get(4).toFloatArray());
        }
    }

    /// The gradient of noise that is nothing is that of the embedding: it tells how much a small step of it changes
    /// the states.
    @ParameterizedTest
    @MethodSource("fixtures")
    void noiseHasAGradientAndItIsTheSlope(String name) {
        Decoder decoder = decoder(name);
        try (NDManager step = manager.newSubManager()) {
            NDArray ids = step.create(IDS);
            NDArray noise = nothing(step, decoder).duplicate();
            JniUtils.attachGradient((PtNDArray) noise, true);
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray sum = decoder.forward(ids, Set.of(), List.of(new Change.Added(noise)), true).states().get(1, 5)
                        .sum();
                JniUtils.backward((PtNDArray) sum, (PtNDArray) step.create(1f), false, false);
            }
            float[] gradient = JniUtils.getGradient((PtNDArray) noise).toFloatArray();
            assertTrue(Arrays.stream(toDoubles(gradient)).limit(6L * decoder.config().hidden())
                    .allMatch(value -> value == 0), "the other row");
            int steepest = steepest(gradient);
            float[] above = new float[gradient.length];
            float[] below = new float[gradient.length];
            above[steepest] = 1e-3f;
            below[steepest] = -1e-3f;
            double slope = (summed(decoder, step, ids, above) - summed(decoder, step, ids, below)) / 2e-3;
            assertEquals(slope, gradient[steepest], 0.02 * Math.abs(slope) + 2e-3);
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Decoder decoder = decoder(fixtures().getFirst());
        try (NDManager step = manager.newSubManager()) {
            NDArray ids = step.create(IDS);
            NDArray narrow = step.zeros(new Shape(2, 6, 3));
            assertTrue(refused(decoder, ids, Set.of(), new Change.Added(narrow))
                    .startsWith("change: noise as wide as the stream, "));
            assertTrue(refused(decoder, ids, Set.of(), new Change.Replaced(0, decoder, 1, 1))
                    .startsWith("change: layers of the other decoder, from 0 to "));
            assertTrue(refused(decoder, ids, Set.of(new Tap.Keys(0)), new Change.Replaced(0, decoder, 0, 1))
                    .endsWith("so only its hidden states are there"));
        }
    }

    private static String refused(Decoder decoder, NDArray ids, Set<Tap> taps, Change change) {
        return assertThrows(IllegalArgumentException.class, () -> decoder.forward(ids, taps, List.of(change), false))
                .getMessage();
    }

    private static double summed(Decoder decoder, NDManager step, NDArray ids, float[] noise) {
        NDArray added = step.create(noise, new Shape(2, 6, decoder.config().hidden()));
        double sum = 0;
        for (float value : decoder.forward(ids, Set.of(), List.of(new Change.Added(added)), false).states().get(1, 5)
                .toFloatArray()) {
            sum += value;
        }
        return sum;
    }

    private static int steepest(float[] gradient) {
        int at = 0;
        for (int i = 0; i < gradient.length; i++) {
            at = Math.abs(gradient[i]) > Math.abs(gradient[at]) ? i : at;
        }
        return at;
    }

    private static double[] toDoubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void layersThatRunAgainOnTheWayBackGiveTheGradientsOfTheWholeGraphToTheLastBit(String name) {
        Decoder decoder = decoder(name);
        decoder.trainable(true);
        Map<String, float[]> whole = gradients(decoder, false);
        Map<String, float[]> again = gradients(decoder, true);
        decoder.trainable(false);
        assertTrue(whole.size() > decoder.config().layers());
        assertEquals(whole.keySet(), again.keySet());
        whole.forEach((weight, gradient) -> assertArrayEquals(gradient, again.get(weight), weight));
    }

    private Map<String, float[]> gradients(Decoder decoder, boolean again) {
        Map<String, float[]> all = new HashMap<>();
        int[] lengths = {6, 4};
        try (NDManager step = manager.newSubManager(); KeptStreams kept = KeptStreams.onDevice()) {
            NDArray ids = step.create(IDS);
            if (again) {
                RecomputedPass pass = RecomputedPass.run(decoder, new Rows(ids, lengths, Optional.empty()), Set.of(),
                        List.of(), kept);
                Gradients.backward(pass.signals().states(), slope(step, decoder));
                pass.backward();
            } else {
                NDArray states = decoder.forward(ids, lengths, Set.of(), true).states(); // [batch, seq, hidden]
                Gradients.backward(states, slope(step, decoder));
            }
            decoder.trainable().forEach((weight, array) -> Gradients.gradient(array, step).ifPresent(gradient -> {
                all.put(weight, gradient.toFloatArray());
                gradient.subi(gradient.duplicate());
            }));
        }
        return all;
    }

    /// @return `[batch, seq, hidden]`
    private static NDArray slope(NDManager step, Decoder decoder) {
        return step.arange(0f, 12f * decoder.config().hidden()).sin().reshape(2, 6, -1);
    }
}
