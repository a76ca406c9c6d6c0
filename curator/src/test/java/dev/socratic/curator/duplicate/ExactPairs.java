package dev.socratic.curator.duplicate;

import dev.socratic.curator.text.Shingles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Every pair at or above a threshold, without any hashing of sets: an inverted index from shingle to texts counts
/// what each pair has in common.
final class ExactPairs {
    private ExactPairs() {}

    record Pair(int earlier, int later, double jaccard) {}

    static List<Pair> of(List<Shingles> texts, double threshold) {
        Map<Long, List<Integer>> having = new HashMap<>();
        List<Pair> pairs = new ArrayList<>();
        int[] common = new int[texts.size()];
        for (int later = 0; later < texts.size(); later++) {
            List<Integer> touched = new ArrayList<>();
            for (long shingle : texts.get(later).hashes()) {
                List<Integer> list = having.computeIfAbsent(shingle, s -> new ArrayList<>(2));
                for (int earlier : list) {
                    if (common[earlier]++ == 0) {
                        touched.add(earlier);
                    }
                }
                list.add(later);
            }
            for (int earlier : touched) {
                double jaccard = (double) common[earlier]
                        / (texts.get(earlier).size() + texts.get(later).size() - common[earlier]);
                if (jaccard >= threshold) {
                    pairs.add(new Pair(earlier, later, jaccard));
                }
                common[earlier] = 0;
            }
        }
        return pairs;
    }
}
