package dev.socratic.datasets.answer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Names of units (`units.txt`) brought to one spelling. Nothing is converted: 1 km and 1000 m are different answers,
/// and the verdict says so.
final class Units {
    private static final Map<String, String> SPELLINGS = spellings();
    private static final Set<String> SHORT =
            Set.of("cm", "mm", "km", "kg", "ft", "mi", "min", "hr", "hrs", "mph", "lb", "lbs", "oz", "ml", "usd", "mg");

    private static final Pattern ES = Pattern.compile("(?:[sxzo]|[cs]h)$");

    private Units() {}

    private static Map<String, String> spellings() {
        Map<String, String> spellings = new HashMap<>();
        for (String line : DataLines.of("units.txt")) {
            String unit = line.substring(0, line.indexOf(':'));
            spellings.put(unit, unit);
            Arrays.stream(line.substring(line.indexOf(':') + 1).split(",")).map(String::strip).filter(s -> !s.isEmpty())
                    .forEach(s -> spellings.put(s, unit));
        }
        return spellings;
    }

    static boolean isUnit(String word) {
        return SHORT.contains(word.toLowerCase(Locale.ROOT));
    }

    static String normal(String unit) {
        String joined = Arrays.stream(unit.toLowerCase(Locale.ROOT).strip().split("\\s+"))
                .map(Units::word)
                .collect(Collectors.joining(" "))
                .replace("\u00b0 \u00b0", "\u00b0")
                .replace("square cm", "cm^2")
                .replace("square m", "m^2")
                .replace("square ft", "ft^2")
                .replace("square in", "in^2");
        return SPELLINGS.getOrDefault(joined, joined);
    }

    /// @return whether both name the same unit, or one leaves out what it is per: `$` and `$ per week`
    static boolean agree(String one, String other) {
        return one.equals(other) || one.startsWith(other + " per ") || other.startsWith(one + " per ")
                || plural(one, other) || plural(other, one);
    }

    /// Of `boxes`, `potatoes` and `candies` an 's' was taken off; `cookies` shows that no more may be.
    private static boolean plural(String many, String one) {
        return many.equals(one + "e") && ES.matcher(one).find()
                || one.endsWith("y") && many.equals(one.substring(0, one.length() - 1) + "ie");
    }

    private static String word(String word) {
        String bare = word.replaceAll("[.,;]+$", "");
        String spelled = SPELLINGS.getOrDefault(bare, bare);
        String singular = spelled.length() > 2 && spelled.endsWith("s") && !spelled.endsWith("ss")
                ? spelled.substring(0, spelled.length() - 1)
                : spelled;
        return SPELLINGS.getOrDefault(singular, singular);
    }
}
