package dev.socratic.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.socratic.trainer.objective.Distance;
import dev.socratic.trainer.objective.Every;
import dev.socratic.trainer.objective.Kind;
import dev.socratic.trainer.objective.Schedule;
import dev.socratic.trainer.objective.View;
import dev.socratic.trainer.objective.View.Chooser;
import dev.socratic.trainer.objective.View.Measure;
import dev.socratic.trainer.objective.View.PoolBy;
import dev.socratic.trainer.objective.View.Tail;
import dev.socratic.trainer.step.Heads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Laws over every view, on its every kind, as rows and as a grid.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ViewLaws {
    private static final int BATCH = 2;
    private static final int SEQ = 4;
    private static final int WIDTH = 6;
    private static final Distance MSE = new Distance.Mse(Distance.Reduce.MEAN);
    private static final Distance KL = new Distance.Kl(Distance.Direction.FORWARD, 0, false);

    private final Tensors t = new Tensors();
    private final ViewContext setting = context(); // once, for its head is a decoder's, which is compiled

    @AfterAll
    void close() {
        t.close();
    }

    private static List<View> all() {
        List<View> all = new ArrayList<>(Every.view());
        all.add(new View.TopK(3, Tail.RENORMALISE, Chooser.TEACHER));
        all.add(new View.TopK(3, Tail.BUCKET, Chooser.STUDENT));
        all.add(new View.Relation(Measure.COSINE, 0, 2));
        all.add(new View.Relation(Measure.EUCLIDEAN, 0, 2));
        all.add(new View.Relation(Measure.ANGLE, 0, 2));
        all.add(new View.Relation(Measure.ANGLE, 4, 2, true));
        all.add(new View.Relation(Measure.DOT, 4, 2, true));
        all.add(new View.Pool(PoolBy.FIRST));
        all.add(new View.Pool(PoolBy.LAST));
        return all;
    }

    /// Where everything a view may need is there: seven places of two samples of four positions, labels, a map from 6
    /// to 6, a head.
    private ViewContext context() {
        long[] places = {1, 2, 3, 4, 5, 6, 7};
        return new ViewContext(
                0.5, Optional.of(t.manager.create(new long[] {0, 1, 2, 3, 4, 5, 0})),
                Optional.of(Positions.of(places, SEQ, t.manager)),
                Optional.of(
                        new ViewContext.Mapped(t.random(9, 0.5, WIDTH, WIDTH),
                                Optional.of(t.random(9, 0.5, WIDTH, WIDTH)))),
                Optional.of(Heads.of(t.random(8, 0.5, 11, WIDTH), 3, t.manager)));
    }

    private interface Law {
        void check(View view, Kind kind, boolean grid, Distance distance, String name);
    }

    private void everywhere(Law law) {
        for (View view : all()) {
            for (Kind kind : Kind.values()) {
                view.map(kind).ifPresent(out -> {
                    for (boolean grid : new boolean[] {false, true}) {
                        if (fits(view, grid)) {
                            law.check(view, kind, grid, out == Kind.LOGITS ? KL : MSE,
                                    view + " on " + kind + (grid ? " grid" : " rows"));
                        }
                    }
                });
            }
        }
    }

    /// Labels belong to rows; the energy of a sample and its salient positions need positions; lengths are of samples.
    private static boolean fits(View view, boolean grid) {
        boolean labels = view instanceof View.Target || view instanceof View.NonTarget;
        boolean chosen = view instanceof View.TopK || view instanceof View.Differences;
        boolean lengths = view instanceof View.Relation relation && relation.measure() == Measure.EUCLIDEAN;
        return grid ? !labels && !chosen && !lengths : !(view instanceof View.Energy || view instanceof View.Salient);
    }

    private NDArray drawn(Kind kind, long seed, boolean grid) {
        return grid ? t.of(kind, seed, 1, BATCH, 1, SEQ, WIDTH) : t.of(kind, seed, 1, 7, WIDTH);
    }

    @Test
    void everyAtomIsFound() {
        assertEquals(24, Every.view().size());
    }

    @Test
    void equalSidesStayEqual() {
        everywhere((view, kind, grid, distance, name) -> {
            NDArray x = drawn(kind, 1, grid);
            Sides seen = t.seen(List.of(view), kind, x, view instanceof View.Scale ? x.mul(2) : x.duplicate(),
                    setting);
            assertEquals(0, Tensors.sum(t.distances.between(distance, seen).toFloatArray()), 1e-5, name);
        });
    }

    @Test
    void theGradientIsTheSlopeThroughEveryView() {
        everywhere((view, kind, grid, distance, name) -> {
            NDArray p = drawn(kind, 2, grid);
            double gap = t.slopeGap(drawn(kind, 3, grid), kind == Kind.PROBS ? 1e-3 : 3e-3,
                    q -> t.distances.between(distance, t.seen(List.of(view), kind, q, p, setting)));
            assertTrue(gap < 0.03, name + ": " + gap);
        });
    }

    @Test
    void theKindAfterwardsIsTheOneSaid() {
        everywhere((view, kind, grid, distance, name) ->
                assertEquals(view.map(kind).orElseThrow(),
                        t.seen(List.of(view), kind, drawn(kind, 1, grid), drawn(kind, 2, grid), setting)
                                .kind(), name));
    }

    @Test
    void whatComesOutAsProbabilitiesSumsToOne() {
        Sides seen = t.seen(List.of(new View.Softmax(), new View.Sort()), Kind.LOGITS, t.random(1, 3, 7, 6),
                t.random(2, 3, 7, 9), setting);
        for (NDArray side : List.of(seen.student(), seen.other())) {
            assertEquals(new Shape(7, 9), side.getShape());
            for (float sum : side.sum(new int[] {1}).toFloatArray()) {
                assertEquals(1, sum, 1e-6);
            }
        }
    }

    @Test
    void sortMakesTheOrderOfTheVocabularyIrrelevant() {
        NDArray q = t.random(1, 3, 64, 50);
        NDArray p = t.random(2, 3, 64, 50);
        NDArray turned = p.flip(1);
        List<View> views = List.of(new View.Softmax(), new View.Sort());
        Distance l1 = new Distance.L1(Distance.Reduce.SUM);
        assertArrayEquals(
                t.distances.between(l1, t.seen(views, Kind.LOGITS, q, p, setting)).toFloatArray(),
                t.distances.between(l1, t.seen(views, Kind.LOGITS, q, turned, setting)).toFloatArray(),
                1e-6f); // the softmax sums in the vocabulary's order
    }

    @Test
    void klIsItsTargetPartAndTheRestTimesTheRest() {
        NDArray q = t.random(1, 3, 7, 50);
        NDArray p = t.random(2, 3, 7, 50);
        float[] whole = t.distances.between(KL, Tensors.sides(Kind.LOGITS, q, p)).toFloatArray();
        float[] target = t.distances.between(KL, t.seen(List.of(new View.Target()), Kind.LOGITS, q, p, setting))
                .toFloatArray();
        float[] rest = t.distances.between(KL, t.seen(List.of(new View.NonTarget()), Kind.LOGITS, q, p, setting))
                .toFloatArray();
        float[] label = p.softmax(1).toFloatArray();
        long[] labels = {0, 1, 2, 3, 4, 5, 0};
        for (int i = 0; i < 7; i++) {
            assertEquals(whole[i], target[i] + (1 - label[i * 50 + (int) labels[i]]) * rest[i], 1e-5);
        }
    }

    @Test
    void topKWithTheRestLumpedIsKlOfTheCoarserDistribution() {
        NDArray q = t.rows(log(0.15, 0.5, 0.25, 0.1));
        NDArray p = t.rows(log(0.6, 0.2, 0.1, 0.1));
        double lumped = 0.6 * Math.log(0.6 / 0.15) + 0.2 * Math.log(0.2 / 0.5) + 0.2 * Math.log(0.2 / 0.35);
        double renormalised = 0.75 * Math.log(0.75 / (15 / 65.0)) + 0.25 * Math.log(0.25 / (50 / 65.0));
        assertEquals(lumped, one(new View.TopK(2, Tail.BUCKET, Chooser.TEACHER), q, p), 1e-6);
        assertEquals(renormalised, one(new View.TopK(2, Tail.RENORMALISE, Chooser.TEACHER), q, p), 1e-6);
        double byStudent = 0.2 * Math.log(0.2 / 0.5) + 0.1 * Math.log(0.1 / 0.25) + 0.7 * Math.log(0.7 / 0.25);
        assertEquals(byStudent, one(new View.TopK(2, Tail.BUCKET, Chooser.STUDENT), q, p), 1e-6);
    }

    @Test
    void everyTopKLumpedIsLessThanTheWholeAndNeverNegative() {
        NDArray q = t.random(1, 4, 64, 50);
        NDArray p = t.random(2, 4, 64, 50);
        float[] whole = t.distances.between(KL, Tensors.sides(Kind.LOGITS, q, p)).toFloatArray();
        for (Tail rest : Tail.values()) {
            float[] part = t.distances.between(KL,
                    t.seen(List.of(new View.TopK(8, rest, Chooser.TEACHER)), Kind.LOGITS, q, p, setting))
                            .toFloatArray();
            for (int i = 0; i < part.length; i++) {
                assertTrue(part[i] >= -1e-6 && (rest == Tail.RENORMALISE || part[i] <= whole[i] + 1e-5));
            }
        }
    }

    @Test
    void standardisedLogitsForgetTheirScale() {
        NDArray x = t.random(1, 3, 7, 50);
        Sides seen = t.seen(List.of(new View.Standardise()), Kind.LOGITS, x, x.mul(9).add(4), setting);
        assertArrayEquals(seen.student().toFloatArray(), seen.other().toFloatArray(), 1e-5f);
    }

    @Test
    void differencesAreThoseOfEveryPair() {
        Sides seen = t.seen(List.of(new View.Differences()), Kind.LOGITS, t.rows(new float[] {5, 3, 2}),
                t.rows(new float[] {0, 0, 0}), setting);
        assertArrayEquals(new float[] {2, 3, 1}, seen.student().toFloatArray());
    }

    @Test
    void aScaleMovesTheTeacherOnly() {
        Sides seen = t.seen(List.of(new View.Scale(new Schedule.Linear(0, 1, 0, 1))), Kind.LOGITS,
                t.rows(new float[] {2}), t.rows(new float[] {2}), setting);
        assertEquals(2, seen.student().toFloatArray()[0]);
        assertEquals(1, seen.other().toFloatArray()[0]);
    }

    @Test
    void poolingTakesTheCountingPositionsOfEachSample() {
        // 0 to 7
        NDArray grid = t.manager.arange(8).toType(ai.djl.ndarray.types.DataType.FLOAT32, false).reshape(2, 1, 4, 1);
        for (PoolBy by : PoolBy.values()) {
            ViewContext setting = new ViewContext(0, Optional.empty(),
                    Optional.of(Positions.of(new long[] {1, 3, 4, 5, 6}, SEQ, t.manager)), Optional.empty(),
                    Optional.empty());
            float[] pooled = t.seen(List.of(new View.Pool(by)), Kind.VECTORS, grid, grid.duplicate(), setting).student()
                    .toFloatArray();
            assertArrayEquals(switch (by) {
                case MEAN -> new float[] {2, 5};
                case FIRST -> new float[] {1, 4};
                case LAST -> new float[] {3, 6};
            }, pooled);
        }
    }

    @Test
    void aPhraseIsTheMeanSinceItBegan() {
        View.Phrases phrases = new View.Phrases(3, 5);
        long[] starts = phrases.starts(40, 0.5);
        assertArrayEquals(starts, phrases.starts(40, 0.5));
        for (int i = 0; i < 40; i++) {
            assertTrue(starts[i] <= i && i - starts[i] < 3 && starts[(int) starts[i]] == starts[i]);
            assertTrue(i == 0 || starts[i] == starts[i - 1] || starts[i] == i);
        }
        NDArray grid = t.manager.arange(40).toType(ai.djl.ndarray.types.DataType.FLOAT32, false).reshape(1, 1, 40, 1);
        long[] all = java.util.stream.LongStream.range(0, 40).toArray();
        ViewContext setting = new ViewContext(0.5, Optional.empty(), Optional.of(Positions.of(all, 40, t.manager)),
                Optional.empty(), Optional.empty());
        float[] means = t.seen(List.of(phrases), Kind.VECTORS, grid, grid.duplicate(), setting).student()
                .toFloatArray();
        for (int i = 0; i < 40; i++) {
            assertEquals((starts[i] + i) / 2.0, means[i], 1e-5);
        }
    }

    @Test
    void aRelationOfPositionsSeesNothingLater() {
        NDArray q = t.random(1, 1, 1, 1, SEQ, WIDTH);
        NDArray p = t.random(2, 1, 1, 1, SEQ, WIDTH);
        ViewContext setting = new ViewContext(0, Optional.empty(),
                Optional.of(Positions.of(new long[] {0, 1}, SEQ, t.manager)),
                Optional.empty(), Optional.empty());
        View dot = new View.Relation(Measure.DOT, 2, 2);
        float[] before = t.distances.between(KL, t.seen(List.of(dot), Kind.VECTORS, q, p, setting)).toFloatArray();
        q.set(new ai.djl.ndarray.index.NDIndex(":, :, 2:, :"), 50f);
        assertEquals(0, before[0], 1e-7, "the first position sees itself alone");
        assertTrue(before[1] > 0);
        assertArrayEquals(before,
                t.distances.between(KL, t.seen(List.of(dot), Kind.VECTORS, q, p, setting)).toFloatArray());
    }

    @Test
    void relationsByHand() {
        NDArray triangle = t.rows(new float[] {0, 0}, new float[] {3, 0}, new float[] {0, 4});
        NDArray zero = t.rows(new float[] {1, 0}, new float[] {1, 0}, new float[] {1, 0});
        Sides lengths = t.seen(List.of(new View.Relation(Measure.EUCLIDEAN, 0, 2)), Kind.VECTORS, triangle, zero,
                setting);
        assertArrayEquals(new float[] {0, 0.75f, 1, 0.75f, 0, 1.25f, 1, 1.25f, 0}, lengths.student().toFloatArray(),
                1e-5f);
        Sides angles = t.seen(List.of(new View.Relation(Measure.ANGLE, 0, 2)), Kind.VECTORS, triangle, zero, setting);
        float[] corner = angles.student().toFloatArray(); // of item 0: others 0, 1, 2 twice
        assertEquals(1, corner[4], 1e-6);
        assertEquals(0, corner[5], 1e-6);
        assertEquals(0.6, corner[9 + 2], 1e-6, "at (3, 0) between (0, 0) and (0, 4)");
    }

    @Test
    void energyIsTheSquaredLengthOfEachCountingPosition() {
        NDArray grid = t.manager.create(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, new Shape(1, 1, 4, 2));
        ViewContext setting = new ViewContext(0, Optional.empty(),
                Optional.of(Positions.of(new long[] {0, 2}, SEQ, t.manager)),
                Optional.empty(), Optional.empty());
        Sides seen = t.seen(List.of(new View.Energy()), Kind.VECTORS, grid, grid.duplicate(), setting);
        assertArrayEquals(new float[] {5, 25, 61, 113}, seen.student().toFloatArray());
        assertArrayEquals(new boolean[] {false, true, false, true}, seen.mask().toBooleanArray());
    }

    /// Positions on a line at 0, 1, 3, 6, of which the last does not count. The teacher's dot products make 3 look
    /// most at itself, then at 1, then at 0, so the two most salient are 3 and 1, and each has the other and 0; the
    /// angle at 3 between 1 and 0 has the cosine 1, that at 1 between 3 and 0 the cosine -1.
    @Test
    void salientAnglesAreThoseAtThePositionsMostLookedAt() {
        NDArray teacher = t.manager.create(new float[] {0, 1, 3, 6}, new Shape(1, 1, 4, 1));
        NDArray student = t.manager.create(new float[] {0, 0, 3, 0, 3, 4, 9, 9}, new Shape(1, 1, 4, 2));
        ViewContext setting = new ViewContext(0, Optional.empty(),
                Optional.of(Positions.of(new long[] {0, 1, 2}, SEQ, t.manager)),
                Optional.empty(), Optional.empty());
        Sides seen = t.seen(List.of(new View.Salient(2, 8)), Kind.VECTORS, student, teacher, setting);
        assertEquals(Sides.Items.SAMPLES, seen.items());
        assertArrayEquals(new boolean[] {true, false, false, true, true, false, false, true},
                seen.mask().toBooleanArray());
        float[] theirs = seen.other().toFloatArray();
        float[] mine = seen.student().toFloatArray();
        assertEquals(1, theirs[1], 1e-6);
        assertEquals(-1, theirs[5], 1e-6);
        assertEquals(0.8, mine[1], 1e-6, "at (3, 4) between (3, 0) and (0, 0)");
        assertEquals(0, mine[5], 1e-6, "at (3, 0) between (3, 4) and (0, 0)");
    }

    @Test
    void aSampleOfTwoPositionsHasNoTriplet() {
        NDArray grid = t.random(3, 1, 1, 1, SEQ, WIDTH);
        ViewContext setting = new ViewContext(0, Optional.empty(),
                Optional.of(Positions.of(new long[] {1, 2}, SEQ, t.manager)),
                Optional.empty(), Optional.empty());
        Sides seen = t.seen(List.of(new View.Salient(3, 2)), Kind.VECTORS, grid, t.random(4, 1, 1, 1, SEQ, WIDTH),
                setting);
        assertArrayEquals(new float[] {0},
                t.distances.between(new Distance.SmoothL1(1, Distance.Reduce.MEAN), seen).toFloatArray());
    }

    @Test
    void fewerHeadsAreTheLargestNumberThatDividesBothWidths() {
        assertEquals(64, new View.Relation(Measure.DOT, 64, 2, true).heads(768, 384));
        assertEquals(24, new View.Relation(Measure.DOT, 64, 2, true).heads(768, 312));
        assertEquals(8, new View.Relation(Measure.DOT, 64, 2, true).heads(8, 16));
        assertEquals(64, new View.Relation(Measure.DOT, 64, 2, false).heads(8, 16));
        assertEquals(0, new View.Relation(Measure.DOT, 0, 2, true).heads(8, 16));
        assertEquals(50, new View.Salient(20, 64).heads(100));
    }

    private double one(View view, NDArray q, NDArray p) {
        return t.distances.between(KL, t.seen(List.of(view), Kind.LOGITS, q, p, setting)).toFloatArray()[0];
    }

    private static float[] log(double... probabilities) {
        float[] logs = new float[probabilities.length];
        for (int i = 0; i < logs.length; i++) {
            logs[i] = (float) Math.log(probabilities[i]);
        }
        return logs;
    }
}
