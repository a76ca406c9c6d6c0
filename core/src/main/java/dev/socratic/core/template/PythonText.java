package dev.socratic.core.template;

import dev.socratic.core.template.Values.Tuple;
import dev.socratic.core.template.Values.Undefined;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;

/// Values as Python prints them: `str(value)` at the top, `repr(value)` inside lists and dicts.
final class PythonText {
    private final RenderBudget budget;
    private final StringBuilder out = new StringBuilder();

    private PythonText(RenderBudget budget) {
        this.budget = budget;
    }

    static String str(Object value, RenderBudget budget) {
        return switch (value) {
            case String text -> text;
            case Undefined undefined -> {
                undefined.use();
                yield "";
            }
            default -> repr(value, budget);
        };
    }

    static String repr(Object value, RenderBudget budget) {
        PythonText text = new PythonText(budget);
        text.write(value);
        return text.out.toString();
    }

    private void write(Object value) {
        budget.step();
        budget.enter();
        switch (value) {
            case String text -> quote(text);
            case Boolean truth -> out.append(truth ? "True" : "False");
            case Double number -> out.append(number(number));
            case Values.None ignored -> out.append("None");
            case Undefined ignored -> out.append("Undefined");
            case List<?> list -> writeAll("[", list, "]");
            case Tuple tuple -> writeAll("(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")");
            case Map<?, ?> map -> {
                String comma = "{";
                out.append(map.isEmpty() ? "{" : "");
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(comma);
                    write(entry.getKey());
                    out.append(": ");
                    write(entry.getValue());
                    comma = ", ";
                }
                out.append('}');
            }
            case Values.Function function -> out.append("<function ").append(function.name()).append('>');
            case Number number -> out.append(number);
            default -> out.append('<').append(Values.type(value)).append('>');
        }
        budget.leave();
    }

    private void writeAll(String open, List<?> items, String close) {
        out.append(open);
        Iterator<?> iterator = items.iterator();
        while (iterator.hasNext()) {
            write(iterator.next());
            out.append(iterator.hasNext() ? ", " : "");
        }
        out.append(close);
    }

    private void quote(String text) {
        budget.text(text.length() + 2L);
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        text.codePoints().forEach(point -> {
            switch (point) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (point == quote) {
                        out.append('\\').append(quote);
                    } else if (prints(point)) {
                        out.appendCodePoint(point);
                    } else {
                        out.append(point < 0x100 ? "\\x%02x".formatted(point)
                                : point < 0x10000 ? "\\u%04x".formatted(point)
                                : "\\U%08x".formatted(point));
                    }
                }
            }
        });
        out.append(quote);
    }

    private static boolean prints(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> point == ' ';
            default -> true;
        };
    }

    /// The shortest decimal that reads back as the same double, in Python's layout: `1e+16`, `0.0001`, `1e-05`.
    static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        String digits = shortest.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - shortest.scale();
        String sign = value < 0 ? "-" : "";
        if (exponent >= -4 && exponent < 16) {
            String plain = shortest.abs().toPlainString();
            return sign + plain + (plain.contains(".") ? "" : ".0");
        }
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        return String.format(Locale.ROOT, "%s%s%se%s%02d", sign, digits.charAt(0), fraction, exponent < 0 ? "-" : "+",
                Math.abs(exponent));
    }

    /// Whitespace as `str.strip` and `str.split` see it.
    static boolean space(int point) {
        return point >= 9 && point <= 13
                || point >= 0x1c && point <= 0x20
                || point == 0x85
                || Character.isSpaceChar(point);
    }

    static String strip(String text) {
        return lstrip(rstrip(text));
    }

    static String lstrip(String text) {
        return lstrip(text, PythonText::space);
    }

    static String rstrip(String text) {
        return rstrip(text, PythonText::space);
    }

    static String lstrip(String text, IntPredicate gone) {
        int from = 0;
        while (from < text.length() && gone.test(text.codePointAt(from))) {
            from += Character.charCount(text.codePointAt(from));
        }
        return text.substring(from);
    }

    static String rstrip(String text, IntPredicate gone) {
        int to = text.length();
        while (to > 0 && gone.test(text.codePointBefore(to))) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return text.substring(0, to);
    }
}
