package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// What holds for the steps of any rows.
class PrefixForestLaws {
    private record Case(List<long[]> rows, int[] from, int most) {
        static Case random(SplittableRandom random) {
            List<long[]> rows = new ArrayList<>();
            int count = random.nextInt(1, 30);
            for (int i = 0; i < count; i++) {
                long[] begun = rows.isEmpty() || random.nextInt(3) == 0 ? new long[0]
                        : rows.get(random.nextInt(rows.size()));
                long[] kept = Arrays.copyOf(begun, random.nextInt(begun.length + 1));
                int more = random.nextInt(kept.length == 0 ? 1 : 0, 20);
                rows.add(LongStream.concat(Arrays.stream(kept), random.longs(more, 0, 3)).toArray());
            }
            return new Case(rows, rows.stream().mapToInt(row -> random.nextInt(row.length)).toArray(),
                    random.nextInt(1, 60));
        }

        List<PrefixForest.Step> steps() {
            return PrefixForest.steps(rows, from, most);
        }
    }

    /// What a token sees, as the program masks it: by index in its own step.
    private static List<Integer> ancestors(PrefixForest.Step step, int at) {
        return IntStream.rangeClosed(0, at).filter(i -> step.ends()[i] > at).boxed().toList();
    }

    @Test
    void everyWantedStateHasReadItsRowUpToItsPositionAndNothingElse() {
        SplittableRandom random = new SplittableRandom(1);
        for (int trial = 0; trial < 400; trial++) {
            Case some = Case.random(random);
            Map<Integer, List<Integer>> found = new HashMap<>();
            List<long[]> open = new ArrayList<>(List.of(new long[0]));
            for (PrefixForest.Step step : some.steps()) {
                while (open.size() > step.level() + 1) {
                    open.removeLast();
                }
                long[] past = open.getLast();
                for (PrefixForest.Mark mark : step.marks()) {
                    int at = step.wanted()[mark.at()];
                    long[] read = LongStream.concat(Arrays.stream(past),
                            ancestors(step, at).stream().mapToLong(i -> step.ids()[i])).toArray();
                    assertArrayEquals(Arrays.copyOf(some.rows().get(mark.row()), mark.position() + 1), read);
                    assertEquals(mark.position(), step.depths()[at]);
                    found.computeIfAbsent(mark.row(), key -> new ArrayList<>()).add(mark.position());
                }
                if (step.kept()) {
                    assertTrue(step.chain(), "what others are read behind is one path");
                    open.add(LongStream.concat(Arrays.stream(past), Arrays.stream(step.ids())).toArray());
                }
            }
            for (int row = 0; row < some.rows().size(); row++) {
                assertEquals(IntStream.range(some.from()[row], some.rows().get(row).length).boxed().toList(),
                        found.get(row), "wanted positions in their order");
            }
        }
    }

    @Test
    void everyBeginningIsReadOnceAndOnlyAPathIsLongerThanAStepMayBe() {
        SplittableRandom random = new SplittableRandom(2);
        for (int trial = 0; trial < 400; trial++) {
            Case some = Case.random(random);
            Set<List<Long>> beginnings = new HashSet<>();
            some.rows().forEach(row -> IntStream.rangeClosed(1, row.length).forEach(end ->
                    beginnings.add(Arrays.stream(row).limit(end).boxed().toList())));
            assertEquals(beginnings.size(), some.steps().stream().mapToInt(step -> step.ids().length).sum());
            assertTrue(some.steps().stream().allMatch(step -> step.ids().length <= some.most() || step.chain()));
        }
    }
}
