package dev.socratic.curator.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.curator.duplicate.Banding;
import dev.socratic.curator.duplicate.NearDuplicateIndex;
import dev.socratic.curator.text.Shingles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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
    void numbersComeBackKeyByKeyAndOnlyThoseThatShareOne() {
        List<String> buckets = new ArrayList<>();
        try (KeyedNumbers numbers = new KeyedNumbers(folder.resolve("numbers"))) {
            for (int i = 0; i < 20_000; i++) { // more than the buffer holds
                numbers.add(i % 3 == 0 ? -7 : 10 + i, i);
            }
            numbers.add(11, Integer.MAX_VALUE);
            numbers.each(bucket -> buckets.add(bucket.length + " from " + bucket[0] + " to "
                    + bucket[bucket.length - 1]));
        }
        assertEquals(List.of("6667 from 0 to 19998", "2 from 1 to " + Integer.MAX_VALUE), buckets);
        assertTrue(Files.notExists(folder.resolve("numbers")));
    }

    @Test
    void listsGrowPastTheirPieces() {
        Longs longs = new Longs();
        Ints ints = new Ints();
        for (int i = 0; i < 300_000; i++) {
            longs.add(i * 7L);
            ints.add(-i);
        }
        longs.set(299_999, 1);
        ints.set(16_384, 2);
        assertEquals(1, longs.get(299_999));
        assertEquals(16_384 * 7L, longs.get(16_384));
        assertEquals(2, ints.get(16_384));
        assertEquals(-16_383, ints.get(16_383));
        assertThrows(IndexOutOfBoundsException.class, () -> longs.get(300_000));
        assertTrue(ints.memoryBytes() <= 4 * 300_000 + 65_536, "bytes " + ints.memoryBytes());
    }

    @Test
    void theMemoryOfAnIndexGrowsWithItsTextsAndNotWithTheirLength() {
        assertEquals(memory(500, 10), memory(500, 1_000));
    }

    private long memory(int texts, int words) {
        SplittableRandom random = new SplittableRandom(2);
        try (NearDuplicateIndex index = new NearDuplicateIndex(0.8, Banding.choose(0.8, 0.99, 128), 1,
                Files.createTempDirectory(folder, "index"))) {
            for (int i = 0; i < texts; i++) {
                index.add(Shingles.of(random.longs(words).mapToObj(Long::toString).toList(), 2));
            }
            return index.memoryBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
