package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.Gradients;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Rows that lie end to end are told what each alone would be told, and teach what they would teach side by side, in
/// every family: behind windows and beyond them, with ropes that hang on the length of a row, with positions that were
/// learned, with experts.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndToEndLaws {
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
        manager.close();
    }

    /// Rows of 1 to 60 ids, two of them equally long.
    private static Padded rows(ModelConfig config) {
        SplittableRandom random = new SplittableRandom(7);
        int longest = Math.min(config.context(), 60);
        return Padded.of(IntStream.of(5, longest, 1, longest / 2 + 3, 5, longest / 2)
                .mapToObj(length -> random.longs(length, 0, config.vocab()).toArray()).toList(), Padded.Side.RIGHT, 0);
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void statesAndGradientsAreThoseOfRowsSideBySide(String name, TestReporter report) {
        try (Decoder decoder = FamilyFixture.open(name, manager).decoder(); NDManager scope = manager.newSubManager()) {
            decoder.trainable(true);
            Padded padded = rows(decoder.config());
            Pass sideBySide = Pass.of(decoder, padded, Rows.of(padded, false, scope), scope);
            double most = 0;
            for (double slack : new double[] {1, 2}) {
                most = Math.max(most,
                        sideBySide.gap(Pass.of(decoder, padded, Rows.endToEnd(padded, slack, scope), scope)));
            }
            report.publishEntry(name, "" + most);
            assertTrue(most <= 1e-5, "largest difference " + most);
        }
    }

    /// @param states    at every id that is no padding
    /// @param gradients of a loss in which every such state counts otherwise
    private record Pass(float[] states, Map<String, float[]> gradients) {
        static Pass of(Decoder decoder, Padded padded, Rows rows, NDManager scope) {
            NDArray places = scope.create(rows.places(padded.places())); // [tokens]
            Map<String, float[]> gradients = new LinkedHashMap<>();
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray all = decoder.forward(rows, true).states().reshape(-1, decoder.config().hidden());
                NDArray states = all.get(places); // [tokens, hidden]
                NDArray slope = scope.arange(0, states.size(), 1).toType(states.getDataType(), false).sin()
                        .reshape(states.getShape());
                Gradients.backward(states, slope);
                decoder.trainable().forEach((key, weight) -> Gradients.gradient(weight, scope).ifPresent(gradient -> {
                    gradients.put(key, gradient.toFloatArray());
                    gradient.subi(gradient.duplicate());
                }));
                return new Pass(states.toFloatArray(), gradients);
            }
        }

        /// The largest difference, of each array by its largest number.
        double gap(Pass other) {
            double most = gap(states, other.states);
            assertEquals(gradients.keySet(), other.gradients.keySet());
            for (Map.Entry<String, float[]> gradient : gradients.entrySet()) {
                most = Math.max(most, gap(gradient.getValue(), other.gradients.get(gradient.getKey())));
            }
            return most;
        }

        private static double gap(float[] a, float[] b) {
            double largest = 1e-3;
            double gap = 0;
            for (int i = 0; i < a.length; i++) {
                largest = Math.max(largest, Math.abs(a[i]));
                gap = Math.max(gap, Math.abs(a[i] - b[i]));
            }
            return gap / largest;
        }
    }

    @Test
    void theLongestRowComesFirstAndPositionsBeginAnewWithEach() {
        Padded padded = Padded.of(List.of(new long[] {7, 8}, new long[] {1, 2, 3}, new long[] {5, 6}),
                Padded.Side.RIGHT, 0);
        EndToEnd laid = EndToEnd.of(padded, 1);
        assertArrayEquals(new long[] {1, 2, 3, 7, 8, 5, 6}, laid.ids());
        assertArrayEquals(new long[] {0, 1, 2, 0, 1, 0, 1}, laid.positions());
        assertArrayEquals(new int[] {3, 3, 3, 2, 2, 2, 2}, laid.lengths());
        assertEquals(List.of(new EndToEnd.Group(1, 3), new EndToEnd.Group(2, 2)), laid.groups());
        assertArrayEquals(new long[0], laid.cells());
        // the second id of the first row, the first of the second, the second of the third
        assertArrayEquals(new long[] {4, 0, 6}, laid.places(new long[] {1, 3, 7}));
    }

    @Test
    void rowsOfAboutOneLengthAreReadTogetherWhereCallsCostMoreThanWork() {
        Padded padded = Padded.of(List.of(new long[] {7, 8}, new long[] {1, 2, 3}, new long[] {5}),
                Padded.Side.RIGHT, 0);
        EndToEnd laid = EndToEnd.of(padded, 2);
        assertEquals(List.of(new EndToEnd.Group(2, 3), new EndToEnd.Group(1, 1)), laid.groups());
        assertArrayEquals(new long[] {0, 1, 2, 3, 4, 6}, laid.cells());
    }

    @Test
    void rowsOfOneLengthNeedNothing() {
        try (NDManager scope = manager.newSubManager()) {
            Padded padded = Padded.of(List.of(new long[] {7, 8}, new long[] {1, 2}), Padded.Side.RIGHT, 0);
            assertTrue(Rows.of(padded, true, scope).endToEnd().isEmpty());
            assertEquals(Set.of(2L), Set.of(Rows.of(padded, true, scope).ids().getShape().get(0)));
        }
    }
}
