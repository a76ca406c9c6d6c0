package dev.socratic.curator.decontaminate;

import dev.socratic.curator.text.NumberMultiset;
import dev.socratic.curator.text.Shingles;
import dev.socratic.curator.text.Words;
import java.util.List;
import java.util.Map;

/// A question, cut once for every rule.
///
/// @param words   as in [Words]
/// @param numbers as in [NumberMultiset]
record Probe(String text, List<String> words, Map<String, Integer> numbers) {

    static Probe of(String text) {
        List<String> words = Words.of(text);
        return new Probe(text, words, NumberMultiset.of(words));
    }

    /// @param n words a run
    /// @return the share of this text's words, in [0, 1], that lie in a run of `n` words which stands in the other
    ///         too; a text with fewer
    ///     words is one run
    double coveredBy(Probe other, int n) {
        int width = Math.min(n, words.size());
        if (width == 0) {
            return 0;
        }
        Shingles runs = Shingles.of(other.words, width);
        int covered = 0;
        int end = 0;
        for (int i = 0; i + width <= words.size(); i++) {
            if (runs.contains(Shingles.of(words.subList(i, i + width), width))) {
                covered += i + width - Math.max(i, end);
                end = i + width;
            }
        }
        return (double) covered / words.size();
    }

    /// @return the longest run of words that stands in both, the first of equals; empty if they share none
    List<String> longestRun(Probe other) {
        int[] previous = new int[other.words.size() + 1];
        int longest = 0;
        int end = 0;
        for (int i = 1; i <= words.size(); i++) {
            int[] current = new int[previous.length];
            for (int j = 1; j < previous.length; j++) {
                if (words.get(i - 1).equals(other.words.get(j - 1))) {
                    current[j] = previous[j - 1] + 1;
                    if (current[j] > longest) {
                        longest = current[j];
                        end = i;
                    }
                }
            }
            previous = current;
        }
        return words.subList(end - longest, end);
    }
}
