package dev.socratic.curator.duplicate;

import dev.socratic.curator.config.StepConfig.NearDuplicates;
import dev.socratic.curator.config.TextPart;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.text.Shingles;
import dev.socratic.curator.text.Words;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/// What `near_duplicates` knows of a text by itself: whoever compares texts in another order, or on several machines,
/// finds the same pairs with it.
public final class NearTexts {
    /// Most texts of a bucket of which every pair is compared.
    public static final int SMALL_BUCKET = Buckets.SMALL;

    private final NearDuplicates config;
    private final Banding banding;
    private final MinHash minHash;

    public NearTexts(NearDuplicates config) {
        this.config = config;
        this.banding = Banding.choose(config.threshold(), config.recall(), config.permutations());
        this.minHash = new MinHash(banding, config.seed());
    }

    /// @return what the row is compared by: rows with the same share one text, and the first of them is it
    public Optional<String> member(Candidate row) {
        return config.on() == TextPart.QUESTION ? Optional.of(row.questionId()) : Optional.empty();
    }

    /// @return what is compared, in a world of its own where numbers, negations or questions tell texts apart
    public Shingles shingles(Candidate row) {
        return shingles(Compared.of(row, config.on()));
    }

    Shingles shingles(Compared compared) {
        List<String> words = Words.of(compared.text());
        return Shingles.of(words, config.shingle())
                .within(compared.scope(words, config.numbers(), config.negation()));
    }

    /// @return one hash a band; texts with one in common are compared; none for a text without shingles
    public int[] bands(Shingles text) {
        return text.size() == 0 ? new int[0] : minHash.bands(text);
    }

    public boolean alike(Shingles a, Shingles b) {
        return Math.min(a.size(), b.size()) >= config.threshold() * Math.max(a.size(), b.size())
                && a.jaccard(b) >= config.threshold();
    }

    /// The pairs of a bucket that are to be compared: all of a small one; of a large one, each text with the 32 that
    /// are first by content. [NearDuplicateIndex] chooses its 32 while it compares, so that of a large bucket it may
    /// find more.
    ///
    /// @param texts by content
    public static void pairs(long[] texts, BiConsumer<Long, Long> pair) {
        boolean small = texts.length <= SMALL_BUCKET;
        for (int later = 1; later < texts.length; later++) {
            for (int earlier = 0; earlier < (small ? later : Math.min(later, Buckets.HUBS)); earlier++) {
                pair.accept(Math.min(texts[earlier], texts[later]), Math.max(texts[earlier], texts[later]));
            }
        }
    }

    Banding banding() {
        return banding;
    }
}
