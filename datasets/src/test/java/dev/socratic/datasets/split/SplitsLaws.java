package dev.socratic.datasets.split;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.datasets.row.RowIds;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitsLaws {
    private static final List<String> IDS = IntStream.range(0, 20_000).mapToObj(i -> RowIds.question("question " + i))
            .toList();

    @Test
    void partsAreAsLargeAsTheirSharesUpToChance() {
        Splits splits = new Splits(shares("train", 8, "valid", 1, "test", 1), 0);
        double p = 0.1;
        double chance = 4 * Math.sqrt(IDS.size() * p * (1 - p));
        long test = IDS.stream().filter(id -> splits.of(id).equals("test")).count();
        assertTrue(Math.abs(test - IDS.size() * p) < chance, "test has " + test);
    }

    @Test
    void aLargerFirstShareKeepsEveryRowItHad() {
        Splits small = new Splits(shares("train", 0.5, "test", 0.5), 3);
        Splits large = new Splits(shares("train", 0.7, "test", 0.3), 3);
        IDS.stream().filter(id -> small.of(id).equals("train")).forEach(id -> assertEquals("train", large.of(id)));
    }

    @Test
    void anotherSaltIsAnotherCut() {
        Splits one = new Splits(shares("a", 1, "b", 1), 1);
        Splits two = new Splits(shares("a", 1, "b", 1), 2);
        long same = IDS.stream().filter(id -> one.of(id).equals(two.of(id))).count();
        assertTrue(Math.abs(same - IDS.size() / 2) < 4 * Math.sqrt(IDS.size()) / 2, "same for " + same);
        assertNotEquals(IDS.size(), same);
    }

    @Test
    void aShareThatIsNotPositiveIsRefused() {
        assertEquals(
                "shares.test: more than 0; got 0.0",
                assertThrows(IllegalArgumentException.class, () -> new Splits(shares("train", 1, "test", 0), 0))
                        .getMessage());
    }

    private static Map<String, Double> shares(Object... pairs) {
        Map<String, Double> shares = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            shares.put((String) pairs[i], ((Number) pairs[i + 1]).doubleValue());
        }
        return shares;
    }
}
