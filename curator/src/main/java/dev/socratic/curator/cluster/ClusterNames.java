package dev.socratic.curator.cluster;

import dev.socratic.curator.text.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Names of clusters: the words that tell their texts from all texts.
///
/// ```text
/// weight(w, c) = p(w | c) * ln(p(w | c) / p(w)),   p: share of texts with the word
/// ```
///
/// That is the word's part of the divergence of the cluster from the corpus. A word that is as frequent everywhere
/// weighs 0, a rare one little. Numbers, signs and words of one or two letters are no names, and no words of more than
/// a tenth of all texts, or of more than half as many again as a cluster has on average.
final class ClusterNames {
    private static final int WORDS = 3;
    private static final double COMMON = 0.1;

    private final int[] texts;
    private final Map<String, int[]> counts = new HashMap<>();

    ClusterNames(int clusters) {
        this.texts = new int[clusters];
    }

    void add(int cluster, String text) {
        texts[cluster]++;
        for (String word : new HashSet<>(Words.of(text))) {
            if (names(word)) {
                counts.computeIfAbsent(word, ignored -> new int[texts.length])[cluster]++;
            }
        }
    }

    private static boolean names(String word) {
        int first = word.codePointAt(0);
        return Character.isLetter(first) && (word.length() > 2 || Character.isIdeographic(first));
    }

    /// @return of each cluster its words, the weightiest first, joined by commas; of two clusters with the same words
    ///         the later one has more of them, or its number
    List<String> names() {
        int all = Arrays.stream(texts).sum();
        List<String> names = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int cluster = 0; cluster < texts.length; cluster++) {
            List<String> words = words(cluster, all);
            int count = Math.min(WORDS, words.size());
            while (count < words.size() && taken.contains(String.join(", ", words.subList(0, count)))) {
                count++;
            }
            String name = String.join(", ", words.subList(0, count));
            if (name.isEmpty() || taken.contains(name)) {
                name = (name + " " + cluster).strip();
            }
            taken.add(name);
            names.add(name);
        }
        return names;
    }

    private record Weighed(String word, double weight) implements Comparable<Weighed> {
        @Override
        public int compareTo(Weighed other) {
            int heavier = Double.compare(other.weight, weight);
            int longer = heavier == 0 ? other.word.length() - word.length() : heavier; // long words say more
            return longer == 0 ? word.compareTo(other.word) : longer;
        }
    }

    private List<String> words(int cluster, int all) {
        TreeSet<Weighed> best = new TreeSet<>();
        double most = Math.max(COMMON, 1.5 / texts.length);
        counts.forEach((word, by) -> {
            if (by[cluster] > 0) {
                double here = (double) by[cluster] / texts[cluster];
                double everywhere = (double) Arrays.stream(by).sum() / all;
                double weight = here * Math.log(here / everywhere);
                if (weight > 0 && everywhere <= most) {
                    best.add(new Weighed(word, weight));
                    if (best.size() > 3 * WORDS) {
                        best.pollLast();
                    }
                }
            }
        });
        return best.stream().map(Weighed::word).toList();
    }
}
