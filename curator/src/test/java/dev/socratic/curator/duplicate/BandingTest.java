package dev.socratic.curator.duplicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BandingTest {
    @Test
    void theChanceToBeComparedIsTheSCurve() {
        assertEquals(0.7, new Banding(1, 1).found(0.7), 1e-12);
        assertEquals(0.924, new Banding(14, 8).found(0.8), 5e-4);
        assertEquals(1, new Banding(20, 13).found(1), 0);
    }

    @Test
    void theMostSelectiveBandingThatReachesTheRecallIsChosen() {
        assertEquals(new Banding(21, 6), Banding.choose(0.8, 0.99, 128));
        assertTrue(Banding.choose(0.8, 0.99, 128).found(0.8) >= 0.99);
        assertTrue(new Banding(128 / 7, 7).found(0.8) < 0.99);
    }

    @Test
    void aRecallOutOfReachIsRefusedWithWhatCanBeReached() {
        assertEquals(
                "permutations: enough for a recall of 0.999 at a threshold of 0.3; got 4; with one row a band the "
                        + "recall is 0.7599",
                assertThrows(IllegalArgumentException.class, () -> Banding.choose(0.3, 0.999, 4)).getMessage());
    }
}
