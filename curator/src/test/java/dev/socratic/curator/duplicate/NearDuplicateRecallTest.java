package dev.socratic.curator.duplicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.curator.config.StepConfig;
import dev.socratic.curator.config.TextPart;
import dev.socratic.curator.duplicate.ExactPairs.Pair;
import dev.socratic.curator.step.Answers;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.text.Shingles;
import dev.socratic.curator.text.Words;
import dev.socratic.datasets.row.Question;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What MinHash finds, with every pair at or above the threshold, found exactly, as truth.
class NearDuplicateRecallTest {
    private static final double THRESHOLD = 0.8;

    @TempDir
    Path scratch;

    @Test
    void atLeast98PercentOfThePairsAreFoundAmongMadeUpTexts() {
        SplittableRandom random = new SplittableRandom(7);
        List<String> texts = IntStream.range(0, 800).mapToObj(i -> madeUp(random)).toList();
        check(withEditedCopies(texts, 11), 2);
        check(withEditedCopies(texts, 12), 3);
    }

    @Test
    @Tag("slow")
    void atLeast98PercentOfThePairsAreFoundAmongGsm8kAndEditedCopies() {
        check(withEditedCopies(SharedData.gsm8k("train.jsonl").stream().map(Question::question).toList(), 1), 2);
    }

    @Test
    void everyDroppedRowHasAKeptRowAtOrAboveTheThresholdAsEvidence() {
        SplittableRandom random = new SplittableRandom(9);
        List<String> texts = withEditedCopies(IntStream.range(0, 200).mapToObj(i -> madeUp(random)).toList(), 3);
        Map<String, String> kept = new HashMap<>();
        int dropped = 0;
        StepConfig.NearDuplicates config =
                new StepConfig.NearDuplicates(TextPart.QUESTION, THRESHOLD, 2, StepConfig.NearDuplicates.Agreement.ANY,
                        StepConfig.NearDuplicates.Agreement.ANY, StepConfig.NearDuplicates.Agreement.ANY, 0.99, 128, 1);
        try (NearDuplicatesStep step = new NearDuplicatesStep(config, scratch)) {
            texts.forEach(text -> step.look(Answers.row(text), RowScores.NONE));
            for (String text : texts) {
                var row = Answers.row(text);
                switch (step.judge(row)) {
                    case Decision.Keep keep -> kept.put(row.id(), text);
                    case Decision.Edit edit -> throw new AssertionError("edited: " + text);
                    case Decision.Drop drop -> {
                        dropped++;
                        String other = kept.get(drop.evidence().get("kept_id").textValue());
                        assertEquals(other, drop.evidence().get("kept_text").textValue());
                        assertEquals(text, drop.evidence().get("text").textValue());
                        double jaccard = shingles(text, 2).jaccard(shingles(other, 2));
                        assertEquals(jaccard, drop.evidence().get("jaccard").doubleValue());
                        assertTrue(jaccard >= THRESHOLD);
                    }
                }
            }
        }
        assertTrue(dropped > 100, "dropped " + dropped);
    }

    private void check(List<String> texts, int n) {
        List<Shingles> shingles = texts.stream().map(text -> shingles(text, n))
                .collect(Collectors.toMap(Shingles::hash, each -> each, (a, b) -> a, LinkedHashMap::new))
                .values().stream().toList(); // equal texts are one
        List<Pair> truth = ExactPairs.of(shingles, THRESHOLD);
        Set<Long> found = new HashSet<>();
        try (NearDuplicateIndex index = new NearDuplicateIndex(THRESHOLD, Banding.choose(THRESHOLD, 0.99, 128), 1,
                Files.createTempDirectory(scratch, "index"))) {
            shingles.forEach(index::add);
            index.join(new Buckets.Joining() {
                @Override
                public int set(int number) {
                    return number; // nothing is together, so every pair is told of
                }

                @Override
                public void join(int a, int b) {
                    found.add((long) Math.min(a, b) << 32 | Math.max(a, b));
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long right = truth.stream().filter(pair -> found.contains((long) pair.earlier() << 32 | pair.later())).count();
        assertTrue(truth.size() > texts.size() / 8, "too few pairs to tell: " + truth.size());
        assertEquals(found.size(), right, "every pair found is a true pair");
        assertTrue(right >= 0.98 * truth.size(), "found %s of %s pairs".formatted(right, truth.size()));
    }

    private static Shingles shingles(String text, int n) {
        return Shingles.of(Words.of(text), n);
    }

    /// Each text and one copy of it, with 0 to 6 edits.
    private static List<String> withEditedCopies(List<String> texts, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> all = new ArrayList<>(texts);
        for (int i = 0; i < texts.size(); i++) {
            all.add(Edits.edit(texts.get(i), i % 7, random));
        }
        return all;
    }

    private static String madeUp(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        int words = 15 + random.nextInt(60);
        for (int i = 0; i < words; i++) {
            text.append(random.nextInt(8) == 0
                    ? "" + random.nextInt(100)
                    : "w" + (int) Math.pow(3000, random.nextDouble())).append(' ');
        }
        return text.toString();
    }
}
