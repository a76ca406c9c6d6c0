package dev.socratic.curator.filter;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds an equation of numbers that does not hold: `24 + 16 = 50`.
///
/// Read are sums, products and quotients of plain numbers and parentheses before an equals sign and one number behind
/// it; whatever has a variable, a unit or a power in it is not read. A result may be rounded: it is wrong if it is off
/// by more than one unit of its last place and by more than one in a hundred. Percent are hundredths on either side.
final class Equations {
    private static final String NUMBER = "\\d{1,12}(?:,\\d{3}){0,4}(?:\\.\\d{1,9})?%?";
    private static final String SIGN = "[-+*/x\u00D7\u00F7\u2212\u2013]";

    /// Not in the middle of a longer expression, on either side.
    private static final Pattern EQUATION = Pattern.compile(
            "(?<![\\w.,)\\]}^*/+\u00D7\u00F7=\u2212\u2013$\u20AC\u00A3-])(?<![*/+\u00D7\u00F7=\u2212\u2013\\dx-] "
                    + ")(?<!and |\\d, )"
                    + "(\\(?[$\u20AC\u00A3]?" + NUMBER + "(?: ?" + SIGN + " ?\\(?[$\u20AC\u00A3]?" + NUMBER
                            + "\\)?){1,8}+)"
                    + " ?= ?[$\u20AC\u00A3]?(-?" + NUMBER + ")(?![\\w/^*%(]| ?" + SIGN + "| \\d|[.,]\\d)");
    private static final BigDecimal HUNDREDTH = new BigDecimal("0.01");

    private Equations() {}

    /// @return the equation and what its left side gives
    record Wrong(String equation, String gives) {}

    /// `2000 / 2/3` is a division by two thirds or by two and by three.
    private static final Pattern TWO_WAYS = Pattern.compile("[/\u00F7][ ]?[\\d.]+[ ]?[/\u00F7]|^0\\d");

    static Optional<Wrong> find(String text) {
        if (text.indexOf('=') < 0) {
            return Optional.empty();
        }
        String plain = text.replace("\\times", "\u00D7").replace("\\div", "\u00F7").replace("\\$", "$");
        Matcher equation = EQUATION.matcher(plain);
        while (equation.find()) {
            try {
                BigDecimal left = new Sum(equation.group(1)).value();
                if (!TWO_WAYS.matcher(equation.group(1)).find() && !holds(left, equation.group(2))) {
                    return Optional.of(new Wrong(equation.group(), left.round(new MathContext(10)).stripTrailingZeros()
                            .toPlainString()));
                }
            } catch (ArithmeticException e) {
                // Not an equation of numbers after all: an open parenthesis, a division by zero.
            }
        }
        return Optional.empty();
    }

    /// Percent are written with their sign and without (`1/2 = 50%`, `1/2 * 100 = 50%`, `1/2 = 50`).
    private static boolean holds(BigDecimal left, String right) {
        BigDecimal stated = number(right);
        return isNear(left, stated) || isNear(left.movePointRight(2), stated) || isNear(left.movePointLeft(2), stated);
    }

    private static boolean isNear(BigDecimal left, BigDecimal stated) {
        BigDecimal off = left.subtract(stated).abs();
        BigDecimal lastPlace = BigDecimal.ONE.movePointLeft(Math.max(0, stated.scale()));
        return off.compareTo(lastPlace) < 0 || off.compareTo(stated.abs().multiply(HUNDREDTH)) <= 0;
    }

    private static BigDecimal number(String text) {
        String digits = text.replace(",", "").replace("$", "").replace("\u20AC", "").replace("\u00A3", "");
        return digits.endsWith("%")
                ? new BigDecimal(digits.substring(0, digits.length() - 1)).movePointLeft(2)
                : new BigDecimal(digits);
    }

    /// A sum of products, read from left to right.
    private static final class Sum {
        private static final MathContext PRECISION = MathContext.DECIMAL64;

        private final String text;
        private int at;

        Sum(String text) {
            this.text = text.replaceAll("[ $\u20AC\u00A3]", "");
        }

        BigDecimal value() {
            BigDecimal value = sum();
            if (at < text.length()) {
                throw new ArithmeticException("more than a sum");
            }
            return value;
        }

        private BigDecimal sum() {
            BigDecimal value = product();
            while (at < text.length() && (text.charAt(at) == '+' || isMinus(text.charAt(at)))) {
                boolean minus = isMinus(text.charAt(at++));
                BigDecimal next = product();
                value = minus ? value.subtract(next) : value.add(next);
            }
            return value;
        }

        private BigDecimal product() {
            BigDecimal value = atom();
            while (at < text.length() && "*/x\u00D7\u00F7".indexOf(text.charAt(at)) >= 0) {
                char sign = text.charAt(at++);
                BigDecimal next = atom();
                value = sign == '/' || sign == '\u00F7' ? value.divide(next, PRECISION) : value.multiply(next);
            }
            return value;
        }

        private BigDecimal atom() {
            if (at < text.length() && text.charAt(at) == '(') {
                at++;
                BigDecimal inner = sum();
                if (at >= text.length() || text.charAt(at++) != ')') {
                    throw new ArithmeticException("an open parenthesis");
                }
                return inner;
            }
            int start = at;
            while (at < text.length() && "0123456789.,%".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            if (start == at) {
                throw new ArithmeticException("no number");
            }
            return number(text.substring(start, at));
        }

        private static boolean isMinus(char c) {
            return c == '-' || c == '\u2212' || c == '\u2013';
        }
    }
}
