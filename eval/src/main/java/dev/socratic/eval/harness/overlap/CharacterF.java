package dev.socratic.eval.harness.overlap;

import dev.socratic.core.python.PythonStrings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// chrF, Popović 2015: the mean precision P and recall R over runs of 1 to 6 characters without blanks, as
/// `(1 + 4) P R / (4 P + R)` times 100; chrF++ (2017) over runs of 1 and 2 words besides. Orders that the text or the
/// reference is too short for are left out of the means.
///
/// @param wordOrders 0 for chrF, 2 for chrF++
public record CharacterF(int wordOrders) implements Overlap {
    private static final int CHARACTERS = 6;
    private static final double FACTOR = 4; // beta is 2
    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    /// Of several references that one which the text is nearest to.
    ///
    /// @return by order, how many runs are in the text, in the reference, in both
    @Override
    public double[] statistics(Segment segment) {
        List<Map<?, Integer>> written = runs(segment.written());
        double best = -1;
        double[] chosen = new double[3 * written.size()];
        for (String reference : segment.references()) {
            double[] statistics = statistics(written, runs(reference));
            if (score(statistics) > best) {
                best = score(statistics);
                chosen = statistics;
            }
        }
        return chosen;
    }

    private static double[] statistics(List<Map<?, Integer>> written, List<Map<?, Integer>> reference) {
        double[] all = new double[3 * written.size()];
        for (int i = 0; i < written.size(); i++) {
            all[3 * i] = reference.get(i).isEmpty() ? 0 : RunCounts.sum(written.get(i));
            all[3 * i + 1] = RunCounts.sum(reference.get(i));
            all[3 * i + 2] = shared(written.get(i), reference.get(i));
        }
        return all;
    }

    private static <T> int shared(Map<T, Integer> a, Map<?, Integer> b) {
        return a.entrySet().stream().mapToInt(one -> Math.min(one.getValue(), b.containsKey(one.getKey())
                ? b.get(one.getKey()) : 0)).sum();
    }

    /// @return from 0 to 100
    @Override
    public double score(double[] sums) {
        double precision = 0;
        double recall = 0;
        int orders = 0;
        for (int i = 0; i < sums.length; i += 3) {
            if (sums[i] > 0 && sums[i + 1] > 0) {
                precision += sums[i + 2] / sums[i];
                recall += sums[i + 2] / sums[i + 1];
                orders++;
            }
        }
        if (precision + recall == 0) {
            return 0;
        }
        precision /= orders;
        recall /= orders;
        return 100 * (1 + FACTOR) * precision * recall / (FACTOR * precision + recall);
    }

    private List<Map<?, Integer>> runs(String text) {
        List<Integer> characters = String.join("", PythonStrings.split(text)).codePoints().boxed().toList();
        List<Map<?, Integer>> runs = new ArrayList<>();
        for (int n = 1; n <= CHARACTERS; n++) {
            runs.add(RunCounts.of(characters, n));
        }
        List<String> words = words(text);
        for (int n = 1; n <= wordOrders; n++) {
            runs.add(RunCounts.of(words, n));
        }
        return runs;
    }

    /// A sign at the end of a word is a word of its own, else one at its beginning.
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word : PythonStrings.split(text)) {
            int last = word.offsetByCodePoints(word.length(), -1);
            if (last > 0 && PUNCTUATION.indexOf(word.codePointAt(last)) >= 0) {
                words.addAll(List.of(word.substring(0, last), word.substring(last)));
            } else if (last > 0 && PUNCTUATION.indexOf(word.charAt(0)) >= 0) {
                words.addAll(List.of(word.substring(0, 1), word.substring(1)));
            } else {
                words.add(word);
            }
        }
        return words;
    }
}
