package dev.socratic.datasets.answer;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Names of units brought to one spelling. Nothing is converted: 1 km and 1000 m are different answers, and the verdict says so.
final class Units {
    private static final Map<String, String> SPELLINGS = Map.ofEntries(
            Map.entry("percent", "%"), Map.entry("pct", "%"), Map.entry("percentage", "%"), Map.entry("dollar", "$"), Map.entry("usd", "$"),
            Map.entry("buck", "$"), Map.entry("euro", "\u20ac"), Map.entry("eur", "\u20ac"), Map.entry("pound", "pound"),
            Map.entry("meter", "m"), Map.entry("metre", "m"), Map.entry("centimeter", "cm"), Map.entry("centimetre", "cm"),
            Map.entry("kilometer", "km"), Map.entry("kilometre", "km"), Map.entry("millimeter", "mm"), Map.entry("millimetre", "mm"),
            Map.entry("mile", "mi"), Map.entry("inch", "in"), Map.entry("inches", "in"), Map.entry("foot", "ft"), Map.entry("feet", "ft"),
            Map.entry("hour", "h"), Map.entry("hr", "h"), Map.entry("minute", "min"), Map.entry("second", "s"), Map.entry("sec", "s"),
            Map.entry("kilogram", "kg"), Map.entry("gram", "g"), Map.entry("liter", "l"), Map.entry("litre", "l"), Map.entry("degree", "\u00b0"),
            Map.entry("deg", "\u00b0"), Map.entry("people", "person"), Map.entry("children", "child"), Map.entry("men", "man"),
            Map.entry("women", "woman"));
    private static final Set<String> SHORT = Set.of("cm", "mm", "km", "kg", "ft", "mi", "min", "hr", "hrs", "mph", "lb", "lbs", "oz", "ml", "usd");
    private static final Map<String, Integer> POWERS_OF_TEN =
            Map.of("hundred", 2, "thousand", 3, "million", 6, "billion", 9, "trillion", 12);

    private Units() {}

    static boolean isUnit(String word) {
        return SHORT.contains(word.toLowerCase(Locale.ROOT));
    }

    /// @return n for a word that means ten to the n, otherwise 0
    static int powerOfTen(String word) {
        return POWERS_OF_TEN.getOrDefault(word.toLowerCase(Locale.ROOT), 0);
    }

    static String normal(String unit) {
        return Arrays.stream(unit.toLowerCase(Locale.ROOT).strip().split("\\s+"))
                .map(Units::word)
                .collect(Collectors.joining(" "))
                .replace("square cm", "cm^2")
                .replace("square m", "m^2")
                .replace("square ft", "ft^2")
                .replace("square in", "in^2");
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
