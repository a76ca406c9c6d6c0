package dev.socratic.core.seed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeedsTest {
    @Test
    void theSamePathGivesTheSameSeedForEver() {
        assertEquals(-5812615543772869766L, Seeds.derive(0));
        assertEquals(6685522735013912276L, Seeds.derive(42, "generate", "sample 3"));
        assertEquals(1577214127659462395L, Seeds.random(42, "a").nextLong());
    }

    @Test
    void namesDoNotRunTogether() {
        assertNotEquals(Seeds.derive(1, "a", "bc"), Seeds.derive(1, "ab", "c"));
        assertNotEquals(Seeds.derive(1, "a"), Seeds.derive(1, "a", ""));
        assertNotEquals(Seeds.derive(1, "a"), Seeds.derive(2, "a"));
    }

    @Test
    void neighbouringSeedsShareNothing() {
        Set<Long> seen = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            for (int i = 0; i < 100; i++) {
                seen.add(Seeds.derive(seed, "q" + i));
            }
        }
        assertEquals(10_000, seen.size());
    }
}
