package dev.socratic.curator.duplicate;

import java.util.Locale;

/// How a MinHash signature is cut into bands: two texts are compared if at least one band is equal.
///
/// The chance of that for two texts of Jaccard similarity `s` is `1 - (1 - s^rows)^bands` (Leskovec, Rajaraman and
/// Ullman, Mining of Massive Datasets, 3.4). Candidates are verified, so a false candidate costs only time, while a
/// missed pair is missed: the choice is therefore not the one that balances both errors around the threshold (which
/// misses 3 to 8 % of the pairs that lie on it) but the most selective banding that still finds the stated share of
/// them.
///
/// @param bands how many
/// @param rows  hash values a band
public record Banding(int bands, int rows) {
    public Banding {
        if (bands < 1 || rows < 1) {
            throw new IllegalArgumentException("bands and rows: at least 1 each; got %s and %s".formatted(bands, rows));
        }
    }

    /// @param threshold    Jaccard similarity from which on pairs are wanted, in (0, 1]
    /// @param recall       least expected share of the pairs that lie exactly on the threshold, in (0, 1)
    /// @param permutations most hash values a text
    /// @return the banding with the most rows a band that reaches the recall
    /// @throws IllegalArgumentException if not even one row a band reaches it
    public static Banding choose(double threshold, double recall, int permutations) {
        for (int rows = permutations; rows >= 1; rows--) {
            Banding banding = new Banding(permutations / rows, rows);
            if (banding.found(threshold) >= recall) {
                return banding;
            }
        }
        throw new IllegalArgumentException(
                String.format(Locale.ROOT,
                        "permutations: enough for a recall of %s at a threshold of %s; got %d; with one row a "
                                + "band the recall is %.4f",
                        recall, threshold, permutations, new Banding(permutations, 1).found(threshold)));
    }

    /// @return the chance that a pair of this similarity is compared
    public double found(double similarity) {
        return 1 - Math.pow(1 - Math.pow(similarity, rows), bands);
    }

    /// @return how many hash values a text
    public int permutations() {
        return bands * rows;
    }
}
