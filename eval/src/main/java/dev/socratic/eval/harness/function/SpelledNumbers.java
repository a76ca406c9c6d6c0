package dev.socratic.eval.harness.function;

import dev.socratic.core.python.PythonPattern;
import dev.socratic.core.python.PythonStrings;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A number in English words, as BIG-Bench Hard's filter finds it and the package word2number 1.1 reads it. What that
/// refuses (`thousand` twice) is none here; there the whole run ends.
final class SpelledNumbers {
    private static final String UNIT = "(?:zero|one|two|three|four|five|"
            + "(?:twen|thir|for|fif|six|seven|nine)(?:%s|teen|ty)|"
            + "eight(?:|een|y)|ten|eleven|twelve|fourteen|hundred|thousand|(?:m|b|tr)illion%s)";
    private static final PythonPattern WORDS = PythonPattern.of("((?:" + UNIT.formatted("", "")
            .replace("(?:|teen|ty)", "(?:teen|ty)") + UNIT.formatted("", "|[^\\S\\r\\n]|,|and|&") + "+)?"
            + UNIT.formatted("", "").replace("(?:|teen|ty)", "(?:teen|ty)") + ")");
    private static final Map<String, Long> VALUES = values();
    private static final List<String> SCALES = List.of("billion", "million", "thousand");

    private SpelledNumbers() {}

    private static Map<String, Long> values() {
        Map<String, Long> values = new HashMap<>();
        List<String> small = List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
                "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
                "nineteen");
        small.forEach(word -> values.put(word, (long) small.indexOf(word)));
        List<String> tens = List.of("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety");
        tens.forEach(word -> values.put(word, 10L * (tens.indexOf(word) + 2)));
        values.putAll(Map.of("hundred", 100L, "thousand", 1_000L, "million", 1_000_000L, "billion", 1_000_000_000L));
        return Map.copyOf(values);
    }

    /// @param select which of several, from the end where below 0
    static Optional<String> find(String text, int select) {
        List<List<String>> all = WORDS.findAll(text.toLowerCase(Locale.ROOT));
        int place = select < 0 ? all.size() + select : select;
        return place < 0 || place >= all.size() ? Optional.empty()
                : number(all.get(place).getFirst()).map(String::valueOf);
    }

    /// `two hundred and five` is 205.
    static Optional<Long> number(String words) {
        List<String> known = PythonStrings.split(words.replace('-', ' ')).stream().filter(VALUES::containsKey).toList();
        if (known.isEmpty() || SCALES.stream().anyMatch(scale -> known.indexOf(scale) != known.lastIndexOf(scale))) {
            return Optional.empty();
        }
        if (known.size() == 1) {
            return Optional.of(VALUES.get(known.getFirst()));
        }
        long sum = 0;
        int from = 0;
        for (String scale : SCALES) {
            int at = known.indexOf(scale);
            if (at >= 0 && at <= from - 1 || at == from) {
                return Optional.empty();
            }
            if (at > from) {
                sum += below(known.subList(from, at)) * VALUES.get(scale);
                from = at + 1;
            }
        }
        return Optional.of(sum + (from < known.size() ? below(known.subList(from, known.size())) : 0));
    }

    /// At most `nine hundred ninety nine`; more words than four are read as their first.
    private static long below(List<String> words) {
        List<Long> numbers = words.stream().map(VALUES::get).toList();
        return switch (numbers.size()) {
            case 4 -> numbers.get(0) * numbers.get(1) + numbers.get(2) + numbers.get(3);
            case 3 -> numbers.get(0) * numbers.get(1) + numbers.get(2);
            case 2 -> numbers.contains(100L) ? numbers.get(0) * numbers.get(1) : numbers.get(0) + numbers.get(1);
            default -> numbers.getFirst();
        };
    }
}
