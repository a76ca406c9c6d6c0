package dev.socratic.curator.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.curator.duplicate.Banding;
import dev.socratic.curator.duplicate.NearDuplicateIndex;
import dev.socratic.curator.text.Shingles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoresTest {
    @TempDir
    Path folder;

    @Test
    void aTableFindsWhatWasPutAndNothingElse() {
        KeyTable table = new KeyTable();
        for (int i = 0; i < 5_000; i++) {
            table.put(KeyTable.Key.of("row " + i), i);
        }
        table.put(KeyTable.Key.of("row 7"), 70);
        for (int i = 0; i < 5_000; i++) {
            assertEquals(i == 7 ? 70 : i, table.get(KeyTable.Key.of("row " + i)));
            assertEquals(KeyTable.NONE, table.get(KeyTable.Key.of("other " + i)));
        }
        assertEquals(5_000, table.size());
        assertTrue(table.memoryBytes() < 5_000 * 80L, "bytes " + table.memoryBytes());
    }

    @Test
    void arraysComeBackFromMemoryFromTheFileAndFromBoth() {
        SplittableRandom random = new SplittableRandom(1);
        List<long[]> arrays = new ArrayList<>();
        try (LongsStore store = new LongsStore(folder.resolve("longs"))) {
            for (int i = 0; i < 300; i++) {
                long[] values = random.longs(i % 5 == 0 ? 0 : random.nextInt(40_000 / (1 + i % 40))).toArray();
                arrays.add(values);
                assertEquals(i, store.add(values));
                int any = random.nextInt(arrays.size());
                assertArrayEquals(arrays.get(any), store.get(any));
                assertArrayEquals(values, store.get(i));
                assertEquals(values.length, store.length(i));
            }
        }
    }

    @Test
    void theMemoryOfAnIndexGrowsWithItsTextsAndNotWithTheirLength() {
        assertEquals(memory(500, 10), memory(500, 1_000));
    }

    private long memory(int texts, int words) {
        SplittableRandom random = new SplittableRandom(2);
        Path file = folder.resolve("shingles-" + words);
        try (NearDuplicateIndex index = new NearDuplicateIndex(0.8, Banding.choose(0.8, 0.99, 128), 1, file)) {
            for (int i = 0; i < texts; i++) {
                index.add(index.sign(Shingles.of(random.longs(words).mapToObj(Long::toString).toList(), 2)));
            }
            return index.memoryBytes();
        }
    }
}
