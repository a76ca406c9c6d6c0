package dev.socratic.eval.harness.overlap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// ROUGE, Lin 2004, as F1 from 0 to 1 over words of a-z and 0-9 in lower case, unstemmed.
public final class Rouge {
    private static final Pattern OTHERS = Pattern.compile("[^a-z0-9]+");

    private Rouge() {}

    /// ROUGE-N.
    public static double ofNgrams(String reference, String written, int n) {
        Map<List<String>, Integer> a = RunCounts.of(words(reference), n);
        Map<List<String>, Integer> b = RunCounts.of(words(written), n);
        double shared = RunCounts.shared(a, b);
        return f1(shared / Math.max(RunCounts.sum(b), 1), shared / Math.max(RunCounts.sum(a), 1));
    }

    /// ROUGE-L of two sentences.
    public static double ofSequence(String reference, String written) {
        List<String> a = words(reference);
        List<String> b = words(written);
        if (a.isEmpty() || b.isEmpty()) {
            return 0;
        }
        double shared = table(a, b)[a.size()][b.size()];
        return f1(shared / b.size(), shared / a.size());
    }

    /// ROUGE-Lsum: of each line of the reference all words that some line of the text has in that order.
    public static double ofSentences(String reference, String written) {
        List<List<String>> a = lines(reference);
        List<List<String>> b = lines(written);
        Map<String, Integer> left = counts(a);
        Map<String, Integer> right = counts(b);
        int m = left.values().stream().mapToInt(Integer::intValue).sum();
        int n = right.values().stream().mapToInt(Integer::intValue).sum();
        if (m == 0 || n == 0) {
            return 0;
        }
        double hits = 0;
        for (List<String> sentence : a) {
            TreeSet<Integer> places = new TreeSet<>();
            b.forEach(other -> places.addAll(common(sentence, other)));
            for (int place : places) {
                String word = sentence.get(place);
                if (left.getOrDefault(word, 0) > 0 && right.getOrDefault(word, 0) > 0) {
                    hits++;
                    left.merge(word, -1, Integer::sum);
                    right.merge(word, -1, Integer::sum);
                }
            }
        }
        return f1(hits / n, hits / m);
    }

    private static Map<String, Integer> counts(List<List<String>> sentences) {
        Map<String, Integer> counts = new HashMap<>();
        sentences.forEach(sentence -> sentence.forEach(word -> counts.merge(word, 1, Integer::sum)));
        return counts;
    }

    private static List<List<String>> lines(String text) {
        return text.lines().filter(line -> !line.isEmpty()).map(Rouge::words).toList();
    }

    private static List<String> words(String text) {
        return Pattern.compile(" ").splitAsStream(OTHERS.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" "))
                .filter(word -> !word.isEmpty()).toList();
    }

    private static double f1(double precision, double recall) {
        return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
    }

    private static int[][] table(List<String> a, List<String> b) {
        int[][] table = new int[a.size() + 1][b.size() + 1];
        for (int i = 1; i <= a.size(); i++) {
            for (int j = 1; j <= b.size(); j++) {
                table[i][j] = a.get(i - 1).equals(b.get(j - 1)) ? table[i - 1][j - 1] + 1
                        : Math.max(table[i - 1][j], table[i][j - 1]);
            }
        }
        return table;
    }

    /// Places in the first of one longest common subsequence.
    private static List<Integer> common(List<String> a, List<String> b) {
        int[][] table = table(a, b);
        List<Integer> places = new ArrayList<>();
        int i = a.size();
        int j = b.size();
        while (i > 0 && j > 0) {
            if (a.get(i - 1).equals(b.get(j - 1))) {
                places.add(--i);
                j--;
            } else if (table[i][j - 1] > table[i - 1][j]) {
                j--;
            } else {
                i--;
            }
        }
        return places;
    }
}
