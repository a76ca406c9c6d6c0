package dev.socratic.curator.duplicate;

import dev.socratic.curator.store.LongsStore;
import dev.socratic.curator.text.Shingles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/// Finds, among the texts added so far, those at least as similar as the threshold, by MinHash and verification.
///
/// The shingles lie in a file. Memory a text, however long: 12 to 24 bytes a band, and once more ([#memoryBytes] says
/// how much it is). Not safe for use from several threads.
public final class NearDuplicateIndex implements AutoCloseable {
    private static final double FULLEST = 0.67;

    private final double threshold;
    private final Banding banding;
    private final MinHash minHash;
    private final LongsStore texts;
    private final BandTable[] tables;
    private final BandTable whole = new BandTable();
    private long candidates;

    /// @param threshold least Jaccard similarity, in (0, 1]
    /// @param banding   which pairs are compared
    /// @param seed      of the hash functions
    /// @param file      for the shingles; whoever owns its folder deletes it
    public NearDuplicateIndex(double threshold, Banding banding, long seed, Path file) {
        this.threshold = threshold;
        this.banding = banding;
        this.minHash = new MinHash(banding, seed);
        this.tables = new BandTable[banding.bands()];
        Arrays.setAll(tables, band -> new BandTable());
        this.texts = new LongsStore(file);
    }

    /// A text of the index and how similar it is.
    ///
    /// @param text    its number, in the order of adding, from 0
    /// @param jaccard true Jaccard similarity of the shingle sets
    public record Similar(int text, double jaccard) {}

    /// A text with its signature, so that looking it up and adding it takes the signature once.
    public static final class Signed {
        private final Shingles shingles;
        private final int[] bands;

        private Signed(Shingles shingles, int[] bands) {
            this.shingles = shingles;
            this.bands = bands;
        }
    }

    public Signed sign(Shingles text) {
        return new Signed(text, minHash.bands(text));
    }

    /// @return the number of the text
    public int add(Signed text) {
        int number = texts.add(text.shingles.hashes());
        for (int band = 0; band < tables.length; band++) {
            tables[band].add(text.bands[band], number);
        }
        whole.add(Arrays.hashCode(text.shingles.hashes()), number);
        return number;
    }

    /// @return the most similar text at or above the threshold, the earliest of equals
    public Optional<Similar> nearest(Signed text) {
        return similar(text).stream().reduce((a, b) -> b.jaccard() > a.jaccard() ? b : a);
    }

    /// @return every text found at or above the threshold, in the order of adding; a text without shingles has none
    public List<Similar> similar(Signed text) {
        List<Similar> similar = new ArrayList<>();
        for (int number : candidates(text)) {
            if (!sizesAllow(text.shingles.size(), texts.length(number))) {
                continue;
            }
            double jaccard = text.shingles.jaccard(new Shingles(texts.get(number)));
            if (jaccard >= threshold) {
                similar.add(new Similar(number, jaccard));
            }
        }
        return similar;
    }

    /// @return the first text with the same shingles; nothing for a text without any
    public Optional<Integer> equal(Signed text) {
        if (text.shingles.size() == 0) {
            return Optional.empty();
        }
        IntList found = new IntList();
        whole.collect(Arrays.hashCode(text.shingles.hashes()), found);
        return Arrays.stream(found.sortedUnique()).boxed()
                .filter(number -> texts.length(number) == text.shingles.size()
                        && Arrays.equals(texts.get(number), text.shingles.hashes()))
                .findFirst();
    }

    /// Tells of every text found at or above the threshold but for those that need not be looked at.
    ///
    /// @param known asked of each candidate just before it would be compared
    public void alike(Signed text, IntPredicate known, IntConsumer found) {
        for (int number : candidates(text)) {
            if (!known.test(number) && sizesAllow(text.shingles.size(), texts.length(number))
                    && text.shingles.jaccard(new Shingles(texts.get(number))) >= threshold) {
                found.accept(number);
            }
        }
    }

    /// @return true Jaccard similarity of two texts of the index
    public double jaccard(int one, int other) {
        return new Shingles(texts.get(one)).jaccard(new Shingles(texts.get(other)));
    }

    /// Sets of very different sizes cannot be similar: `jaccard <= smaller / larger`.
    private boolean sizesAllow(int a, int b) {
        return Math.min(a, b) >= threshold * Math.max(a, b);
    }

    /// @return how many texts were candidates so far
    public long candidates() {
        return candidates;
    }

    public int size() {
        return texts.size();
    }

    /// @return bytes held, counted from the sizes of the arrays
    public long memoryBytes() {
        long bytes = texts.memoryBytes() + whole.memoryBytes();
        for (BandTable table : tables) {
            bytes += table.memoryBytes();
        }
        return bytes;
    }

    public Banding banding() {
        return banding;
    }

    @Override
    public void close() {
        texts.close();
    }

    private int[] candidates(Signed text) {
        if (text.shingles.size() == 0) {
            return new int[0];
        }
        IntList found = new IntList();
        for (int band = 0; band < tables.length; band++) {
            tables[band].collect(text.bands[band], found);
        }
        int[] unique = found.sortedUnique();
        candidates += unique.length;
        return unique;
    }

    /// Which texts have a band's hash: open addressing, equal hashes side by side. A slot holds the hash and the
    /// text's number plus one.
    private static final class BandTable {
        private int[] hashes = new int[16];
        private int[] numbers = new int[16];
        private int size;

        void add(int hash, int number) {
            if (size + 1 > hashes.length * FULLEST) {
                grow();
            }
            put(hash, number + 1);
            size++;
        }

        void collect(int hash, IntList into) {
            for (int slot = start(hash); numbers[slot] != 0; slot = slot + 1 & numbers.length - 1) {
                if (hashes[slot] == hash) {
                    into.add(numbers[slot] - 1);
                }
            }
        }

        long memoryBytes() {
            return 2L * Integer.BYTES * hashes.length;
        }

        private int start(int hash) {
            return (int) (Shingles.mix(hash) >>> 33) & numbers.length - 1;
        }

        private void put(int hash, int numberPlusOne) {
            int slot = start(hash);
            while (numbers[slot] != 0) {
                slot = slot + 1 & numbers.length - 1;
            }
            hashes[slot] = hash;
            numbers[slot] = numberPlusOne;
        }

        private void grow() {
            int[] oldHashes = hashes;
            int[] oldNumbers = numbers;
            hashes = new int[2 * oldHashes.length];
            numbers = new int[hashes.length];
            for (int slot = 0; slot < oldHashes.length; slot++) {
                if (oldNumbers[slot] != 0) {
                    put(oldHashes[slot], oldNumbers[slot]);
                }
            }
        }
    }

    private static final class IntList {
        private int[] values = new int[16];
        private int size;

        void add(int value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value;
        }

        int[] sortedUnique() {
            Arrays.sort(values, 0, size);
            int unique = 0;
            for (int i = 0; i < size; i++) {
                if (unique == 0 || values[i] != values[unique - 1]) {
                    values[unique++] = values[i];
                }
            }
            return Arrays.copyOf(values, unique);
        }
    }
}
