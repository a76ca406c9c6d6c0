package dev.socratic.core.config;

import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What PyYAML's resolver takes a plain text for.
final class PlainYaml {
    private static final Pattern NOTHING = Pattern.compile("~|null|Null|NULL|");
    private static final Map<String, Boolean> TRUTH = Map.ofEntries(
            Map.entry("yes", true), Map.entry("Yes", true), Map.entry("YES", true), Map.entry("true", true),
            Map.entry("True", true), Map.entry("TRUE", true), Map.entry("on", true), Map.entry("On", true),
            Map.entry("ON", true), Map.entry("no", false), Map.entry("No", false), Map.entry("NO", false),
            Map.entry("false", false), Map.entry("False", false), Map.entry("FALSE", false),
            Map.entry("off", false), Map.entry("Off", false), Map.entry("OFF", false));
    private static final Pattern WHOLE = Pattern.compile(
            "[-+]?(0b[0-1_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+)");
    private static final Pattern REAL = Pattern.compile(
            "[-+]?([0-9][0-9_]*)\\.[0-9_]*([eE][-+][0-9]+)?|\\.[0-9][0-9_]*([eE][-+][0-9]+)?");
    private static final Pattern BEYOND = Pattern.compile("([-+]?)\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

    private PlainYaml() {}

    static Optional<Object> value(String text) {
        if (NOTHING.matcher(text).matches()) {
            return Optional.empty();
        }
        if (TRUTH.containsKey(text)) {
            return Optional.of(TRUTH.get(text));
        }
        if (WHOLE.matcher(text).matches()) {
            return Optional.of(whole(text.replace("_", "")));
        }
        if (REAL.matcher(text).matches()) {
            return Optional.of(Double.parseDouble(text.replace("_", "")));
        }
        if (BEYOND.matcher(text).matches()) {
            return Optional.of(text.toLowerCase(java.util.Locale.ROOT).endsWith("nan") ? Double.NaN
                    : text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
        }
        return Optional.of(text);
    }

    private static Object whole(String text) {
        boolean less = text.startsWith("-");
        String digits = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        BigInteger size = digits.startsWith("0b") ? new BigInteger(digits.substring(2), 2)
                : digits.startsWith("0x") ? new BigInteger(digits.substring(2), 16)
                : digits.length() > 1 && digits.startsWith("0") ? new BigInteger(digits, 8)
                : new BigInteger(digits);
        BigInteger number = less ? size.negate() : size;
        return number.bitLength() < 64 ? (Object) number.longValue() : number;
    }
}
