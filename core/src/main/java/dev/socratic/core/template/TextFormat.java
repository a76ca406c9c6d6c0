package dev.socratic.core.template;

import dev.socratic.core.template.Values.Tuple;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `'%s of %d' % (a, b)` and `'{} of {x}'.format(a, x=b)`, without what no chat template uses: nested fields,
/// alignment, `!r`.
final class TextFormat {
    private static final Pattern PERCENT =
            Pattern.compile("%(?:\\((\\w+)\\))?(0?)(\\d{0,3})(?:\\.(\\d{1,2}))?([a-zA-Z%])");
    private static final Pattern BRACES =
            Pattern.compile("\\{\\{|}}|\\{(\\w*)(?::(0?)(\\d{0,3})(?:\\.(\\d{1,2}))?([dfs]?))?}|[{}]");

    private TextFormat() {}

    static String percent(String format, Object given, RenderBudget budget) {
        List<?> values = given instanceof Tuple tuple ? tuple.items() : List.of(given);
        StringBuilder out = new StringBuilder();
        Matcher matcher = PERCENT.matcher(format);
        int used = 0;
        while (matcher.find()) {
            String text;
            if (matcher.group(5).equals("%")) {
                text = "%";
            } else {
                Object value;
                if (matcher.group(1) != null && given instanceof Map<?, ?> map) {
                    value = map.get(matcher.group(1));
                    used = values.size();
                } else {
                    value = used < values.size() ? values.get(used) : null;
                    used++;
                }
                if (value == null) {
                    throw TemplateFailure.type("not enough arguments for format string");
                }
                text = one(value, matcher.group(5).charAt(0), matcher.group(2), matcher.group(3), matcher.group(4),
                        budget);
            }
            matcher.appendReplacement(out, Matcher.quoteReplacement(text));
            budget.text(out.length());
        }
        if (used < values.size() && !(given instanceof Map<?, ?>)) {
            throw TemplateFailure.type("not all arguments converted during string formatting");
        }
        return matcher.appendTail(out).toString();
    }

    static String braces(String format, Arguments arguments, RenderBudget budget) {
        StringBuilder out = new StringBuilder();
        Matcher matcher = BRACES.matcher(format);
        int next = 0;
        while (matcher.find()) {
            String text = switch (matcher.group()) {
                case "{{" -> "{";
                case "}}" -> "}";
                case "{", "}" ->
                        throw TemplateFailure.value(
                                "a field of format() that is not supported in '%s'".formatted(format));
                default -> {
                    Object value = field(matcher.group(1), arguments, next);
                    next += matcher.group(1).isEmpty() ? 1 : 0;
                    String kind = matcher.group(5) == null ? "" : matcher.group(5);
                    boolean bare = kind.isEmpty() && !(matcher.group(4) != null && Operators.numeric(value));
                    yield one(value, bare ? 's' : kind.isEmpty() ? 'f' : kind.charAt(0), matcher.group(2),
                            matcher.group(3), matcher.group(4), budget);
                }
            };
            matcher.appendReplacement(out, Matcher.quoteReplacement(text));
            budget.text(out.length());
        }
        return matcher.appendTail(out).toString();
    }

    private static Object field(String name, Arguments arguments, int next) {
        boolean numbered = name.isEmpty() || name.length() < 4 && name.chars().allMatch(Character::isDigit);
        int place = name.isEmpty() ? next : numbered ? Integer.parseInt(name) : -1;
        Object value = numbered
                ? place < arguments.positional().size() ? arguments.positional().get(place) : null
                : arguments.named().get(name);
        if (value == null) {
            throw TemplateFailure.value(
                    "format() was not given the field '%s'".formatted(name.isEmpty() ? place : name));
        }
        return value;
    }

    /// @param zero      `0` to fill with zeros, else empty or null
    /// @param width     least width in digits, empty or null for none
    /// @param precision digits after the point or most characters, null for none
    private static String one(Object value, char kind, String zero, String width, String precision,
            RenderBudget budget) {
        String text = switch (kind) {
            case 's' -> cut(PythonText.str(value, budget), precision);
            case 'r' -> cut(PythonText.repr(value, budget), precision);
            case 'd', 'i' -> Operators.numeric(value)
                    ? Long.toString((long) Operators.real(value))
                    : wrong(kind, value);
            case 'f' -> Operators.numeric(value)
                    ? fixed(Operators.real(value), precision == null ? 6 : Integer.parseInt(precision))
                    : wrong(kind, value);
            case 'x' -> Operators.integral(value) ? Long.toHexString(Operators.integer(value)) : wrong(kind, value);
            default -> throw TemplateFailure.value("unsupported format character '%s'".formatted(kind));
        };
        int wide = width == null || width.isEmpty() ? 0 : Integer.parseInt(width);
        String fill = (zero == null || zero.isEmpty() || kind == 's' ? " " : "0")
                .repeat(Math.max(0, wide - text.length()));
        return fill.startsWith("0") && text.startsWith("-") ? "-" + fill + text.substring(1) : fill + text;
    }

    /// Rounded as Python does: the exact binary value, ties to the even digit.
    private static String fixed(double value, int digits) {
        return Double.isFinite(value)
                ? new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString()
                : PythonText.number(value);
    }

    private static String cut(String text, String precision) {
        return precision == null
                ? text
                : text.substring(0,
                        text.offsetByCodePoints(0,
                                Math.min(Integer.parseInt(precision), text.codePointCount(0, text.length()))));
    }

    private static String wrong(char kind, Object value) {
        throw TemplateFailure.type("%%%s format: a number is required, not %s".formatted(kind, Values.type(value)));
    }
}
