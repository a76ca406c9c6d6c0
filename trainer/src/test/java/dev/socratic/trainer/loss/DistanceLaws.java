package dev.socratic.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.socratic.trainer.objective.Distance;
import dev.socratic.trainer.objective.Distance.Akl;
import dev.socratic.trainer.objective.Distance.AlphaBeta;
import dev.socratic.trainer.objective.Distance.Direction;
import dev.socratic.trainer.objective.Distance.Jsd;
import dev.socratic.trainer.objective.Distance.Kl;
import dev.socratic.trainer.objective.Distance.Order;
import dev.socratic.trainer.objective.Distance.Ranking;
import dev.socratic.trainer.objective.Distance.Reduce;
import dev.socratic.trainer.objective.Every;
import dev.socratic.trainer.objective.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Laws over every distance, on its every kind.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DistanceLaws {
    private static final Kl FORWARD = new Kl(Direction.FORWARD, 0, false);
    private static final Kl REVERSE = new Kl(Direction.REVERSE, 0, false);

    private final Tensors t = new Tensors();

    @AfterAll
    void close() {
        t.close();
    }

    /// The atoms with their defaults, and the other ways they can go.
    private static List<Distance> all() {
        List<Distance> all = new ArrayList<>(Every.distance());
        all.add(REVERSE);
        all.add(new Kl(Direction.FORWARD, 0.1, false));
        all.add(new Kl(Direction.REVERSE, 0.1, false));
        all.add(new Kl(Direction.REVERSE, 0.1, true));
        all.add(new Jsd(0.1));
        all.add(new AlphaBeta(0.5, 0.5));
        all.add(new Distance.Mse(Reduce.SUM));
        all.add(new Ranking(Order.LOGISTIC, 5));
        all.add(new Distance.Capped(REVERSE, 0.02));
        all.add(new Distance.Capped(new Kl(Direction.FORWARD, 0.1, false), 0.02));
        all.add(new Distance.Capped(new Kl(Direction.REVERSE, 0.1, true), 0.02));
        all.add(new Distance.Capped(new Jsd(0.5), 0.01));
        all.add(new Distance.Capped(new AlphaBeta(0.5, 0.5), 0.01));
        all.add(new Distance.Capped(new Distance.TotalVariation(), 0.01));
        all.add(new Distance.Capped(new Akl(0.5), 0.02));
        all.add(new Distance.Preference(2, 0.3, 0.1, Distance.PreferenceBy.LOGISTIC));
        all.add(new Distance.Preference(0.1, 0, 0, Distance.PreferenceBy.SQUARED));
        return all;
    }

    /// A ranking of 16 needs 16 entries.
    private static Distance fitting(Distance distance) {
        return distance instanceof Ranking ranking ? new Ranking(ranking.by(), 5) : distance;
    }

    private interface Law {
        void check(Distance distance, Kind kind, String name);
    }

    private static void everywhere(Law law) {
        for (Distance distance : all()) {
            for (Kind kind : distance.kinds()) {
                law.check(fitting(distance), kind, distance + " on " + kind);
            }
        }
    }

    @Test
    void everyAtomIsFound() {
        assertEquals(18, Every.distance().size());
    }

    @Test
    void equalSidesAreNoDistanceApart() {
        everywhere((distance, kind, name) -> {
            if (distance.zeroWhenEqual()) {
                NDArray x = t.of(kind, 1, 2, 6, 9);
                for (float value : t.between(distance, kind, x, x.duplicate())) {
                    assertEquals(0, value, 5e-6, name);
                }
            }
        });
    }

    @Test
    void noDistanceIsNegative() {
        everywhere((distance, kind, name) -> {
            if (distance instanceof Distance.Capped) {
                return; // summands of KL may be negative, and what made up for them is cut
            }
            for (double deviation : new double[] {0.1, 1, 8}) {
                for (float value : t.between(distance, kind, t.of(kind, 1, deviation, 6, 9),
                        t.of(kind, 2, deviation, 6, 9))) {
                    assertTrue(value >= -2e-6, name + ": " + value);
                }
            }
        });
    }

    @Test
    void differentSidesAreApart() {
        everywhere((distance, kind, name) -> {
            float[] apart = t.between(distance, kind, t.of(kind, 1, 2, 6, 9), t.of(kind, 2, 2, 6, 9));
            assertTrue(Math.abs(Tensors.sum(apart)) > 1e-3, name + ": " + Tensors.sum(apart));
        });
    }

    @Test
    void itemsDoNotKnowOfEachOther() {
        everywhere((distance, kind, name) -> {
            if (!overSets(distance)) {
                NDArray q = t.of(kind, 1, 2, 6, 9);
                NDArray p = t.of(kind, 2, 2, 6, 9);
                float[] together = t.between(distance, kind, q, p);
                for (int i = 0; i < 6; i++) {
                    float alone = t.between(distance, kind, q.get(new NDIndex("{}:{}", i, i + 1)),
                            p.get(new NDIndex("{}:{}", i, i + 1)))[0];
                    assertEquals(together[i], alone, 2e-6 * Math.max(1, alone), name);
                }
            }
        });
    }

    @Test
    void theGradientIsTheSlope() {
        everywhere((distance, kind, name) -> {
            if (!weighsItself(distance)) {
                NDArray p = t.of(kind, 2, 1, 4, 6);
                double gap = t.slopeGap(t.of(kind, 1, 1, 4, 6), kind == Kind.PROBS ? 3e-4 : 5e-3,
                        q -> t.distances.between(distance, Tensors.sides(kind, q, p)));
                assertTrue(gap < 0.01, name + ": " + gap);
            }
        });
    }

    @Test
    void farApartLogitsGiveNumbers() {
        everywhere((distance, kind, name) -> {
            NDArray q = t.of(kind, 1, 200, 6, 9);
            NDArray p = t.of(kind, 2, 200, 6, 9);
            for (float value : t.between(distance, kind, q, p)) {
                assertTrue(Float.isFinite(value), name + ": " + value);
            }
            for (float value : t.gradient(q, leaf -> t.distances.between(distance, Tensors.sides(kind, leaf, p)))) {
                assertTrue(Float.isFinite(value), name + ": gradient " + value);
            }
        });
    }

    @Test
    void aConstantAddedToLogitsChangesNoDivergence() {
        for (Distance distance : all()) {
            if (distance instanceof Distance.Divergence) {
                NDArray q = t.random(1, 2, 6, 9);
                NDArray p = t.random(2, 2, 6, 9);
                assertArrayEquals(
                        t.between(distance, Kind.LOGITS, q, p), t.between(distance, Kind.LOGITS, q.add(7), p.sub(5)),
                        2e-5f, distance.toString());
            }
        }
    }

    @Test
    void logitsAndTheirProbabilitiesAreOneDistribution() {
        for (Distance distance : all()) {
            if (distance instanceof Distance.Divergence) {
                NDArray q = t.random(1, 2, 6, 9);
                NDArray p = t.random(2, 2, 6, 9);
                assertArrayEquals(
                        t.between(distance, Kind.LOGITS, q, p),
                        t.between(distance, Kind.PROBS, q.softmax(-1), p.softmax(-1)), 2e-5f,
                        distance.toString());
            }
        }
    }

    @Test
    void reverseKlIsForwardKlWithTheSidesSwapped() {
        NDArray q = t.random(1, 3, 64, 500);
        NDArray p = t.random(2, 3, 64, 500);
        assertArrayEquals(t.between(REVERSE, Kind.LOGITS, q, p), t.between(FORWARD, Kind.LOGITS, p, q));
    }

    @Test
    void evenJsdIsSymmetricAndBelowLogTwo() {
        NDArray q = t.random(1, 3, 64, 500);
        NDArray p = t.random(2, 3, 64, 500);
        float[] one = t.between(new Jsd(0.5), Kind.LOGITS, q, p);
        assertArrayEquals(one, t.between(new Jsd(0.5), Kind.LOGITS, p, q), 1e-6f);
        for (float value : one) {
            assertTrue(value <= Math.log(2) + 1e-6);
        }
    }

    @Test
    void jsdOverItsBetaTendsToForwardKlOnMildLogits() {
        NDArray q = t.random(1, 1, 64, 500);
        NDArray p = t.random(2, 1, 64, 500);
        double kl = Tensors.sum(t.between(FORWARD, Kind.LOGITS, q, p));
        assertEquals(1, Tensors.sum(t.between(new Jsd(0.001), Kind.LOGITS, q, p)) / 0.001 / kl, 0.01);
        double reverse = Tensors.sum(t.between(REVERSE, Kind.LOGITS, q, p));
        assertEquals(1, Tensors.sum(t.between(new Jsd(0.999), Kind.LOGITS, q, p)) / 0.001 / reverse, 0.01);
    }

    @Test
    void alphaBetaAtOneAndOneIsHalfTheSquaredGap() {
        NDArray q = t.random(1, 3, 64, 500);
        NDArray p = t.random(2, 3, 64, 500);
        float[] half = q.softmax(-1).sub(p.softmax(-1)).square().sum(new int[] {1}).div(2).toFloatArray();
        assertArrayEquals(half, t.between(new AlphaBeta(1, 1), Kind.LOGITS, q, p), 3e-7f);
    }

    @Test
    void alphaBetaNearOneAndNothingIsForwardKl() {
        NDArray q = t.random(1, 1, 64, 500);
        NDArray p = t.random(2, 1, 64, 500);
        double kl = Tensors.sum(t.between(FORWARD, Kind.LOGITS, q, p));
        assertEquals(1, Tensors.sum(t.between(new AlphaBeta(1, 0.001), Kind.LOGITS, q, p)) / kl, 0.02);
    }

    @Test
    void aSmallSkewIsNoneOnMildLogitsAndCapsTheCostOnPeakedOnes() {
        NDArray q = t.random(1, 1, 64, 500);
        NDArray p = t.random(2, 1, 64, 500);
        assertArrayEquals(t.between(FORWARD, Kind.LOGITS, q, p),
                t.between(new Kl(Direction.FORWARD, 1e-7, false), Kind.LOGITS, q, p), 2e-5f);
        float worst = t.between(new Kl(Direction.FORWARD, 0.1, false), Kind.LOGITS, t.rows(new float[] {100, 0}),
                t.rows(new float[] {0, 100}))[0];
        assertEquals(-Math.log(0.1), worst, 1e-5);
    }

    @Test
    void adaptiveKlLiesBetweenForwardAndReverseKl() {
        NDArray q = t.random(1, 2, 64, 50);
        NDArray p = t.random(2, 2, 64, 50);
        float[] forward = t.between(FORWARD, Kind.LOGITS, q, p);
        float[] reverse = t.between(REVERSE, Kind.LOGITS, q, p);
        float[] adaptive = t.between(new Akl(0.5), Kind.LOGITS, q, p);
        for (int i = 0; i < adaptive.length; i++) {
            assertTrue(adaptive[i] >= Math.min(forward[i], reverse[i]) - 1e-5
                    && adaptive[i] <= Math.max(forward[i], reverse[i]) + 1e-5);
        }
    }

    @Test
    void theGradientOfForwardKlIsTheGapOfProbabilities() {
        NDArray q = t.random(1, 2, 64, 50);
        NDArray p = t.random(2, 2, 64, 50);
        float[] gradient = t.gradient(q, leaf -> t.distances.between(FORWARD, Tensors.sides(Kind.LOGITS, leaf, p)));
        assertArrayEquals(q.softmax(-1).sub(p.softmax(-1)).toFloatArray(), gradient, 1e-6f);
    }

    @Test
    void aCapAboveEverySummandChangesNothingAndOneBelowThemCutsTheirGradient() {
        NDArray q = t.random(1, 2, 16, 40);
        NDArray p = t.random(2, 2, 16, 40);
        for (Distance distance : all()) {
            if (distance instanceof Distance.Capped capped) {
                assertArrayEquals(t.between(capped.distance(), Kind.LOGITS, q, p),
                        t.between(new Distance.Capped(capped.distance(), 1e6), Kind.LOGITS, q, p), 1e-5f,
                        capped.toString());
            }
        }
        double cap = 0.05;
        double[] student = t.doubles(q.softmax(-1));
        double[] teacher = t.doubles(p.softmax(-1));
        float[] loss = t.between(new Distance.Capped(FORWARD, cap), Kind.LOGITS, q, p);
        float[] gradient = t.gradient(q, leaf ->
                t.distances.between(new Distance.Capped(FORWARD, cap), Tensors.sides(Kind.LOGITS, leaf, p)));
        int cut = 0;
        for (int i = 0; i < 16; i++) {
            double sum = 0;
            double free = 0;
            for (int v = i * 40; v < (i + 1) * 40; v++) {
                double one = teacher[v] * Math.log(teacher[v] / student[v]);
                sum += Math.min(one, cap);
                free += one < cap ? teacher[v] : 0;
                cut += one < cap ? 0 : 1;
            }
            assertEquals(sum, loss[i], 1e-5);
            for (int v = i * 40; v < (i + 1) * 40; v++) {
                boolean below = teacher[v] * Math.log(teacher[v] / student[v]) < cap;
                assertEquals(student[v] * free - (below ? teacher[v] : 0), gradient[v], 1e-5);
            }
        }
        assertTrue(cut > 16, cut + " summands of 640 are cut");
    }

    @Test
    void aTokenTheTeacherRulesOutCostsNothingAndSpoilsNothing() {
        NDArray q = t.rows(new float[] {0, 0, 0});
        NDArray p = t.rows(new float[] {0, 0, Float.NEGATIVE_INFINITY});
        assertEquals(Math.log(1.5), t.between(FORWARD, Kind.LOGITS, q, p)[0], 1e-6);
        assertEquals(1.0 / 3, t.between(new Distance.TotalVariation(), Kind.LOGITS, q, p)[0], 1e-6);
        for (float value : t.gradient(q, leaf -> t.distances.between(FORWARD, Tensors.sides(Kind.LOGITS, leaf, p)))) {
            assertTrue(Float.isFinite(value));
        }
    }

    private static boolean overSets(Distance distance) {
        return distance instanceof Distance.Sinkhorn || distance instanceof Distance.Cka
                || distance instanceof Distance.Mmd
                || distance instanceof Distance.InfoNce || distance instanceof Distance.CosNce;
    }

    /// Where a part of the value is taken as given, the gradient is not its slope, on purpose.
    private static boolean weighsItself(Distance distance) {
        return distance instanceof Akl || distance instanceof Kl kl && kl.fixedMixture()
                || distance instanceof Distance.Capped capped && weighsItself(capped.distance());
    }
}
