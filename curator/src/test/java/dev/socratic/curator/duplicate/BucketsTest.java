package dev.socratic.curator.duplicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.curator.config.Chains;
import dev.socratic.curator.text.Shingles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No bucket and no cluster costs the square of its texts.
class BucketsTest {
    @TempDir
    Path folder;

    private static final class Sets implements Buckets.Joining {
        private final UnionFind sets = new UnionFind();

        Sets(int texts) {
            IntStream.range(0, texts).forEach(text -> sets.add());
        }

        @Override
        public int set(int number) {
            return sets.root(number);
        }

        @Override
        public void join(int a, int b) {
            sets.join(a, b);
        }
    }

    private static int[] all(int texts) {
        return IntStream.range(0, texts).toArray();
    }

    @Test
    void ofABucketWhoseTextsAreAllAlikeEachIsComparedOnceAndNothingIsLeftOut() {
        Sets sets = new Sets(50_000);
        Buckets buckets = new Buckets((a, b) -> true, text -> -text, sets);
        buckets.compare(all(50_000));
        assertEquals(49_999, buckets.compared());
        assertEquals(0, buckets.leftOut());
        assertEquals(50_000, sets.sets.members(17));
        buckets.compare(all(50_000));
        assertEquals(49_999, buckets.compared(), "what is together is not compared again");
    }

    @Test
    void ofABucketWithoutAlikeTextsEachIsComparedWithAtMost32AndTheRestIsCounted() {
        for (int texts : new int[] {2, 64, 65, 5_000}) {
            Buckets buckets = new Buckets((a, b) -> false, text -> text, new Sets(texts));
            buckets.compare(all(texts));
            assertTrue(buckets.compared() <= 32L * texts, texts + ": " + buckets.compared());
            assertEquals((long) texts * (texts - 1) / 2, buckets.compared() + buckets.leftOut(), texts + " texts");
        }
    }

    @Test
    void theClustersOfALargeBucketDoNotDependOnTheOrderOfItsTexts() {
        List<Integer> shuffled = IntStream.range(0, 2_000).boxed().collect(Collectors.toList());
        Collections.shuffle(shuffled, new Random(2));
        assertEquals(clusters(IntStream.range(0, 2_000).boxed().toList()), clusters(shuffled));
        assertEquals(20, clusters(shuffled).size());
    }

    /// Texts are alike where they are equal modulo 20.
    private static Set<Set<Integer>> clusters(List<Integer> contents) {
        Sets sets = new Sets(contents.size());
        new Buckets((a, b) -> contents.get(a) % 20 == contents.get(b) % 20, contents::get, sets)
                .compare(all(contents.size()));
        return IntStream.range(0, contents.size()).boxed().collect(Collectors.groupingBy(sets::set,
                Collectors.mapping(contents::get, Collectors.<Integer, Set<Integer>>toCollection(TreeSet::new))))
                .values().stream().collect(Collectors.toSet());
    }

    @Test
    void textsOfOneTemplateAreOneClusterWithOneComparisonEach() throws IOException {
        int texts = 3_000;
        try (NearDuplicateIndex index = new NearDuplicateIndex(0.8, new Banding(21, 6), 1,
                Files.createDirectory(folder.resolve("template")))) {
            for (int text = 0; text < texts; text++) {
                int own = text;
                index.add(Shingles.of(IntStream.range(0, 60).mapToObj(word -> "w" + (word == 30 ? "own" + own : word))
                        .toList(), 2));
            }
            Sets sets = new Sets(texts);
            index.join(sets);
            assertEquals(texts, sets.sets.members(0));
            assertTrue(index.compared() <= 2L * texts, "compared " + index.compared());
            assertEquals(0, index.leftOut());
        }
    }

    @Test
    void inAClusterInWhichManyStayEachIsComparedWithFew() {
        int texts = 4_000;
        long[] asked = {0};
        try (DuplicateClusters clusters = new DuplicateClusters(Chains.KEEP, true,
                folder.resolve("members"))) {
            for (int text = 0; text < texts; text++) {
                clusters.add(new DuplicateClusters.Member("r" + text, "r" + text, "q" + text, "a text", ""), 0);
                clusters.join(0, text);
            }
            clusters.settle(new DuplicateClusters.Likeness() { // only neighbours are alike: a chain
                @Override
                public double of(int a, int b) {
                    asked[0]++;
                    return Math.abs(a - b) == 1 ? 0.9 : 0.1;
                }

                @Override
                public boolean enough(double likeness) {
                    return likeness > 0.8;
                }

                @Override
                public long[] keys(int number) {
                    return new long[] {number / 2, -(number + 1) / 2 - 1};
                }
            });
            assertEquals(texts, clusters.members(1));
            assertTrue(asked[0] <= 64L * texts, "asked " + asked[0]);
            assertEquals(texts / 2, Arrays.stream(all(texts)).filter(text -> clusters.partner(text).isEmpty()).count());
        }
    }
}
