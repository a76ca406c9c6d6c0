package dev.socratic.eval.harness.overlap;

import java.util.Arrays;
import java.util.List;

/// The way from a list of words to a reference by single edits, near the diagonal only: 25 words to either side, or
/// more where one list is far longer.
///
/// @param reference at least one word
record EditPath(List<String> reference) {
    private static final int BEAM = 25;
    private static final int FAR = Integer.MAX_VALUE / 2;
    private static final byte SAME = 0;
    private static final byte REPLACED = 1;
    private static final byte DELETED = 2;
    private static final byte INSERTED = 3;

    /// @param edits    how many
    /// @param places   by word of the reference, the word it is put beside, -1 before the first
    /// @param wrongAt  by word of the reference, whether it is no match
    /// @param wrongOf  by word of the text
    record Path(int edits, int[] places, boolean[] wrongAt, boolean[] wrongOf) {
        int place(int word) {
            return places[word];
        }

        boolean wrongReference(int from, int length) {
            return any(wrongAt, from, length);
        }

        boolean wrongWritten(int from, int length) {
            return any(wrongOf, from, length);
        }

        private static boolean any(boolean[] all, int from, int length) {
            for (int i = from; i < Math.min(from + length, all.length); i++) {
                if (all[i]) {
                    return true;
                }
            }
            return false;
        }
    }

    Path to(List<String> words) {
        int n = words.size();
        int m = reference.size();
        int[][] cost = new int[n + 1][m + 1];
        byte[][] edit = new byte[n + 1][m + 1];
        for (int j = 0; j <= m; j++) {
            cost[0][j] = j;
            edit[0][j] = INSERTED;
        }
        double ratio = n > 0 ? (double) m / n : 1;
        int beam = BEAM < ratio / 2 ? (int) Math.ceil(ratio / 2 + BEAM) : BEAM;
        for (int i = 1; i <= n; i++) {
            Arrays.fill(cost[i], FAR);
            int diagonal = (int) Math.floor(i * ratio);
            int to = i == n ? m + 1 : Math.min(m + 1, diagonal + beam);
            for (int j = Math.max(0, diagonal - beam); j < to; j++) {
                if (j == 0) {
                    cost[i][0] = cost[i - 1][0] + 1;
                    edit[i][0] = DELETED;
                    continue;
                }
                boolean same = words.get(i - 1).equals(reference.get(j - 1));
                int[] costs = {cost[i - 1][j - 1] + (same ? 0 : 1), cost[i - 1][j] + 1, cost[i][j - 1] + 1};
                byte[] edits = {same ? SAME : REPLACED, DELETED, INSERTED};
                for (int k = 0; k < 3; k++) {
                    if (cost[i][j] > costs[k]) {
                        cost[i][j] = costs[k];
                        edit[i][j] = edits[k];
                    }
                }
            }
        }
        return traced(cost[n][m], edit, n, m);
    }

    private static Path traced(int cost, byte[][] edit, int n, int m) {
        int[] places = new int[m];
        boolean[] wrongAt = new boolean[m];
        boolean[] wrongOf = new boolean[n];
        int i = n;
        int j = m;
        while (i > 0 || j > 0) {
            switch (edit[i][j]) {
                case INSERTED -> {
                    j--;
                    places[j] = i - 1;
                    wrongAt[j] = true;
                }
                case DELETED -> wrongOf[--i] = true;
                default -> {
                    boolean replaced = edit[i][j] == REPLACED;
                    places[--j] = --i;
                    wrongAt[j] = replaced;
                    wrongOf[i] = replaced;
                }
            }
        }
        return new Path(cost, places, wrongAt, wrongOf);
    }
}
