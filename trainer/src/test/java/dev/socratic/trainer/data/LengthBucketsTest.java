package dev.socratic.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LengthBucketsTest {
    private static final List<TokenRow> ROWS = rows(500);

    @Test
    void everyTokenComesOnceAndNoMicroBatchIsTooLarge() {
        List<MicroBatch> batches = LengthBuckets.of(ROWS, 256, 1);
        assertEquals(ROWS.stream().mapToInt(TokenRow::inputLength).sum(),
                batches.stream().mapToInt(MicroBatch::tokens).sum());
        assertEquals(ROWS.stream().mapToInt(TokenRow::lossTokens).sum(),
                batches.stream().mapToInt(MicroBatch::lossTokens).sum());
        assertEquals(ROWS.size(), batches.stream().mapToInt(MicroBatch::rows).sum());
        assertTrue(batches.stream().allMatch(batch -> batch.rows() * batch.seq() <= 256));
    }

    @Test
    void littleIsPadding() {
        List<MicroBatch> batches = LengthBuckets.of(ROWS, 256, 1);
        int padded = batches.stream().mapToInt(batch -> batch.rows() * batch.seq()).sum();
        int real = batches.stream().mapToInt(MicroBatch::tokens).sum();
        assertTrue(padded < 1.05 * real, padded + " places for " + real + " tokens");
    }

    @Test
    void theOrderFollowsFromTheSeedAlone() {
        assertEquals(describe(LengthBuckets.of(ROWS, 256, 7)), describe(LengthBuckets.of(ROWS, 256, 7)));
        assertNotEquals(describe(LengthBuckets.of(ROWS, 256, 7)), describe(LengthBuckets.of(ROWS, 256, 8)));
    }

    @Test
    void aPlacePredictsTheTokenAfterItAndPaddingNever() {
        TokenRow longer = new TokenRow(new int[] {5, 6, 7, 8}, new boolean[] {false, false, true, true});
        TokenRow shorter = new TokenRow(new int[] {1, 2, 3}, new boolean[] {false, true, true});
        MicroBatch batch = MicroBatch.of(List.of(longer, shorter));
        assertArrayEquals(new long[] {5, 6, 7, 1, 2, 0}, batch.ids());
        assertArrayEquals(new long[] {1, 2, 3, 4}, batch.lossPositions());
        assertArrayEquals(new long[] {7, 8, 2, 3}, batch.labels());
        assertEquals(5, batch.tokens());
    }

    private static List<TokenRow> rows(int n) {
        Random random = new Random(0);
        return IntStream.range(0, n)
                .mapToObj(i -> {
                    int[] ids = random.ints(2 + random.nextInt(40), 1, 100).toArray();
                    boolean[] lossMask = new boolean[ids.length];
                    Arrays.fill(lossMask, 1 + random.nextInt(ids.length - 1), ids.length, true);
                    return new TokenRow(ids, lossMask);
                })
                .toList();
    }

    private static String describe(List<MicroBatch> batches) {
        StringBuilder text = new StringBuilder();
        batches.forEach(batch -> text.append(Arrays.toString(batch.ids())));
        return text.toString();
    }
}
