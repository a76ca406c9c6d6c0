package dev.socratic.curator.duplicate;

import dev.socratic.curator.text.Shingles;
import java.util.Arrays;

/// MinHash signatures (Broder 1997): for each of several hash functions the least value over a text's shingles. Two
/// signatures agree at a place with a probability equal to the Jaccard similarity of the shingle sets.
///
/// The hash functions are `mix(shingle xor key)`, with the keys drawn from the seed; `mix` is a bijection of 64 bits,
/// so each of them is a permutation of the shingle space.
final class MinHash {
    private final long[] keys;
    private final Banding banding;

    MinHash(Banding banding, long seed) {
        this.banding = banding;
        this.keys = new long[banding.permutations()];
        long state = seed;
        for (int i = 0; i < keys.length; i++) {
            state += 0x9E3779B97F4A7C15L; // SplitMix64: a Weyl sequence, mixed
            keys[i] = Shingles.mix(state);
        }
    }

    /// @return one hash per band, 32 bits each; a chance collision only adds a candidate that the verification rejects
    int[] bands(Shingles shingles) {
        long[] least = new long[keys.length];
        Arrays.fill(least, Long.MAX_VALUE);
        for (long shingle : shingles.hashes()) {
            for (int i = 0; i < keys.length; i++) {
                least[i] = Math.min(least[i], Shingles.mix(shingle ^ keys[i]));
            }
        }
        int[] bands = new int[banding.bands()];
        for (int band = 0; band < bands.length; band++) {
            long h = band;
            for (int row = 0; row < banding.rows(); row++) {
                h = Shingles.mix(h * 0x9E3779B97F4A7C15L + least[band * banding.rows() + row]);
            }
            bands[band] = (int) (h >>> 32);
        }
        return bands;
    }
}
