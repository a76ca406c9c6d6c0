package dev.socratic.trainer.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.trainer.objective.Pairing.Pair;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairingTest {
    @Test
    void uniformPairsTheEndsOfEqualSegments() {
        assertEquals(List.of(new Pair(0, 1), new Pair(1, 3), new Pair(2, 5)), new Pairing.Uniform(false).of(3, 6, 0));
        assertEquals(List.of(new Pair(0, 1), new Pair(1, 3)), new Pairing.Uniform(true).of(3, 6, 0));
        assertEquals(List.of(new Pair(0, 1), new Pair(1, 4)), new Pairing.Uniform(false).of(2, 5, 0));
    }

    @Test
    void halvesOfUniformMeetInTheMiddleAndASingleLayerIsBoth() {
        Pairing lower = new Pairing.Uniform(false, Pairing.Part.LOWER);
        Pairing upper = new Pairing.Uniform(false, Pairing.Part.UPPER);
        assertEquals(List.of(new Pair(0, 1)), lower.of(3, 6, 0));
        assertEquals(List.of(new Pair(1, 3), new Pair(2, 5)), upper.of(3, 6, 0));
        assertEquals(List.of(new Pair(1, 3)), new Pairing.Uniform(true, Pairing.Part.UPPER).of(3, 6, 0));
        assertEquals(List.of(new Pair(0, 3)), lower.of(1, 4, 0));
        assertEquals(List.of(new Pair(0, 3)), upper.of(1, 4, 0));
    }

    @Test
    void passedLayersCountForLessUntilAllAreUnlocked() {
        Pairing unlocking = new Pairing.Unlocking(0.6, 0.1);
        assertEquals(List.of(new Pair(0, 1), new Pair(1, 3)), unlocking.of(3, 6, 0.3));
        assertEquals(List.of(0.1, 1.0),
                unlocking.of(3, 6, 0.3).stream().map(pair -> unlocking.weight(pair, 3, 0.3)).toList());
        assertEquals(List.of(1.0, 1.0, 1.0),
                unlocking.of(3, 6, 0.6).stream().map(pair -> unlocking.weight(pair, 3, 0.6)).toList());
        assertEquals(1, new Pairing.Uniform(false).weight(new Pair(0, 1), 3, 0.3));
    }

    @Test
    void lastOutputAndOneToOne() {
        assertEquals(List.of(new Pair(2, 5)), new Pairing.Last().of(3, 6, 0));
        assertEquals(List.of(new Pair(2, 5)), new Pairing.Output().of(3, 6, 0));
        assertEquals(List.of(new Pair(0, 0), new Pair(1, 1)), new Pairing.OneToOne().of(2, 2, 0));
        assertEquals(List.of(new Pair(1, 0)), new Pairing.Explicit(List.of(List.of(1, 0))).of(3, 6, 0));
    }

    @Test
    void randomPairsAscendLeaveTheLastOutAndChangeWithTheDraw() {
        Pairing random = new Pairing.Random(4, 7);
        for (double progress : new double[] {0, 0.3, 0.6, 1}) {
            List<Pair> pairs = random.of(4, 12, progress);
            assertEquals(3, pairs.size());
            for (int i = 0; i < 3; i++) {
                assertEquals(i, pairs.get(i).student());
                assertTrue(pairs.get(i).teacher() < 11);
                assertTrue(i == 0 || pairs.get(i).teacher() > pairs.get(i - 1).teacher());
            }
        }
        assertEquals(random.of(4, 12, 0.01), random.of(4, 12, 0.24));
        assertNotEquals(List.of(random.of(4, 12, 0), random.of(4, 12, 0.3)),
                List.of(random.of(4, 12, 0.6), random.of(4, 12, 0.9)));
    }
}
