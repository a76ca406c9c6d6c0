package dev.socratic.core.config;

import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Values that stand as one word in a config.
final class Scalars {
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,40}");
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,5})?");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,15})(ms|s|m|h|d)");

    private Scalars() {}

    /// @return what to expect, in words; empty if the type is none of ours
    static Optional<String> expected(Class<?> type) {
        if (type.isEnum()) {
            return Optional.of("one of " + Arrays.stream(type.getEnumConstants()).map(c -> Names.of((Enum<?>) c))
                    .collect(Collectors.joining(", ")));
        }
        return Optional.ofNullable(switch (type.getName()) {
            case "java.lang.String" -> "a text";
            case "boolean", "java.lang.Boolean" -> "true or false";
            case "int", "java.lang.Integer" -> "a whole number from -2147483648 to 2147483647";
            case "long", "java.lang.Long" -> "a whole number";
            case "double", "java.lang.Double", "float", "java.lang.Float" -> "a number";
            case "java.nio.file.Path" -> "a path";
            case "java.net.URI" -> "an address";
            case "java.time.Duration" -> "a duration (250ms, 30s, 5m, 2h, 1d)";
            default -> null;
        });
    }

    /// @param base folder that paths are resolved against
    /// @return the value, or empty if the text is none of that type
    static Optional<Object> read(ConfigNode.Text node, Class<?> type, Optional<Path> base) {
        String text = node.text();
        try {
            if (type.isEnum()) {
                return Arrays.stream(type.getEnumConstants()).filter(c -> Names.of((Enum<?>) c).equals(text))
                        .findFirst().map(c -> c);
            }
            return Optional.ofNullable(switch (type.getName()) {
                case "java.lang.String" -> text;
                case "boolean", "java.lang.Boolean" -> node.plain() && (text.equals("true") || text.equals("false"))
                        ? Boolean.valueOf(text)
                        : null;
                case "int", "java.lang.Integer" -> node.plain() && WHOLE.matcher(text).matches()
                        ? Integer.valueOf(text)
                        : null;
                case "long", "java.lang.Long" -> node.plain() && WHOLE.matcher(text).matches()
                        ? Long.valueOf(text)
                        : null;
                case "double", "java.lang.Double" -> node.plain() ? number(text) : null;
                case "float", "java.lang.Float" -> node.plain() ? single(text) : null;
                case "java.nio.file.Path" -> text.isEmpty()
                        ? null
                        : base.map(b -> b.resolve(text).normalize()).orElseGet(() -> Path.of(text));
                case "java.net.URI" -> text.isEmpty() ? null : URI.create(text);
                case "java.time.Duration" -> duration(text);
                default -> null;
            });
        } catch (IllegalArgumentException | ArithmeticException e) { // out of range; no path, no address
            return Optional.empty();
        }
    }

    /// @return `null` where the text is no number, to fit the switch above
    private static Double number(String text) {
        return switch (text) {
            case ".inf", "+.inf" -> Double.POSITIVE_INFINITY;
            case "-.inf" -> Double.NEGATIVE_INFINITY;
            default -> {
                double value = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
                yield Double.isFinite(value) ? value : null; // 1e999 would silently become infinite
            }
        };
    }

    private static Float single(String text) {
        Double value = number(text);
        if (value == null || Double.isInfinite(value)) {
            return value == null ? null : value.floatValue();
        }
        float near = Float.parseFloat(text);
        return Float.isInfinite(near) ? null : Float.valueOf(near);
    }

    private static Duration duration(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            return text.startsWith("P") ? iso(text) : null;
        }
        long amount = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static Duration iso(String text) {
        try {
            return Duration.parse(text);
        } catch (java.time.format.DateTimeParseException e) {
            return null;
        }
    }

    /// @return the shortest exact spelling: `30s`, `250ms`, ISO 8601 below a millisecond
    static String write(Duration duration) {
        if (duration.isNegative() || duration.toNanosPart() % 1_000_000 != 0) {
            return duration.toString();
        }
        if (duration.toMillisPart() != 0) {
            return duration.toMillis() + "ms";
        }
        long seconds = duration.toSeconds();
        return seconds == 0 || seconds % 60 != 0 ? seconds + "s" : seconds % 3600 != 0
                ? seconds / 60 + "m" : seconds / 3600 + "h";
    }

    /// @return a value of any type, for components that are `Object`
    static Object free(ConfigNode.Text node) {
        String text = node.text();
        if (!node.plain()) {
            return text;
        }
        if (text.equals("true") || text.equals("false")) {
            return Boolean.valueOf(text);
        }
        if (WHOLE.matcher(text).matches()) {
            BigInteger exact = new BigInteger(text.startsWith("+") ? text.substring(1) : text);
            return exact.bitLength() < 64 ? (Object) exact.longValueExact() : exact;
        }
        Double number = number(text);
        return number == null ? text : number;
    }
}
