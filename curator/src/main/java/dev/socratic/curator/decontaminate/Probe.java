package dev.socratic.curator.decontaminate;

import dev.socratic.curator.text.Numbers;
import dev.socratic.curator.text.Words;
import java.util.List;
import java.util.Map;

/// A question, cut once for every rule.
///
/// @param words   as in [Words]
/// @param numbers as in [Numbers]
record Probe(String text, List<String> words, Map<String, Integer> numbers) {

    static Probe of(String text) {
        List<String> words = Words.of(text);
        return new Probe(text, words, Numbers.of(words));
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
