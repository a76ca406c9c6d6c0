package dev.socratic.curator.select;

import dev.socratic.curator.text.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/// Rows as vectors: the weights of their words and word pairs, hashed to 2^20 places.
///
/// ```text
/// weight(t) = (1 + ln tf) * (1 + ln((1 + rows) / (1 + rows with t)))         then scaled to length 1
/// ```
/// Cosines lie in [0, 1]. They see shared words, not shared meaning: what an embedding would call alike in other words
/// is far apart here, and the papers that choose by embeddings chose otherwise. Memory: 8 bytes a term of a row, about
/// 1.5 kB for 100 words.
final class TermVectors {
    private static final int PLACES = 1 << 20;

    private final List<int[]> terms = new ArrayList<>();
    private final List<float[]> weights = new ArrayList<>();
    private boolean closed;

    void add(String text) {
        List<String> words = Words.of(text);
        TreeMap<Integer, Integer> counts = new TreeMap<>();
        for (int i = 0; i < words.size(); i++) {
            counts.merge(place(words.get(i)), 1, Integer::sum);
            if (i > 0) {
                counts.merge(place(words.get(i - 1) + " " + words.get(i)), 1, Integer::sum);
            }
        }
        terms.add(counts.keySet().stream().mapToInt(Integer::intValue).toArray());
        float[] frequency = new float[counts.size()];
        int at = 0;
        for (int count : counts.values()) {
            frequency[at++] = (float) (1 + Math.log(count));
        }
        weights.add(frequency);
    }

    /// Spreads `String.hashCode`, whose low bits alone collide.
    private static int place(String term) {
        int hash = term.hashCode() * 0x9E3779B9;
        return (hash ^ hash >>> 15) & PLACES - 1;
    }

    /// All rows are there: weighs by how many have a term.
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        int[] rows = new int[PLACES];
        terms.forEach(row -> Arrays.stream(row).forEach(term -> rows[term]++));
        for (int row = 0; row < terms.size(); row++) {
            int[] here = terms.get(row);
            float[] weight = weights.get(row);
            double length = 0;
            for (int i = 0; i < here.length; i++) {
                weight[i] *= (float) (1 + Math.log((1.0 + terms.size()) / (1.0 + rows[here[i]])));
                length += (double) weight[i] * weight[i];
            }
            for (int i = 0; i < here.length; i++) {
                weight[i] /= (float) Math.sqrt(length);
            }
        }
    }

    int size() {
        return terms.size();
    }

    int[] terms(int row) {
        return terms.get(row);
    }

    float[] weights(int row) {
        return weights.get(row);
    }

    /// @return in [0, 1]; 0 where a row has no word
    double cosine(int one, int other) {
        int[] a = terms.get(one);
        int[] b = terms.get(other);
        float[] x = weights.get(one);
        float[] y = weights.get(other);
        double sum = 0;
        for (int i = 0, j = 0; i < a.length && j < b.length;) {
            if (a[i] == b[j]) {
                sum += (double) x[i++] * y[j++];
            } else if (a[i] < b[j]) {
                i++;
            } else {
                j++;
            }
        }
        return Math.min(1, sum);
    }

    /// Straight distance of the two ends on the unit sphere, a metric, in [0, sqrt 2].
    double distance(int one, int other) {
        return Math.sqrt(2 - 2 * cosine(one, other));
    }
}
