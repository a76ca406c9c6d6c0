package dev.socratic.models.constrain;

import dev.socratic.core.error.DataException;
import dev.socratic.models.constrain.Pattern.Chars;
import dev.socratic.models.constrain.Pattern.Either;
import dev.socratic.models.constrain.Pattern.Repeat;
import dev.socratic.models.constrain.Pattern.Sequence;
import java.util.ArrayList;
import java.util.List;

/// Reads a regular expression: what ECMAScript and Python write alike and a finite automaton can do. That is literals,
/// `.`, classes, `\d \w \s` and their opposites (of ASCII), `\t \n \r \f \v`, `\x` and two and `u` and four
/// hexadecimal digits, groups, `|`, `* + ? {n} {n,} {n,m}` (a `?` behind them changes nothing here), `^` at the
/// beginning and `$` at the end. Whatever looks around or back is refused.
final class PatternParser {
    private static final CodePoints DIGITS = CodePoints.of(new int[] {'0', '9'});
    private static final CodePoints WORD = CodePoints.of(new int[] {'0', '9'}, new int[] {'A', 'Z'},
            new int[] {'a', 'z'}, new int[] {'_', '_'});
    private static final CodePoints BLANKS = CodePoints.of(" \t\n\r\f\u000b");
    private static final CodePoints LINE = CodePoints.of("\n\r\u2028\u2029").complement();
    private static final int MOST_REPEATS = 10_000;
    private static final int DEEPEST = 200;

    private final String place;
    private final int[] text;
    private int at;
    private int depth;
    /// Whether there are any that no group holds together.
    private boolean alternatives;

    private PatternParser(String place, String text) {
        this.place = place;
        this.text = text.codePoints().toArray();
    }

    /// @param pattern  what the expression matches
    /// @param begins   whether `^` stands before it
    /// @param finishes whether `$` stands behind it
    record Parsed(Pattern pattern, boolean begins, boolean finishes) {
        /// @return what holds the expression somewhere, where it is not bound to beginning and end
        Pattern somewhere() {
            Pattern any = new Repeat(new Chars(CodePoints.ALL), 0, -1);
            List<Pattern> parts = new ArrayList<>(List.of(pattern));
            if (!begins) {
                parts.addFirst(any);
            }
            if (!finishes) {
                parts.add(any);
            }
            return new Sequence(parts);
        }
    }

    /// @param place of the expression in a config, for messages
    static Parsed parse(String place, String text) {
        PatternParser parser = new PatternParser(place, text);
        boolean begins = parser.take('^');
        Pattern pattern = parser.either();
        boolean finishes = parser.take('$');
        if (parser.at < parser.text.length) {
            throw parser.unfit(parser.rest(), parser.text[parser.at] == ')' ? "write \\) for the character itself"
                    : "write it without, ^ at the beginning and $ at the end of the whole alone");
        }
        if ((begins || finishes) && parser.alternatives) {
            throw parser.unfit("^ or $ beside | without a group", "write ^(?:a|b)$");
        }
        return new Parsed(pattern, begins, finishes);
    }

    private Pattern either() {
        if (++depth > DEEPEST) {
            throw unfit("groups nested deeper than " + DEEPEST, "write it flatter");
        }
        List<Pattern> parts = new ArrayList<>(List.of(sequence()));
        while (take('|')) {
            parts.add(sequence());
        }
        depth--;
        alternatives |= depth == 0 && parts.size() > 1;
        return parts.size() == 1 ? parts.getFirst() : new Either(parts);
    }

    private Pattern sequence() {
        List<Pattern> parts = new ArrayList<>();
        while (at < text.length && text[at] != '|' && text[at] != ')' && text[at] != '$' && text[at] != '^') {
            parts.add(repeated(atom()));
        }
        return parts.size() == 1 ? parts.getFirst() : new Sequence(parts);
    }

    private Pattern repeated(Pattern part) {
        Pattern all = part;
        while (at < text.length && "*+?{".indexOf(text[at]) >= 0) {
            int from = at;
            int sign = text[at++];
            all = switch (sign) {
                case '*' -> new Repeat(all, 0, -1);
                case '+' -> new Repeat(all, 1, -1);
                case '?' -> new Repeat(all, 0, 1);
                default -> counted(all, from);
            };
            if (take('+')) {
                throw unfit("a possessive quantifier", "leave the + out");
            }
            take('?'); // lazy: the same texts
        }
        return all;
    }

