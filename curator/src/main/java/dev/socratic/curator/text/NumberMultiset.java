package dev.socratic.curator.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The numbers a text speaks of, as a multiset: what tells two problems with the same story apart.
///
/// Digits, English number words ([EnglishNumbers]) and `hundred`, `half`, `twice`, `thrice`, `double` and `triple`
/// count, by value: `two`, `2`, `2.0` and `twice` are one number.
public final class NumberMultiset {
    private static final Map<String, String> NAMES =
            Map.of("hundred", "100", "half", "0.5", "twice", "2", "double", "2", "thrice", "3", "triple", "3");

    private NumberMultiset() {}

    /// @param words a text as [Words#of] cuts it
    /// @return how often each number stands in it, by its shortest decimal spelling
    public static Map<String, Integer> of(List<String> words) {
        Map<String, Integer> counts = new HashMap<>();
        for (String word : words) {
            value(word).ifPresent(number -> counts.merge(number, 1, Integer::sum));
        }
        return counts;
    }

    /// How many of the numbers of one text stand in another, each as often: `|a and b| / |a|`.
    ///
    /// @return in [0, 1]; 1 where `a` has no numbers, for then there is nothing to contradict
    public static double share(Map<String, Integer> a, Map<String, Integer> b) {
        int all = 0;
        int common = 0;
        for (Map.Entry<String, Integer> number : a.entrySet()) {
            all += number.getValue();
            common += Math.min(number.getValue(), b.getOrDefault(number.getKey(), 0));
        }
        return all == 0 ? 1 : (double) common / all;
    }

    /// How far the numbers of two texts agree, both ways: `2 |a and b| / (|a| + |b|)` (Dice 1945).
    ///
    /// @return in [0, 1]; 1 where neither has numbers
    public static double agreement(Map<String, Integer> a, Map<String, Integer> b) {
        int common = 0;
        for (Map.Entry<String, Integer> number : a.entrySet()) {
            common += Math.min(number.getValue(), b.getOrDefault(number.getKey(), 0));
        }
        int all = count(a) + count(b);
        return all == 0 ? 1 : 2.0 * common / all;
    }

    private static int count(Map<String, Integer> numbers) {
        return numbers.values().stream().mapToInt(Integer::intValue).sum();
    }

    /// @return the number a word stands for, by its shortest decimal spelling
    public static Optional<String> value(String word) {
        return Words.isNumber(word) ? Optional.of(shortest(word)) : Optional.ofNullable(NAMES.get(word));
    }

    private static String shortest(String digits) {
        int start = 0;
        while (start + 1 < digits.length() && digits.charAt(start) == '0' && digits.charAt(start + 1) != '.') {
            start++;
        }
        int end = digits.length();
        if (digits.indexOf('.') >= 0) {
            while (digits.charAt(end - 1) == '0') {
                end--;
            }
            if (digits.charAt(end - 1) == '.') {
                end--;
            }
        }
        return digits.substring(start, end);
    }
}
