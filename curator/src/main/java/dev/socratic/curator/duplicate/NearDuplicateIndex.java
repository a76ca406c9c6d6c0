package dev.socratic.curator.duplicate;

import dev.socratic.curator.store.KeyedNumbers;
import dev.socratic.curator.store.Longs;
import dev.socratic.curator.store.LongsStore;
import dev.socratic.curator.text.Shingles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// Finds all pairs of texts that are at least as similar as the threshold, by MinHash and verification, once all texts
/// are there.
///
/// Shingles and bands lie in files; the bands are read one after the other, sorted, and the texts of each bucket are
/// compared ([Buckets]: a text with at most 32 others a bucket, so the work grows with the texts and never with their
/// square). Memory a text, however long: 16 bytes, and while the pairs are found 8 more. Not safe for use from several
/// threads.
public final class NearDuplicateIndex implements AutoCloseable {
    private final double threshold;
    private final Banding banding;
    private final MinHash minHash;
    private final LongsStore texts;
    private final Longs contents = new Longs(); // of each text: a hash of its shingles
    private final BitSet copies = new BitSet(); // texts with the same shingles as an earlier one
    private final List<KeyedNumbers> bands = new ArrayList<>();
    private final KeyedNumbers whole;
    private int last = -1; // the text whose shingles were read last
    private Shingles lastShingles = Shingles.NONE;
    private long compared;
    private long leftOut;

    /// @param threshold least Jaccard similarity, in (0, 1]
    /// @param banding   which pairs are compared
    /// @param seed      of the hash functions
    /// @param folder    for shingles and bands; whoever owns it deletes it
    public NearDuplicateIndex(double threshold, Banding banding, long seed, Path folder) {
        this.threshold = threshold;
        this.banding = banding;
        this.minHash = new MinHash(banding, seed);
        this.texts = new LongsStore(folder.resolve("shingles"));
        for (int band = 0; band < banding.bands(); band++) {
            bands.add(new KeyedNumbers(folder.resolve("band-" + band)));
        }
        this.whole = new KeyedNumbers(folder.resolve("whole"));
    }

    /// @return the number of the text, from 0 on; one without shingles is like no other
    public int add(Shingles text) {
        int number = texts.add(text.hashes());
        long content = text.hash();
        contents.add(content);
        if (text.size() > 0) {
            whole.add((int) (content >>> 32), number);
            int[] signature = minHash.bands(text);
            for (int band = 0; band < signature.length; band++) {
                bands.get(band).add(signature[band], number);
            }
        }
        return number;
    }

    /// Tells of the pairs at or above the threshold, but for those that are together already.
    ///
    /// @param joining sets of the numbers of texts
    void join(Buckets.Joining joining) {
        whole.each(bucket -> equal(bucket, joining));
        Buckets buckets = new Buckets(this::alike, contents::get, joining);
        for (KeyedNumbers band : bands) {
            band.each(bucket -> buckets.compare(Arrays.stream(bucket).filter(text -> !copies.get(text)).toArray()));
            band.close();
        }
        compared += buckets.compared();
        leftOut += buckets.leftOut();
    }

    /// Texts with the same shingles are joined with the first of them, which alone is in the buckets.
    private void equal(int[] bucket, Buckets.Joining joining) {
        for (int at = 1; at < bucket.length; at++) {
            for (int before = 0; before < Math.min(at, Buckets.HUBS); before++) {
                if (!copies.get(bucket[before]) && texts.length(bucket[before]) == texts.length(bucket[at])
                        && Arrays.equals(shingles(bucket[before]).hashes(), texts.get(bucket[at]))) {
                    copies.set(bucket[at]);
                    joining.join(bucket[at], bucket[before]);
                    break;
                }
            }
        }
    }

    private boolean alike(int a, int b) {
        return sizesAllow(texts.length(a), texts.length(b)) && jaccard(a, b) >= threshold;
    }

    /// @return true Jaccard similarity of two texts of the index
    public double jaccard(int one, int other) {
        return shingles(one).jaccard(new Shingles(texts.get(other)));
    }

    /// @return numbers of which two alike texts have one in common with the probability of [Banding#found]
    long[] keys(int text) {
        int[] signature = minHash.bands(new Shingles(texts.get(text)));
        long[] keys = new long[signature.length];
        for (int band = 0; band < keys.length; band++) {
            keys[band] = (long) band << 32 | signature[band] & 0xFFFFFFFFL;
        }
        return keys;
    }

    private Shingles shingles(int text) {
        if (text != last) {
            lastShingles = new Shingles(texts.get(text));
            last = text;
        }
        return lastShingles;
    }

    /// Sets of very different sizes cannot be similar: `jaccard <= smaller / larger`.
    private boolean sizesAllow(int a, int b) {
        return Math.min(a, b) >= threshold * Math.max(a, b);
    }

    /// @return how many pairs were compared so far
    public long compared() {
        return compared;
    }

    /// @return pairs of a large bucket that were not compared and are not together
    public long leftOut() {
        return leftOut;
    }

    public int size() {
        return texts.size();
    }

    /// @return most bytes held, counted from the sizes of the arrays
    public long memoryBytes() {
        return texts.memoryBytes() + contents.memoryBytes() + (long) Long.BYTES * texts.size();
    }

    public Banding banding() {
        return banding;
    }

    @Override
    public void close() {
        texts.close();
        whole.close();
        bands.forEach(KeyedNumbers::close);
    }
}
