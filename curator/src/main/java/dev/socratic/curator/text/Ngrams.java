package dev.socratic.curator.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How much of a text its repeated word n-grams cover, by characters of its words. Rae et al. 2021, arXiv:2112.11446,
/// table A1.
public final class Ngrams {
    private Ngrams() {}

    /// The most frequent n-gram of at least two occurrences, the longest of equally frequent ones, and the share of the
    /// characters it covers; `""` and 0 where none occurs twice.
    public record Top(String ngram, double share) {}

    /// @param words a text as [Words#of] cuts it
    public static Top top(List<String> words, int n) {
        long[] grams = Shingles.inOrder(words, n);
        Map<Long, Integer> counts = new HashMap<>();
        int best = -1;
        int most = 1;
        for (int i = 0; i < grams.length; i++) {
            int count = counts.merge(grams[i], 1, Integer::sum);
            if (count > most || count == most && count > 1 && length(words, i, n) > length(words, best, n)) {
                best = i;
                most = count;
            }
        }
        return best < 0
                ? new Top("", 0)
                : new Top(String.join(" ", words.subList(best, best + n)),
                        (double) covered(words, n, grams, grams[best]) / characters(words));
    }

    private static int length(List<String> words, int from, int n) {
        return words.subList(from, from + n).stream().mapToInt(String::length).sum();
    }

    /// Characters of the words that lie in an occurrence; a word in two of them counts once, so a share is at most 1.
    private static int covered(List<String> words, int n, long[] grams, long gram) {
        int covered = 0;
        int end = 0;
        for (int i = 0; i < grams.length; i++) {
            if (grams[i] == gram) {
                for (int j = Math.max(i, end); j < i + n; j++) {
                    covered += words.get(j).length();
                }
                end = i + n;
            }
        }
        return covered;
    }

    /// @return characters of the words that lie in an n-gram that occurred before, as a share of all characters
    public static double duplicateShare(List<String> words, int n) {
        long[] grams = Shingles.inOrder(words, n);
        Set<Long> seen = new HashSet<>();
        boolean[] repeated = new boolean[words.size()];
        for (int i = 0; i < grams.length; i++) {
            if (!seen.add(grams[i])) {
                Arrays.fill(repeated, i, i + n, true);
            }
        }
        int covered = 0;
        for (int i = 0; i < repeated.length; i++) {
            covered += repeated[i] ? words.get(i).length() : 0;
        }
        return (double) covered / characters(words);
    }

    private static int characters(List<String> words) {
        return Math.max(1, words.stream().mapToInt(String::length).sum());
    }
}
