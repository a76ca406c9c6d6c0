package dev.socratic.trainer.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.trainer.config.Masking;
import dev.socratic.trainer.data.TokenRow;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MaskingTest {
    private static final int VOCAB = 50;
    private static final ControlIds CONTROL = new ControlIds(1, 2, 3, 0);
    private static final MaskingWeights EVEN = MaskingWeights.of(new long[VOCAB], 0.7, CONTROL);

    /// Rows of ordinary tokens that end as the row encoder ends them.
    private static List<TokenRow> rows(int count) {
        Random random = new Random(7);
        return IntStream.range(0, count).mapToObj(i -> {
            int[] ids = IntStream.concat(random.ints(5 + i % 20, 4, VOCAB), IntStream.of(CONTROL.sep())).toArray();
            return new TokenRow(ids, new boolean[ids.length]);
        }).toList();
    }

    @Test
    void aRowIsFramedAndFilledAndWhatWasHiddenIsTheLabel() {
        MaskedBatch batch =
                TokenMasker.hide(Masking.USUAL,
                        List.of(new TokenRow(new int[] {10, 11, 2}, new boolean[3]),
                                new TokenRow(new int[] {12, 13, 14, 15, 2}, new boolean[5])),
                CONTROL, EVEN, 3);
        assertEquals(2, batch.rows());
        assertEquals(6, batch.seq());
        assertArrayEquals(new long[] {4, 6}, batch.lengths());
        assertEquals(2, batch.maskedTokens(), "15 % of 10 tokens, rounded up");
        long[] whole = batch.text().ids().clone();
        for (int i = 0; i < batch.maskedTokens(); i++) {
            whole[(int) batch.maskedPositions()[i]] = batch.labels()[i];
        }
        assertArrayEquals(new long[] {1, 10, 11, 2, 0, 0, 1, 12, 13, 14, 15, 2}, whole);
        assertArrayEquals(new long[] {0, 1, 2, 3, 6, 7, 8, 9, 10, 11}, batch.paddingFreePositions());
    }

    @Test
    void eightOfTenBecomeTheMaskOneStaysAndOneIsAnother() {
        int masked = 0;
        int same = 0;
        int all = 0;
        for (int seed = 0; seed < 200; seed++) {
            MaskedBatch batch = TokenMasker.hide(Masking.USUAL, rows(40), CONTROL, EVEN, seed);
            for (int i = 0; i < batch.maskedTokens(); i++) {
                long now = batch.text().ids()[(int) batch.maskedPositions()[i]];
                masked += now == CONTROL.mask() ? 1 : 0;
                same += now == batch.labels()[i] ? 1 : 0;
                assertFalse(CONTROL.contains((int) batch.labels()[i]), "control ids are never asked for");
                all++;
            }
        }
        // Another token is the mask, or the same, once in 50 each.
        assertEquals(0.8 + 0.1 / VOCAB, (double) masked / all, 0.01);
        assertEquals(0.1 + 0.1 / VOCAB, (double) same / all, 0.01);
    }

    @Test
    void rareTokensAreAskedForMoreOftenByThePowerOfTheirCount() {
        long[] counts = new long[VOCAB];
        Arrays.fill(counts, 1);
        counts[10] = 1000; // 1000 ^ -0.7 is 0.0079
        MaskingWeights odds = MaskingWeights.of(counts, 0.7, CONTROL);
        assertEquals(0.00794, odds.of(10), 1e-4);
        assertEquals(1, odds.of(11));
        assertEquals(0, odds.of(CONTROL.sep()));
        int[] ids = IntStream.concat(IntStream.range(0, 40).map(i -> i % 2 == 0 ? 10 : 11), IntStream.of(2)).toArray();
        long[] asked = new long[VOCAB];
        for (int seed = 0; seed < 300; seed++) {
            MaskedBatch batch = TokenMasker.hide(new Masking(0.05, 0.8, 0.1, 0.7),
                    List.of(new TokenRow(ids, new boolean[ids.length])), CONTROL, odds, seed);
            Arrays.stream(batch.labels()).forEach(label -> asked[(int) label]++);
        }
        assertEquals(900, asked[10] + asked[11], "3 of 42 tokens, 300 times");
        assertTrue(asked[10] < 25, asked[10] + " of 900; about 7 are expected");
    }

    @Test
    void sharesThatCannotBeAreRefused() {
        assertEquals(Masking.USUAL, ConfigReader.read("{}", "masking", Masking.class));
        assertEquals("masking:1:1: mlm_probability must be above 0 and at most 1; got 0.0; 0.15 is usual",
                assertThrows(ConfigException.class,
                        () -> ConfigReader.read("{mlm_probability: 0}", "masking", Masking.class))
                        .getMessage());
        assertEquals(
                "masking:1:1: hidden and random are shares of the tokens asked for, together at most 1; got 0.9 and "
                        + "0.2",
                assertThrows(ConfigException.class,
                        () -> ConfigReader.read("{hidden: 0.9, random: 0.2}", "masking", Masking.class)).getMessage());
    }

    @Test
    void theSameSeedHidesTheSameAndAnotherOthers() {
        MaskedBatch once = TokenMasker.hide(Masking.USUAL, rows(8), CONTROL, EVEN, 5);
        assertArrayEquals(once.text().ids(), TokenMasker.hide(Masking.USUAL, rows(8), CONTROL, EVEN, 5).text().ids());
        assertFalse(
                Arrays.equals(once.maskedPositions(),
                        TokenMasker.hide(Masking.USUAL, rows(8), CONTROL, EVEN, 6).maskedPositions()),
                "masks are drawn anew each time");
    }
}
