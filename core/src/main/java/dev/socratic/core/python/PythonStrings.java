package dev.socratic.core.python;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// What Python's `str` makes of a text, where Java's methods of the same purpose decide otherwise.
public final class PythonStrings {
    private static final PythonPattern FLOAT = PythonPattern.of(
            "(?i)[+-]?(?:(?:\\d+(?:_\\d+)*)?\\.?(?:\\d+(?:_\\d+)*)?(?:e[+-]?\\d+(?:_\\d+)*)?|inf(?:inity)?|nan)");

    private PythonStrings() {}

    /// `str.isspace` of one sign.
    public static boolean isSpace(int point) {
        return Character.isWhitespace(point) || Character.isSpaceChar(point) || point == 0x85;
    }

    /// `str.strip()`.
    public static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /// `str.rstrip()`.
    public static String stripRight(String text) {
        int to = text.length();
        while (to > 0 && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(0, to);
    }

    /// `str.strip(signs)`.
    public static String strip(String text, String signs) {
        int from = 0;
        int to = text.length();
        while (from < to && signs.indexOf(text.charAt(from)) >= 0) {
            from++;
        }
        while (to > from && signs.indexOf(text.charAt(to - 1)) >= 0) {
            to--;
        }
        return text.substring(from, to);
    }

    /// `str.split()`.
    public static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        int from = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean space = i == text.length() || isSpace(text.charAt(i));
            if (space && from >= 0) {
                words.add(text.substring(from, i));
                from = -1;
            } else if (!space && from < 0) {
                from = i;
            }
        }
        return words;
    }

    /// `str.split(separator)`.
    public static List<String> split(String text, String separator) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    /// `str.isupper()`: some letter has a case, and each that has one is a capital.
    public static boolean isUpper(String text) {
        return text.codePoints().noneMatch(point -> Character.isLowerCase(point) || Character.isTitleCase(point))
                && text.codePoints().anyMatch(Character::isUpperCase);
    }

    /// `str.islower()`.
    public static boolean isLower(String text) {
        return text.codePoints().noneMatch(point -> Character.isUpperCase(point) || Character.isTitleCase(point))
                && text.codePoints().anyMatch(Character::isLowerCase);
    }

    /// `float(text)`; empty where that raises.
    public static OptionalDouble number(String text) {
        String bare = strip(text);
        if (!FLOAT.matcher(bare).matches() || bare.codePoints().noneMatch(Character::isLetterOrDigit)) {
            return OptionalDouble.empty();
        }
        StringBuilder plain = new StringBuilder();
        bare.codePoints().filter(point -> point != '_').forEach(point -> plain.appendCodePoint(
                Character.isDigit(point) ? '0' + Character.digit(point, 10) : point));
        String lower = plain.toString().toLowerCase(Locale.ROOT);
        if (lower.contains("nan")) {
            return OptionalDouble.of(Double.NaN);
        }
        if (lower.contains("inf")) {
            return OptionalDouble.of(lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
        }
        return digits(lower) ? OptionalDouble.of(Double.parseDouble(lower)) : OptionalDouble.empty();
    }

    /// An exponent needs a number before it.
    private static boolean digits(String number) {
        int exponent = number.indexOf('e');
        return number.substring(0, exponent < 0 ? number.length() : exponent).chars().anyMatch(Character::isDigit);
    }

    /// `repr(float)`.
    public static String repr(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value > 0 ? "0.0" : "-0.0";
        }
        java.math.BigDecimal shortest = new java.math.BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent < -4 || exponent >= 16) {
            String digits = shortest.unscaledValue().abs().toString();
            return (value < 0 ? "-" : "") + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "")
                    + "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
        }
        String plain = shortest.toPlainString();
        return plain.contains(".") ? plain : plain + ".0";
    }

    /// @return the first sign of a text, which may be of two chars
    public static Optional<String> first(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text.substring(0, text.offsetByCodePoints(0, 1)));
    }
}
