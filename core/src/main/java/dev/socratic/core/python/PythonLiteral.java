package dev.socratic.core.python;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `ast.literal_eval` reads: texts, numbers, lists, tuples, dicts, True, False, None. Lists and tuples become
/// lists, None an empty `Optional`.
public final class PythonLiteral {
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?\\s*(\\d[\\d_]*\\.?\\d*([eE][-+]?\\d+)?|\\.\\d+([eE][-+]?\\d+)?)");
    private static final Pattern WORD = Pattern.compile("[A-Za-z_]+");
    private static final int DEEPEST = 64;

    private final String text;
    private int at;
    private int depth;

    private PythonLiteral(String text) {
        this.text = text;
    }

    /// @return String, Long, BigInteger, Double, Boolean, List, Map, or an empty Optional for None; nothing where the
    ///         text is no literal
    public static Optional<Object> read(String text) {
        PythonLiteral reader = new PythonLiteral(text.strip());
        try {
            Object value = reader.value();
            reader.blanks();
            return reader.at == reader.text.length() ? Optional.of(value) : Optional.empty();
        } catch (NotOne notOne) {
            return Optional.empty();
        }
    }

    private static final class NotOne extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotOne() {
            super("no literal", null, false, false);
        }
    }

    private Object value() {
        blanks();
        if (at >= text.length() || ++depth > DEEPEST) {
            throw new NotOne();
        }
        Object value = switch (text.charAt(at)) {
            case '[' -> items(']');
            case '(' -> tuple();
            case '{' -> dict();
            case '\'', '"' -> strings();
            default -> word();
        };
        depth--;
        return value;
    }

    private Object tuple() {
        int start = at;
        List<Object> items = items(')');
        boolean single = items.size() == 1 && !text.substring(start, at - 1).stripTrailing().endsWith(",");
        return single ? items.getFirst() : items;
    }

    private List<Object> items(char close) {
        at++;
        List<Object> items = new ArrayList<>();
        for (blanks(); !taken(close); blanks()) {
            items.add(value());
            blanks();
            if (!taken(',') && !there(close)) {
                throw new NotOne();
            }
        }
        return items;
    }

    private Object dict() {
        at++;
        Map<Object, Object> map = new LinkedHashMap<>();
        for (blanks(); !taken('}'); blanks()) {
            Object key = value();
            blanks();
            if (!taken(':')) {
                throw new NotOne();
            }
            map.put(key, value());
            blanks();
            if (!taken(',') && !there('}')) {
                throw new NotOne();
            }
        }
        return map;
    }

    /// Texts side by side are one.
    private String strings() {
        StringBuilder out = new StringBuilder();
        for (; there('\'') || there('"'); blanks()) {
            string(out);
        }
        return out.toString();
    }

    private void string(StringBuilder out) {
        char quote = text.charAt(at);
        String three = String.valueOf(quote).repeat(3);
        String end = text.startsWith(three, at) ? three : String.valueOf(quote);
        at += end.length();
        while (!text.startsWith(end, at)) {
            if (at >= text.length() || end.length() == 1 && text.charAt(at) == '\n') {
                throw new NotOne();
            }
            char here = text.charAt(at++);
            if (here != '\\') {
                out.append(here);
            } else if (at < text.length()) {
                escape(text.charAt(at++), out);
            }
        }
        at += end.length();
    }

    private void escape(char sign, StringBuilder out) {
        switch (sign) {
            case 'n' -> out.append('\n');
            case 't' -> out.append('\t');
            case 'r' -> out.append('\r');
            case 'a' -> out.append((char) 7);
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'v' -> out.append((char) 11);
            case '\n' -> { }
            case '\\', '\'', '"' -> out.append(sign);
            case 'x' -> out.appendCodePoint(hex(2));
            case 'u' -> out.appendCodePoint(hex(4));
            case 'U' -> out.appendCodePoint(hex(8));
            default -> {
                if (sign >= '0' && sign <= '7') {
                    int value = sign - '0';
                    for (int i = 0; i < 2 && at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '7';
                            i++) {
                        value = value * 8 + text.charAt(at++) - '0';
                    }
                    out.append((char) value);
                } else {
                    out.append('\\').append(sign);
                }
            }
        }
    }

    private int hex(int digits) {
        try {
            int point = Integer.parseInt(text.substring(at, at + digits), 16);
            at += digits;
            if (!Character.isValidCodePoint(point)) {
                throw new NotOne();
            }
            return point;
        } catch (NumberFormatException | IndexOutOfBoundsException wrong) {
            throw new NotOne();
        }
    }

    private Object word() {
        Matcher number = NUMBER.matcher(text).region(at, text.length());
        if (number.lookingAt()) {
            at = number.end();
            return number(number.group().replace("_", "").replaceAll("\\s", ""));
        }
        Matcher word = WORD.matcher(text).region(at, text.length());
        if (!word.lookingAt()) {
            throw new NotOne();
        }
        at = word.end();
        return switch (word.group()) {
            case "True" -> true;
            case "False" -> false;
            case "None" -> Optional.empty();
            default -> throw new NotOne();
        };
    }

    private static Object number(String digits) {
        if (digits.matches(".*[.eE].*")) {
            return Double.parseDouble(digits);
        }
        String size = digits.replaceAll("^[-+]", "");
        if (size.length() > 1 && size.startsWith("0") && !size.matches("0+")) {
            throw new NotOne(); // a syntax error there
        }
        BigInteger whole = new BigInteger(digits.startsWith("+") ? digits.substring(1) : digits);
        return whole.bitLength() < 64 ? (Object) whole.longValue() : whole;
    }

    private boolean there(char sign) {
        return at < text.length() && text.charAt(at) == sign;
    }

    private boolean taken(char sign) {
        if (at >= text.length()) {
            throw new NotOne();
        }
        if (there(sign)) {
            at++;
            return true;
        }
        return false;
    }

    private void blanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }
}
