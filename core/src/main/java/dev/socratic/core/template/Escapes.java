package dev.socratic.core.template;

/// Backslash escapes of a text literal, as Python reads them: an unknown escape stays as it is written.
final class Escapes {
    private Escapes() {}

    static String resolve(String literal, int line) {
        if (literal.indexOf('\\') < 0) {
            return literal;
        }
        StringBuilder text = new StringBuilder(literal.length());
        int at = 0;
        while (at < literal.length()) {
            char here = literal.charAt(at++);
            if (here != '\\' || at == literal.length()) {
                text.append(here);
                continue;
            }
            char escape = literal.charAt(at++);
            switch (escape) {
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'v' -> text.append('\u000b');
                case 'a' -> text.append('\u0007');
                case '\\', '\'', '"' -> text.append(escape);
                case '\n' -> {}
                case 'x' -> at = code(literal, at, 2, text, line);
                case 'u' -> at = code(literal, at, 4, text, line);
                case 'U' -> at = code(literal, at, 8, text, line);
                default -> {
                    if (escape >= '0' && escape <= '7') {
                        at = octal(literal, at - 1, text);
                    } else {
                        text.append('\\').append(escape);
                    }
                }
            }
        }
        return text.toString();
    }

    private static int code(String literal, int at, int digits, StringBuilder text, int line) {
        try {
            text.appendCodePoint(Integer.parseInt(literal.substring(at, at + digits), 16));
            return at + digits;
        } catch (IllegalArgumentException | IndexOutOfBoundsException broken) {
            throw TemplateFailure.syntax("an escape with %s hexadecimal digits expected".formatted(digits), line);
        }
    }

    private static int octal(String literal, int from, StringBuilder text) {
        int value = 0;
        int at = from;
        while (at < literal.length() && at < from + 3 && literal.charAt(at) >= '0' && literal.charAt(at) <= '7') {
            value = value * 8 + literal.charAt(at++) - '0';
        }
        text.append((char) value);
        return at;
    }
}
