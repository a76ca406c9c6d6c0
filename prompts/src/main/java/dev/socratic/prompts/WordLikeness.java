package dev.socratic.prompts;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How like examples are to a question and to one another: the cosine of their words, each weighed by
/// `count * ln((n + 1) / (df + 1))`, with `n` examples of which `df` have it. Of equal ones the first in the
/// pool counts.
///
/// @param examples the pool
/// @param vectors  one each, of length 1
/// @param question its vector
record WordLikeness(
        List<FewShotExample> examples, List<Map<String, Double>> vectors, Map<String, Double> question) {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");

    static WordLikeness of(List<FewShotExample> examples, String question) {
        List<Map<String, Long>> counts = examples.stream()
                .map(example -> counts(example.values().getOrDefault("question", ""))).toList();
        Map<String, Integer> having = new HashMap<>();
        counts.forEach(words -> words.keySet().forEach(word -> having.merge(word, 1, Integer::sum)));
        int n = examples.size();
        return new WordLikeness(examples, counts.stream().map(words -> vector(words, having, n)).toList(),
                vector(counts(question), having, n));
    }

    /// @return the likest, the likest of all last
    List<FewShotExample> similar(int k) {
        return chosen(k, 0);
    }

    /// @return like the question and unlike one another
    List<FewShotExample> diverse(int k) {
        return chosen(k, 1);
    }

    /// Greedy: the highest likeness to the question, less `unlike` times the highest to one chosen before.
    private List<FewShotExample> chosen(int k, double unlike) {
        List<Integer> chosen = new ArrayList<>();
        double[] nearest = new double[examples.size()];
        while (chosen.size() < Math.min(k, examples.size())) {
            int best = -1;
            double most = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < examples.size(); i++) {
                double value = cosine(question, vectors.get(i)) - unlike * nearest[i];
                if (!chosen.contains(i) && value > most) {
                    best = i;
                    most = value;
                }
            }
            chosen.add(best);
            for (int i = 0; i < examples.size() && unlike > 0; i++) {
                nearest[i] = Math.max(nearest[i], cosine(vectors.get(best), vectors.get(i)));
            }
        }
        Collections.reverse(chosen);
        return chosen.stream().map(examples::get).toList();
    }

    private static Map<String, Long> counts(String text) {
        return WORD.matcher(text.toLowerCase(Locale.ROOT)).results().map(MatchResult::group)
                .collect(Collectors.groupingBy(word -> word, TreeMap::new, Collectors.counting()));
    }

    private static Map<String, Double> vector(Map<String, Long> counts, Map<String, Integer> having, int n) {
        Map<String, Double> vector = new TreeMap<>();
        counts.forEach((word, count) ->
                vector.put(word, count * Math.log((n + 1.0) / (having.getOrDefault(word, 0) + 1.0))));
        double length = Math.sqrt(vector.values().stream().mapToDouble(value -> value * value).sum());
        vector.replaceAll((word, value) -> length == 0 ? 0 : value / length);
        return vector;
    }

    private static double cosine(Map<String, Double> a, Map<String, Double> b) {
        double sum = 0;
        for (Map.Entry<String, Double> entry : a.entrySet()) {
            sum += entry.getValue() * b.getOrDefault(entry.getKey(), 0.0);
        }
        return sum;
    }
}
