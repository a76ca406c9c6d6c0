package dev.socratic.curator.cluster;

import dev.socratic.core.embed.VectorText;
import dev.socratic.curator.text.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Texts as vectors without a model: latent semantic analysis (Deerwester et al. 1990) of some of them, for all.
///
/// ```text
/// weight(t) = (1 + ln tf) * ln((1 + texts) / (1 + texts with t)), words hashed to 2^14 places, scaled to length 1
/// vector    = weights along the 48 directions in which the texts differ most, scaled to length 1
/// ```
///
/// A word that stands in every text weighs nothing. It hears which words go together, not what they mean: an encoder
/// hears more. Memory: 7 MB, and 12 bytes a word of the texts it learns from.
final class TextSpace {
    private static final int PLACES = 1 << 14;
    private static final int WIDTH = 48;

    private final float[] rarity = new float[PLACES];
    private final Subspace space;

    /// @param some texts, from which it learns what goes together
    TextSpace(List<String> some, long seed) {
        List<Subspace.Sparse> counted = some.stream().map(TextSpace::counted).toList();
        int[] texts = new int[PLACES];
        counted.forEach(text -> Arrays.stream(text.places()).forEach(place -> texts[place]++));
        for (int place = 0; place < PLACES; place++) {
            rarity[place] = (float) Math.log((1.0 + some.size()) / (1.0 + texts[place]));
        }
        List<Subspace.Sparse> rows = new ArrayList<>();
        counted.forEach(text -> weighed(text).ifPresent(rows::add));
        this.space = Subspace.of(rows, PLACES, WIDTH, seed);
    }

    static int width() {
        return WIDTH;
    }

    /// @return of length 1; empty for a text without a word that tells it from others
    Optional<float[]> vector(String text) {
        return weighed(counted(text)).flatMap(row -> {
            double[] seen = space.project(row); // [width]
            float[] vector = new float[WIDTH];
            for (int d = 0; d < WIDTH; d++) {
                vector[d] = (float) seen[d];
            }
            return unit(vector);
        });
    }

    private static Subspace.Sparse counted(String text) {
        TreeMap<Integer, Integer> counts = new TreeMap<>();
        Words.of(text).forEach(word -> counts.merge(place(word), 1, Integer::sum));
        int[] places = counts.keySet().stream().mapToInt(Integer::intValue).toArray();
        float[] values = new float[places.length];
        int at = 0;
        for (int count : counts.values()) {
            values[at++] = (float) (1 + Math.log(count));
        }
        return new Subspace.Sparse(places, values);
    }

    private Optional<Subspace.Sparse> weighed(Subspace.Sparse counted) {
        float[] values = counted.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] *= rarity[counted.places()[i]];
        }
        return unit(values).map(all -> new Subspace.Sparse(counted.places(), all));
    }

    private static Optional<float[]> unit(float[] values) {
        for (float value : values) {
            if (Math.abs(value) > 1e-6f) {
                return Optional.of(VectorText.unit(values));
            }
        }
        return Optional.empty();
    }

    /// Spreads `String.hashCode`, whose low bits alone collide.
    private static int place(String word) {
        int hash = word.hashCode() * 0x9E3779B9;
        return (hash ^ hash >>> 15) & PLACES - 1;
    }
}
