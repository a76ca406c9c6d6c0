package dev.socratic.curator.select;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Rows by the terms they have: the cosines of one row with all others, in the time of the terms they share.
final class Postings {
    private final TermVectors vectors;
    private final Map<Integer, int[]> rows = new HashMap<>();
    private final Map<Integer, float[]> weights = new HashMap<>();
    private final float[] cosines;

    Postings(TermVectors vectors) {
        this.vectors = vectors;
        this.cosines = new float[vectors.size()];
        Map<Integer, Integer> counts = new HashMap<>();
        for (int row = 0; row < vectors.size(); row++) {
            for (int term : vectors.terms(row)) {
                counts.merge(term, 1, Integer::sum);
            }
        }
        Map<Integer, Integer> filled = new HashMap<>();
        for (int row = 0; row < vectors.size(); row++) {
            int[] terms = vectors.terms(row);
            for (int i = 0; i < terms.length; i++) {
                int size = counts.get(terms[i]);
                int at = filled.merge(terms[i], 1, Integer::sum) - 1;
                rows.computeIfAbsent(terms[i], term -> new int[size])[at] = row;
                weights.computeIfAbsent(terms[i], term -> new float[size])[at] = vectors.weights(row)[i];
            }
        }
    }

    /// @return by row; the next call overwrites them
    float[] cosines(int row) {
        Arrays.fill(cosines, 0);
        int[] terms = vectors.terms(row);
        float[] own = vectors.weights(row);
        for (int i = 0; i < terms.length; i++) {
            int[] with = rows.get(terms[i]);
            float[] weight = weights.get(terms[i]);
            for (int j = 0; j < with.length; j++) {
                cosines[with[j]] += own[i] * weight[j];
            }
        }
        return cosines;
    }
}
