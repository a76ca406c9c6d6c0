package dev.socratic.core.python;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A regular expression as Python's `re` reads it, for text: classes are those of Unicode, `.` stops at a line feed
/// only, `$` also stands before a last line feed, `(?P<name>...)`, `{,3}` and a lone `{` or `[` mean what they mean
/// there.
///
/// Deviation: matching is that of `java.util.regex`, which knows possessive and union forms besides.
public final class PythonPattern {
    private static final int FLAGS = Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE | Pattern.UNIX_LINES;

    private static final String SPECIAL = "()[]{}?*+-|^$\\.&~# \t\n\r\u000b\f";

    private final String source;
    private final Pattern pattern;

    private PythonPattern(String source, Pattern pattern) {
        this.source = source;
        this.pattern = pattern;
    }

    /// @throws IllegalArgumentException `expected; got value` where it is none
    public static PythonPattern of(String source) {
        try {
            return new PythonPattern(source, Pattern.compile(new Translation(source).text(), FLAGS));
        } catch (PatternSyntaxException | StackOverflowError wrong) {
            throw new IllegalArgumentException("a regular expression of Python's re; got '%s'; mend it (%s)".formatted(
                    source, wrong instanceof PatternSyntaxException said ? said.getDescription() : "too deep"), wrong);
        }
    }

    /// `re.escape`.
    public static String escape(String text) {
        StringBuilder out = new StringBuilder();
        text.chars().forEach(c -> out.append(SPECIAL.indexOf(c) >= 0 ? "\\" : "").append((char) c));
        return out.toString();
    }

    /// `re.findall`: for each match its groups, or the whole where there are none.
    ///
    /// @return one text of a match where the pattern has at most one group, as many as there are groups otherwise;
    ///         empty for a group that took no part
    public List<List<String>> findAll(String text) {
        List<List<String>> all = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            List<String> one = new ArrayList<>();
            if (matcher.groupCount() == 0) {
                one.add(matcher.group());
            }
            for (int i = 1; i <= matcher.groupCount(); i++) {
                one.add(matcher.group(i) == null ? "" : matcher.group(i));
            }
            all.add(one);
        }
        return all;
    }

    /// `re.sub`.
    ///
    /// @param replacement with `\1` and `\g<name>` for groups
    /// @param count       most replacements, 0 for all
    public String sub(String replacement, String text, int count) {
        Matcher matcher = pattern.matcher(text);
        StringBuilder out = new StringBuilder();
        for (int i = 0; (count <= 0 || i < count) && matcher.find(); i++) {
            matcher.appendReplacement(out, "");
            out.append(expanded(replacement, matcher));
        }
        return matcher.appendTail(out).toString();
    }

    /// `re.search(...)`.
    public Matcher matcher(String text) {
        return pattern.matcher(text);
    }

    private static String expanded(String replacement, Matcher matcher) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < replacement.length(); i++) {
            char here = replacement.charAt(i);
            if (here != '\\' || i + 1 == replacement.length()) {
                out.append(here);
                continue;
            }
            char next = replacement.charAt(++i);
            if (next == 'g' && replacement.startsWith("<", i + 1)) {
                int end = replacement.indexOf('>', i);
                String name = replacement.substring(i + 2, end);
                String group = name.chars().allMatch(Character::isDigit) ? matcher.group(Integer.parseInt(name))
                        : matcher.group(name);
                out.append(group == null ? "" : group);
                i = end;
            } else if (Character.isDigit(next)) {
                String group = matcher.group(next - '0');
                out.append(group == null ? "" : group);
            } else {
                out.append(switch (next) {
                    case 'n' -> "\n";
                    case 't' -> "\t";
                    case 'r' -> "\r";
                    case '\\' -> "\\";
                    default -> "\\" + next;
                });
            }
        }
        return out.toString();
    }

    @Override
    public String toString() {
        return source;
    }

    /// The same in Java's spelling.
    private static final class Translation {
        private static final String WORD = "\\p{L}\\p{N}_";
        private static final String SPACE = "\\s\\x1c-\\x1f";

        private final String source;
        private final StringBuilder out = new StringBuilder();
        private int at;

        Translation(String source) {
            this.source = source;
        }

        String text() {
            while (at < source.length()) {
                char here = source.charAt(at);
                switch (here) {
                    case '\\' -> escape(false);
                    case '[' -> characters();
                    case '{' -> brace();
                    case '}' -> take("\\}");
                    case '(' -> group();
                    default -> take(String.valueOf(here));
                }
            }
            return out.toString();
        }

        private void take(String as) {
            out.append(as);
            at++;
        }

        private void escape(boolean inside) {
            char next = at + 1 < source.length() ? source.charAt(at + 1) : '\\';
            if (next == 'Z' && !inside) {
                out.append("\\z");
            } else if (next > 127) {
                out.append(next); // an escaped letter beyond ASCII is itself there
            } else {
                out.append(classes(next, inside));
            }
            at += 2;
        }

        /// Letters, numbers of any kind and `_` are words there, marks are not; `\s` takes ASCII's four separators.
        private static String classes(char escaped, boolean inside) {
            String boundary = "(?<=[%s])(?![%s])|(?<![%s])(?=[%s])".formatted(WORD, WORD, WORD, WORD);
            return switch (escaped) {
                case 'w' -> inside ? WORD : "[" + WORD + "]";
                case 'W' -> "[^" + WORD + "]";
                case 's' -> inside ? SPACE : "[" + SPACE + "]";
                case 'S' -> "[^" + SPACE + "]";
                case 'b' -> inside ? "\\x08" : "(?:" + boundary + ")";
                case 'B' -> "(?!" + boundary + ")";
                default -> "\\" + escaped;
            };
        }

        private void characters() {
            int start = at;
            take("[");
            if (source.startsWith("^", at)) {
                take("^");
            }
            if (source.startsWith("]", at)) {
                take("\\]");
            }
            while (at < source.length() && source.charAt(at) != ']') {
                char here = source.charAt(at);
                if (here == '\\') {
                    escape(true);
                } else {
                    take(here == '[' || here == '&' ? "\\" + here : String.valueOf(here));
                }
            }
            if (at >= source.length()) {
                throw new PatternSyntaxException("unterminated character set", source, start);
            }
            take("]");
        }

        private void brace() {
            Matcher quantifier = Pattern.compile("\\{(\\d*)(,?)(\\d*)\\}").matcher(source)
                    .region(at, source.length());
            boolean counts = quantifier.lookingAt()
                    && !(quantifier.group(1).isEmpty() && quantifier.group(3).isEmpty());
            if (!counts) {
                take("\\{");
                return;
            }
            String least = quantifier.group(1).isEmpty() ? "0" : quantifier.group(1);
            out.append('{').append(least).append(quantifier.group(2)).append(quantifier.group(3)).append('}');
            at = quantifier.end();
        }

        private void group() {
            if (source.startsWith("(?P<", at)) {
                out.append("(?<");
                at += 4;
            } else if (source.startsWith("(?P=", at)) {
                int end = source.indexOf(')', at);
                if (end < 0) {
                    throw new PatternSyntaxException("unterminated name", source, at);
                }
                out.append("\\k<").append(source, at + 4, end).append('>');
                at = end + 1;
            } else if (source.startsWith("(?u)", at) || source.startsWith("(?U)", at)) {
                at += 4; // text is Unicode anyway
            } else {
                take("(");
            }
        }
    }
}
