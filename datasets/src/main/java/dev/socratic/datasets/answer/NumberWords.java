package dev.socratic.datasets.answer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbers in words (`number-words.txt`): factors behind a number (2 million, 3万), Chinese and Japanese numerals, and
/// an answer that is nothing but a word for a number.
final class NumberWords {
    private static final Map<String, Long> FACTORS = new HashMap<>();
    private static final Map<Character, Long> DIGITS = new HashMap<>();
    private static final Map<Character, Long> PLACES = new HashMap<>();
    private static final Map<Character, Long> MYRIADS = new HashMap<>();
    private static final Map<String, Long> WORDS = new HashMap<>();
    private static final Set<String> COUNTERS = new HashSet<>();
    /// 千克 is a kilogram and no thousand of anything.
    private static final Set<String> NO_FACTOR =
            Set.of("\u5343\u514b", "\u5343\u7c73", "\u5343\u74e6", "\u767e\u5206", "\u5343\u5361");
    private static final Pattern ITEM = Pattern.compile("(\\D+)(\\d+)");
    private static final Pattern FRACTION = Pattern.compile("(.{1,20})\u5206\u4e4b(.{1,20})");
    private static final int LONGEST = 40;

    static {
        for (String line : DataLines.of("number-words.txt")) {
            String name = line.substring(0, line.indexOf(':'));
            String rest = line.substring(line.indexOf(':') + 1).strip();
            if (Character.isDigit(name.charAt(0))) {
                Arrays.stream(rest.split(",")).forEach(word -> FACTORS.put(word.strip(), Long.parseLong(name)));
            } else if (name.equals("counters")) {
                COUNTERS.addAll(Arrays.asList(rest.split("\\s+")));
            } else {
                for (String item : rest.split("\\s+")) {
                    Matcher parts = ITEM.matcher(item);
                    if (parts.matches()) {
                        put(name, parts.group(1), Long.parseLong(parts.group(2)));
                    }
                }
            }
        }
    }

    private NumberWords() {}

    private static void put(String name, String word, long value) {
        switch (name) {
            case "digits" -> DIGITS.put(word.charAt(0), value);
            case "places" -> PLACES.put(word.charAt(0), value);
            case "myriads" -> MYRIADS.put(word.charAt(0), value);
            case String words -> WORDS.put(word, value);
        }
    }

    /// @return what a word behind a number multiplies it with; 1 if it is no such word
    static long factor(String word) {
        return FACTORS.getOrDefault(word.toLowerCase(Locale.ROOT), 1L);
    }

    /// @return how many characters at the beginning of a run of Chinese, Japanese or Korean are such a word: 1 of "万元"
    static int factorLength(String run) {
        boolean none = NO_FACTOR.stream().anyMatch(run::startsWith);
        return !none && FACTORS.containsKey(run.substring(0, 1)) ? 1 : 0;
    }

    /// @return an answer that is a number in words, with its unit, in digits: "四十二个" as "42个", "forty-two" as "42"; the
    /// text itself if it is none
    static String inDigits(String answer) {
        if (answer.isEmpty() || answer.length() > LONGEST) {
            return answer;
        }
        return (UnspacedScripts.touches(answer.codePointAt(0)) ? chinese(answer) : word(answer)).orElse(answer);
    }

    private static Optional<String> chinese(String answer) {
        Matcher fraction = FRACTION.matcher(answer);
        if (fraction.matches()) {
            Optional<String> over = whole(fraction.group(2));
            return fraction.group(1).equals("\u767e")
                    ? over.map(o -> o + "%")
                    : whole(fraction.group(1)).flatMap(under -> over.map(o -> o + "/" + under));
        }
        int end = 0;
        while (end < answer.length() && isNumeral(answer.charAt(end))) {
            end++;
        }
        String rest = answer.substring(end).strip();
        return rest.isEmpty() || COUNTERS.contains(rest) ? whole(answer.substring(0, end)).map(n -> n + " " + rest)
                : Optional.empty();
    }

    private static boolean isNumeral(char c) {
        return DIGITS.containsKey(c) || PLACES.containsKey(c) || MYRIADS.containsKey(c);
    }

    /// 三千零四十二: digits times places, places times myriads. Digits alone (二〇二四) are written as they are read.
    private static Optional<String> whole(String numeral) {
        if (numeral.isEmpty() || !numeral.chars().allMatch(c -> isNumeral((char) c))) {
            return Optional.empty();
        }
        if (numeral.length() > 1 && numeral.chars().allMatch(c -> DIGITS.containsKey((char) c))) {
            StringBuilder digits = new StringBuilder();
            numeral.chars().forEach(c -> digits.append(DIGITS.get((char) c)));
            return Optional.of(digits.toString());
        }
        long total = 0;
        long section = 0;
        long digit = -1;
        long last = 0;
        for (char c : numeral.toCharArray()) {
            if (DIGITS.containsKey(c)) {
                if (digit > 0) {
                    return Optional.empty();
                }
                digit = DIGITS.get(c);
                last = digit == 0 ? 0 : last;
            } else if (PLACES.containsKey(c)) {
                last = PLACES.get(c);
                section += (digit < 0 ? 1 : digit) * PLACES.get(c);
                digit = -1;
            } else {
                total = (total + section + Math.max(0, digit)) * MYRIADS.get(c);
                section = 0;
                digit = -1;
            }
        }
        if (digit > 0 && last > 10) {
            return Optional.empty(); // 一千五 is 1005 to some and 1500 to others
        }
        return Optional.of(Long.toString(total + section + Math.max(0, digit)));
    }

    /// "seven", "forty-two", "three hundred", "seven apples".
    private static Optional<String> word(String answer) {
        List<String> words = Arrays.asList(answer.toLowerCase(Locale.ROOT).split("[\\s-]+"));
        Long first = WORDS.get(words.getFirst());
        if (first == null) {
            return Optional.empty();
        }
        long value = first;
        int next = 1;
        if (value >= 20 && words.size() > 1 && WORDS.getOrDefault(words.get(1), 99L) < 10) {
            value += WORDS.get(words.get(1));
            next = 2;
        }
        boolean more = words.subList(next, words.size()).stream()
                .anyMatch(w -> WORDS.containsKey(w) || !w.chars().allMatch(Character::isLetter));
        return more || words.size() - next > 2 ? Optional.empty()
                : Optional.of((value + " " + String.join(" ", words.subList(next, words.size()))).strip());
    }
}
