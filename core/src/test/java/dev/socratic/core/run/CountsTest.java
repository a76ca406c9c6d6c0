package dev.socratic.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CountsTest {
    @Test
    void theLineAddsUpAndNamesEveryReason() {
        Counts counts = Counts.of(100, 80, Map.of("wrong", 5L, "duplicate", 10L), 5);
        assertEquals("in 100 = kept 80 + dropped 15 (duplicate 10, wrong 5) + failed 5", counts.toString());
        assertEquals(15, counts.droppedInAll());
        assertEquals("in 3 = kept 2 + dropped 0 + failed 1", Counts.of(3, 2, Map.of(), 1).toString());
    }

    @Test
    void countsThatDoNotAddUpCannotBeMade() {
        assertEquals(
                "rows are not conserved: in 4, but kept 1 + dropped {wrong=1} + failed 1 = 3; this is a bug, please "
                        + "report it",
                assertThrows(IllegalStateException.class, () -> Counts.of(4, 1, Map.of("wrong", 1L), 1)).getMessage());
    }
}
