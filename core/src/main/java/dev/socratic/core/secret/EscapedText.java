package dev.socratic.core.secret;

import java.util.Map;

/// Reads one character of a text that somebody has escaped, perhaps twice over: `+`, `\u002B`, `\\u002b`, `\x2B`,
/// `\/`, `%2B`, `%252B`, `&#43;`, `&#x2B;`, `&amp;`.
///
/// Signs below 0x80 only: a key has no others, for a header could not hold them.
final class EscapedText {
    private static final Map<String, Character> ENTITIES =
            Map.of("amp", '&', "lt", '<', "gt", '>', "quot", '"', "apos", '\'', "sol", '/', "plus", '+', "equals", '=');

    private EscapedText() {}

    /// @return where the text goes on behind the character that stands at `from`; -1 where another stands there
    static int after(String text, int from, char wanted) {
        if (from >= text.length()) {
            return -1;
        }
        char first = text.charAt(from);
        if (first == wanted) {
            return from + 1;
        }
        return switch (first) {
            case '\\' -> backslash(text, from, wanted);
            case '%' -> percent(text, from, wanted);
            case '&' -> entity(text, from, wanted);
            default -> -1;
        };
    }

    private static int backslash(String text, int from, char wanted) {
        int at = from;
        while (at < text.length() && text.charAt(at) == '\\') {
            at++;
        }
        if (at >= text.length()) {
            return -1;
        }
        char kind = text.charAt(at);
        if (kind == 'u' && hex(text, at + 1, 4) == wanted) {
            return at + 5;
        }
        if (kind == 'x' && hex(text, at + 1, 2) == wanted) {
            return at + 3;
        }
        boolean sign = !Character.isLetterOrDigit(wanted); // \n is a line end, not an n
        return kind == wanted && sign ? at + 1 : -1;
    }

    private static int percent(String text, int from, char wanted) {
        int at = from + 1;
        while (text.startsWith("25", at)) { // an escaped percent sign: escaped once more
            at += 2;
        }
        return hex(text, at, 2) == wanted ? at + 2 : at > from + 1 && wanted == '%' ? at : -1;
    }

    private static int entity(String text, int from, char wanted) {
        int at = from + 1;
        while (text.startsWith("amp;", at)) {
            at += 4;
        }
        int end = text.indexOf(';', at);
        if (end < 0 || end - at > 8) {
            return wanted == '&' && at > from + 1 ? at : -1;
        }
        String name = text.substring(at, end);
        return code(name) == wanted ? end + 1 : wanted == '&' && at > from + 1 ? at : -1;
    }

    private static int code(String name) {
        if (!name.startsWith("#")) {
            return ENTITIES.getOrDefault(name, (char) 0);
        }
        boolean hexadecimal = name.startsWith("#x") || name.startsWith("#X");
        String digits = name.substring(hexadecimal ? 2 : 1);
        int radix = hexadecimal ? 16 : 10;
        boolean number = !digits.isEmpty() && digits.chars().allMatch(c -> Character.digit(c, radix) >= 0);
        return number ? Integer.parseInt(digits, radix) : 0;
    }

    /// @return the number; -1 where there is none
    private static int hex(String text, int from, int digits) {
        if (from + digits > text.length()) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
