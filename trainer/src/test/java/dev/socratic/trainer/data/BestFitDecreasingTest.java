package dev.socratic.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BestFitDecreasingTest {
    private static final int ROOM = 256;
    private static final List<TokenRow> ROWS = rows(500);

    private static TokenRow row(int inputs) {
        boolean[] mask = new boolean[inputs + 1];
        Arrays.fill(mask, 1, mask.length, true);
        return new TokenRow(new Random(inputs).ints(inputs + 1, 1, 100).toArray(), mask);
    }

    private static List<TokenRow> rows(int n) {
        Random random = new Random(0);
        return IntStream.range(0, n).mapToObj(i -> row(1 + random.nextInt(i % 9 == 0 ? 200 : 60))).toList();
    }

    private static List<List<Integer>> lengths(List<MicroBatch> packs) {
        return packs.stream().map(pack -> Arrays.stream(pack.lengths()).boxed().toList()).toList();
    }

    @Test
    void eachRowGoesWhereItLeavesTheLeastRoom() {
        List<MicroBatch> packs = BestFitDecreasing.of(List.of(row(3), row(6), row(2), row(5)), 8, 1);
        assertEquals(List.of(List.of(5, 3), List.of(6, 2)), lengths(packs).stream()
                .sorted((a, b) -> a.getFirst() - b.getFirst()).toList());
    }

    @Test
    void everyRowComesOnceAndNoPackIsTooLargeAndHardlyAnyIsNotFull() {
        List<MicroBatch> packs = BestFitDecreasing.of(ROWS, ROOM, 1);
        assertEquals(ROWS.size(), packs.stream().mapToInt(MicroBatch::rows).sum());
        assertEquals(ROWS.stream().mapToInt(TokenRow::lossTokens).sum(),
                packs.stream().mapToInt(MicroBatch::lossTokens).sum());
        assertTrue(packs.stream().allMatch(pack -> pack.tokens() <= ROOM));
        int tokens = packs.stream().mapToInt(MicroBatch::tokens).sum();
        assertEquals((tokens + ROOM - 1) / ROOM, packs.size(), "as few as there can be");
    }

    @Test
    void theOrderOfThePacksTellsNothingOfTheLengthsOfTheirRows() {
        List<MicroBatch> packs = BestFitDecreasing.of(ROWS, ROOM, 1);
        List<Integer> longest = packs.stream().map(pack -> Arrays.stream(pack.lengths()).max().orElseThrow()).toList();
        long falls = IntStream.range(1, longest.size()).filter(i -> longest.get(i) < longest.get(i - 1)).count();
        assertTrue(falls > longest.size() / 4 && falls < longest.size() * 3 / 4, longest.toString());
    }

    @Test
    void theyFollowFromTheSeedAlone() {
        assertEquals(describe(BestFitDecreasing.of(ROWS, ROOM, 7)), describe(BestFitDecreasing.of(ROWS, ROOM, 7)));
        assertNotEquals(describe(BestFitDecreasing.of(ROWS, ROOM, 7)), describe(BestFitDecreasing.of(ROWS, ROOM, 8)));
    }

    private static List<List<Long>> describe(List<MicroBatch> packs) {
        return packs.stream().map(pack -> Arrays.stream(pack.ids()).boxed().toList()).toList();
    }

    @Test
    void aLongerRowIsAPackAloneAndAPairIsNeverParted() {
        assertEquals(List.of(List.of(400)), lengths(BestFitDecreasing.of(List.of(row(400)), ROOM, 1)));
        List<MicroBatch> pairs = BestFitDecreasing.of(List.of(row(5).withRejected(row(4)), row(6).withRejected(row(2))),
                16, 1);
        assertEquals(List.of(List.of(5, 4), List.of(6, 2)), lengths(pairs).stream()
                .sorted((a, b) -> a.getFirst() - b.getFirst()).toList());
    }
}