    private Pattern counted(Pattern part, int from) {
        int end = from;
        while (end < text.length && text[end] != '}') {
            end++;
        }
        String bounds = new String(text, from + 1, Math.max(0, end - from - 1));
        if (end == text.length || !bounds.matches("[0-9]{1,6}(,([0-9]{1,6})?)?")) {
            throw unfit("'{%s'".formatted(bounds), "write {n}, {n,} or {n,m}, and \\{ for the character itself");
        }
        at = end + 1;
        String[] both = bounds.split(",", -1);
        int least = Integer.parseInt(both[0]);
        int most = both.length == 1 ? least : both[1].isEmpty() ? -1 : Integer.parseInt(both[1]);
        if (most >= 0 && most < least || Math.max(least, most) > MOST_REPEATS) {
            throw unfit("{%s}".formatted(bounds), "write bounds in their order, at most " + MOST_REPEATS);
        }
        return new Repeat(part, least, most);
    }

    private Pattern atom() {
        int sign = text[at++];
        return switch (sign) {
            case '(' -> group();
            case '[' -> new Chars(characters());
            case '.' -> new Chars(LINE);
            case '\\' -> new Chars(escape(false));
            case '*', '+', '?', '{' -> throw unfit("'%s' with nothing before it".formatted((char) sign),
                    "write \\%s for the character itself".formatted((char) sign));
            default -> new Chars(CodePoints.of(Character.toString(sign)));
        };
    }

    private Pattern group() {
        if (take('?')) {
            int start = at;
            boolean plain = take(':');
            boolean named = !plain && (take('P') | true) && take('<') && at < text.length && text[at] != '='
                    && text[at] != '!';
            if (named) {
                while (at < text.length && !take('>')) {
                    at++;
                }
            } else if (!plain) {
                throw unfit("'(?%s'".formatted(start < text.length ? Character.toString(text[start]) : ""),
                        "write it without looking around, back or at flags");
            }
        }
        Pattern inside = either();
        if (!take(')')) {
            throw unfit(at < text.length ? rest() : "a group without its end", "close the group with )");
        }
        return inside;
    }

    private CodePoints characters() {
        boolean not = take('^');
        CodePoints set = CodePoints.of();
        boolean first = true;
        while (at < text.length && (text[at] != ']' || first)) {
            first = false;
            CodePoints low = one();
            if (at + 1 < text.length && text[at] == '-' && text[at + 1] != ']') {
                at++;
                CodePoints high = one();
                set = set.and(CodePoints.of(new int[] {single(low), single(high)}));
                if (single(low) > single(high)) {
                    throw unfit("a range from its end to its beginning", "write the lower character first");
                }
            } else {
                set = set.and(low);
            }
        }
        if (!take(']')) {
            throw unfit("a class without its end", "close it with ]");
        }
        return not ? set.complement() : set;
    }

    private CodePoints one() {
        int sign = text[at++];
        return sign == '\\' ? escape(true) : CodePoints.of(Character.toString(sign));
    }

    private int single(CodePoints set) {
        if (set.ranges().size() != 1 || set.ranges().getFirst()[0] != set.ranges().getFirst()[1]) {
            throw unfit("a range between classes", "write - last in the class for the character itself");
        }
        return set.ranges().getFirst()[0];
    }

    private CodePoints escape(boolean inClass) {
        if (at == text.length) {
            throw unfit("a \\ at the end", "write \\\\ for the character itself");
        }
        int sign = text[at++];
        return switch (sign) {
            case 'd' -> DIGITS;
            case 'D' -> DIGITS.complement();
            case 'w' -> WORD;
            case 'W' -> WORD.complement();
            case 's' -> BLANKS;
            case 'S' -> BLANKS.complement();
            case 't' -> CodePoints.of("\t");
            case 'n' -> CodePoints.of("\n");
            case 'r' -> CodePoints.of("\r");
            case 'f' -> CodePoints.of("\f");
            case 'v' -> CodePoints.of("\u000b");
            case 'x' -> hexadecimal(2);
            case 'u' -> hexadecimal(4);
            default -> {
                boolean letter = Character.isLetterOrDigit(sign);
                if (letter) {
                    throw unfit("'\\%s'".formatted(Character.toString(sign)), inClass
                            ? "write the characters themselves"
                            : "write it without boundaries, back references and properties of characters");
                }
                yield CodePoints.of(Character.toString(sign));
            }
        };
    }

    private CodePoints hexadecimal(int digits) {
        String written = at + digits <= text.length ? new String(text, at, digits) : "";
        if (!written.matches("[0-9A-Fa-f]+")) {
            throw unfit("an escape without %s hexadecimal digits".formatted(digits), "write all of them");
        }
        at += digits;
        return CodePoints.of(Character.toString(Integer.parseInt(written, 16)));
    }

    private boolean take(int sign) {
        boolean there = at < text.length && text[at] == sign;
        at += there ? 1 : 0;
        return there;
    }

    private String rest() {
        return "'%s' at character %s".formatted(Character.toString(text[at]), at + 1);
    }

    private DataException unfit(String got, String remedy) {
        return new DataException(place, "a regular expression that a finite automaton can follow", got, remedy);
    }
}
