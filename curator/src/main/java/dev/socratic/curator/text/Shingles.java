package dev.socratic.curator.text;

import java.util.Arrays;
import java.util.List;

/// A text as the set of its word n-grams, each as a 64-bit hash.
///
/// Two different n-grams get the same hash with a probability of 2^-64; over all pairs of a million texts of 50 words
/// that is about 7e-5 expected collisions, so the Jaccard similarity below is taken as the true one.
///
/// @param hashes ascending, each once
public record Shingles(long[] hashes) {
    public static final Shingles NONE = new Shingles(new long[0]);

    /// @param words a text as [Words#of] cuts it
    /// @param n     words a shingle; a text with fewer is one shingle, an empty text has none
    public static Shingles of(List<String> words, int n) {
        if (n < 1) {
            throw new IllegalArgumentException("shingle: at least 1 word; got %s; 2 suits questions".formatted(n));
        }
        if (words.isEmpty()) {
            return NONE;
        }
        long[] grams = inOrder(words, Math.min(n, words.size()));
        Arrays.sort(grams);
        int unique = 1;
        for (int i = 1; i < grams.length; i++) {
            if (grams[i] != grams[unique - 1]) {
                grams[unique++] = grams[i];
            }
        }
        return new Shingles(unique == grams.length ? grams : Arrays.copyOf(grams, unique));
    }

    /// @return the hash of each run of `n` words, in their order, repeated ones too; none where there are fewer words
    public static long[] inOrder(List<String> words, int n) {
        long[] each = new long[words.size()];
        for (int i = 0; i < each.length; i++) {
            each[i] = hash(words.get(i));
        }
        long[] grams = new long[Math.max(0, each.length - n + 1)];
        for (int i = 0; i < grams.length; i++) {
            long h = n;
            for (int j = i; j < i + n; j++) {
                h = mix(h * 0x9E3779B97F4A7C15L + each[j]);
            }
            grams[i] = h;
        }
        return grams;
    }

    /// The same set in a world of its own: texts of different scopes have no shingle in common, those of one scope
    /// are as alike as before.
    ///
    /// @param scope empty for the world of [#of]
    public Shingles within(String scope) {
        if (scope.isEmpty()) {
            return this;
        }
        long salt = hash(scope);
        long[] salted = new long[hashes.length];
        for (int i = 0; i < salted.length; i++) {
            salted[i] = mix(hashes[i] ^ salt);
        }
        Arrays.sort(salted);
        return new Shingles(salted);
    }

    public int size() {
        return hashes.length;
    }

    /// @return a hash of the set, equal for equal sets
    public long hash() {
        long hash = hashes.length;
        for (long shingle : hashes) {
            hash = mix(hash * 0x9E3779B97F4A7C15L + shingle);
        }
        return hash;
    }

    /// How many shingles both have.
    public int common(Shingles other) {
        long[] a = hashes;
        long[] b = other.hashes;
        int common = 0;
        for (int i = 0, j = 0; i < a.length && j < b.length; ) {
            if (a[i] == b[j]) {
                common++;
                i++;
                j++;
            } else if (a[i] < b[j]) {
                i++;
            } else {
                j++;
            }
        }
        return common;
    }

    /// Whether all of another set are in this one.
    public boolean contains(Shingles other) {
        return Arrays.stream(other.hashes).allMatch(hash -> Arrays.binarySearch(hashes, hash) >= 0);
    }

    /// The Jaccard similarity `|a and b| / |a or b|`, in [0, 1]; 1 where both are empty.
    public double jaccard(Shingles other) {
        int common = common(other);
        int union = hashes.length + other.hashes.length - common;
        return union == 0 ? 1 : (double) common / union;
    }

    /// The share of these shingles that the other has too, in [0, 1]; 1 where there are none.
    public double containedIn(Shingles other) {
        return hashes.length == 0 ? 1 : (double) common(other) / hashes.length;
    }

    /// FNV-1a over the UTF-16 units, then mixed: the same on every machine.
    private static long hash(String word) {
        long h = 0xCBF29CE484222325L;
        for (int i = 0; i < word.length(); i++) {
            h = (h ^ word.charAt(i)) * 0x100000001B3L;
        }
        return mix(h);
    }

    /// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): a bijection whose output bits all depend on all
    /// input bits.
    public static long mix(long x) {
        long h = x;
        h = (h ^ (h >>> 30)) * 0xBF58476D1CE4E5B9L;
        h = (h ^ (h >>> 27)) * 0x94D049BB133111EBL;
        return h ^ (h >>> 31);
    }
}
