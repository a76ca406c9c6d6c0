package dev.socratic.curator.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The numbers a text speaks of, as a multiset: what tells two problems with the same story apart.
///
/// Digits and English number words from zero to twenty, the tens, `hundred`, `half`, `twice`, `double` and `triple` count, by value: `two`, `2` and
/// `2.0` are one number. `one` is left out: it is a pronoun more often than a number ("the blue one").
public final class Numbers {
    private static final Map<String, String> NAMES = names();

    private Numbers() {}

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

    private static Optional<String> value(String word) {
        if (Words.isNumber(word)) {
            return Optional.of(shortest(word));
        }
        return Optional.ofNullable(NAMES.get(word));
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

    private static Map<String, String> names() {
        List<String> upToTwenty = List.of(
                "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
                "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty");
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < upToTwenty.size(); i++) {
            names.put(upToTwenty.get(i), Integer.toString(i));
        }
        names.remove("one");
        List<String> tens = new ArrayList<>(List.of("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"));
        for (int i = 0; i < tens.size(); i++) {
            names.put(tens.get(i), Integer.toString(10 * (i + 3)));
        }
        names.put("hundred", "100");
        names.put("half", "0.5");
        names.put("twice", "2");
        names.put("double", "2");
        names.put("triple", "3");
        return Map.copyOf(names);
    }
}
