package dev.socratic.curator.text;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// English number words as digits: `seventeen` is `17`, `twenty-three` `23`, `one hundred and five` `105`, `2 million`
/// `2000000`.
///
/// `one` alone stays a word: it is a pronoun more often than a number ("the blue one"); so does `hundred` alone
/// ("hundreds of").
final class EnglishNumbers {
    private static final Map<String, Integer> UNITS = numbered(1, 1, "one two three four five six seven eight nine");
    private static final Map<String, Integer> TEENS =
            numbered(10, 1, "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen");
    private static final Map<String, Integer> TENS = numbered(20, 10,
            "twenty thirty forty fifty sixty seventy eighty ninety");
    private static final Map<String, BigDecimal> SCALES = Map.of(
            "thousand", BigDecimal.valueOf(1_000), "million", BigDecimal.valueOf(1_000_000), "billion",
                    BigDecimal.valueOf(1_000_000_000));
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    /// What a number may begin with or go on with; every other word is passed by at the price of one look-up.
    private static final Set<String> BEGINNINGS = beginnings();

    private EnglishNumbers() {}

    /// @return the same list where there is nothing to replace
    static List<String> asDigits(List<String> words) {
        int first = 0;
        while (first < words.size() && !begins(words, first)) {
            first++;
        }
        if (first == words.size()) {
            return words;
        }
        List<String> replaced = new ArrayList<>(words.subList(0, first));
        int at = first;
        while (at < words.size()) {
            Reading reading = begins(words, at) ? read(words, at) : Reading.NONE;
            if (reading.length() == 0) {
                replaced.add(words.get(at));
                at++;
            } else {
                replaced.add(reading.value().stripTrailingZeros().toPlainString());
                at += reading.length();
            }
        }
        return replaced;
    }

    /// @param length how many words it takes; 0 where none is read
    private record Reading(BigDecimal value, int length) {
        static final Reading NONE = new Reading(BigDecimal.ZERO, 0);
    }

    private static boolean begins(List<String> words, int at) {
        String word = words.get(at);
        return BEGINNINGS.contains(word) || Words.isNumber(word) && at + 1 < words.size() && isScale(words.get(at + 1))
                && word.length() < 20;
    }

    private static boolean isScale(String word) {
        return word.equals("hundred") || SCALES.containsKey(word);
    }

    /// Groups below a thousand with a falling scale behind each: `two million three hundred thousand and five`.
    private static Reading read(List<String> words, int from) {
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal least = null;
        int at = from;
        while (at < words.size()) {
            int begin = at > from && words.get(at).equals("and") && at + 1 < words.size() ? at + 1 : at;
            Reading group = group(words, begin);
            if (group.length() == 0) {
                break;
            }
            int end = begin + group.length();
            BigDecimal scale = end < words.size() ? SCALES.getOrDefault(words.get(end), BigDecimal.ONE)
                    : BigDecimal.ONE;
            BigDecimal value = group.value().multiply(scale);
            if (least != null && value.compareTo(least) >= 0) {
                break;
            }
            sum = sum.add(value);
            at = scale.equals(BigDecimal.ONE) ? end : end + 1;
            if (scale.equals(BigDecimal.ONE)) {
                break;
            }
            least = scale;
        }
        boolean pronoun = at == from + 1 && words.get(from).equals("one");
        return at == from || pronoun ? Reading.NONE : new Reading(sum, at - from);
    }

    /// A number below a thousand in words, or any in digits: `twenty three`, `two hundred and five`, `5`.
    private static Reading group(List<String> words, int from) {
        if (from >= words.size()) {
            return Reading.NONE;
        }
        if (Words.isNumber(words.get(from))) {
            BigDecimal digits = new BigDecimal(words.get(from));
            boolean hundred = from + 1 < words.size() && words.get(from + 1).equals("hundred");
            return new Reading(hundred ? digits.multiply(HUNDRED) : digits, hundred ? 2 : 1);
        }
        Reading small = belowHundred(words, from);
        int end = from + small.length();
        if (small.length() == 0 || end >= words.size() || !words.get(end).equals("hundred")) {
            return small;
        }
        BigDecimal hundreds = small.value().multiply(HUNDRED);
        int next = end + 1 < words.size() && words.get(end + 1).equals("and") ? end + 2 : end + 1;
        Reading rest = belowHundred(words, next);
        return rest.length() == 0 ? new Reading(hundreds, end + 1 - from)
                : new Reading(hundreds.add(rest.value()), next + rest.length() - from);
    }

    private static Reading belowHundred(List<String> words, int from) {
        if (from >= words.size()) {
            return Reading.NONE;
        }
        String word = words.get(from);
        if (word.equals("zero")) {
            return new Reading(BigDecimal.ZERO, 1);
        }
        Integer single = UNITS.getOrDefault(word, TEENS.get(word));
        if (single != null) {
            return new Reading(BigDecimal.valueOf(single), 1);
        }
        Integer tens = TENS.get(word);
        if (tens == null) {
            return Reading.NONE;
        }
        Integer unit = from + 1 < words.size() ? UNITS.get(words.get(from + 1)) : null;
        return unit == null ? new Reading(BigDecimal.valueOf(tens), 1)
                : new Reading(BigDecimal.valueOf(tens + unit), 2);
    }

    private static Map<String, Integer> numbered(int first, int step, String names) {
        Map<String, Integer> numbers = new HashMap<>();
        for (String name : names.split(" ", -1)) {
            numbers.put(name, first + step * numbers.size());
        }
        return Map.copyOf(numbers);
    }

    private static Set<String> beginnings() {
        List<String> all = new ArrayList<>(List.of("zero"));
        all.addAll(UNITS.keySet());
        all.addAll(TEENS.keySet());
        all.addAll(TENS.keySet());
        return Set.copyOf(all);
    }
}
