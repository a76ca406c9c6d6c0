package dev.socratic.models.constrain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.models.constrain.Pattern.Chars;
import dev.socratic.models.constrain.Pattern.Repeat;
import dev.socratic.models.constrain.Pattern.Sequence;
import java.util.List;
import java.util.Map;

/// How texts, numbers and literals of JSON are written.
///
/// A number has at most 18 digits before its point (so a whole one fits 64 bits), 18 behind it and 2 of its exponent.
/// A free text is written with any escape but those of surrogates; one that a pattern or a list of values names is
/// written in one way only, escaped no more than JSON demands.
final class JsonTexts {
    private static final CodePoints CONTROLS = CodePoints.of(new int[] {0, 0x1F});
    private static final CodePoints PLAIN = CONTROLS.and(CodePoints.of("\"\\")).complement();
    private static final Map<Integer, String> SHORT = Map.of((int) '\n', "\\n", (int) '\t', "\\t", (int) '\r', "\\r",
            (int) '\b', "\\b", (int) '\f', "\\f", (int) '"', "\\\"", (int) '\\', "\\\\");
    private static final String WHOLE = "-?(?:0|[1-9][0-9]{0,17})";
    private static final String NUMBER = WHOLE + "(?:\\.[0-9]{1,18})?(?:[eE][+-]?[0-9]{1,2})?";

    private JsonTexts() {}

    /// A character inside of a text, written in one way.
    static final Pattern.Spelling ESCAPED = (from, set, to) -> {
        Utf8.add(from, set.without(PLAIN.complement()), to);
        CodePoints escaped = set.without(PLAIN);
        escaped.ranges().forEach(range -> {
            for (int point = range[0]; point <= range[1]; point++) {
                String hexadecimal = "\\u00" + Character.forDigit(point >> 4, 16) + Character.forDigit(point & 15, 16);
                Utf8.add(from, SHORT.getOrDefault(point, hexadecimal), to);
            }
        });
    };

    /// Leads from one node to another by any one character of a text, written in any way.
    private static void anyCharacter(Node from, CodePoints ignored, Node to) {
        Utf8.add(from, PLAIN, to);
        Node escape = new Node();
        Utf8.add(from, "\\", escape);
        Utf8.add(escape, CodePoints.of("\"\\/bfnrt"), to);
        Node[] digits = {new Node(), new Node(), new Node(), new Node()};
        Utf8.add(escape, "u", digits[0]);
        Node low = new Node(); // no surrogates: D800 to DFFF
        Utf8.add(digits[0], CodePoints.of("0123456789ABCEFabcef"), digits[1]);
        Utf8.add(digits[0], CodePoints.of("Dd"), low);
        Utf8.add(low, CodePoints.of("01234567"), digits[2]);
        CodePoints hexadecimal = CodePoints.of("0123456789ABCDEFabcdef");
        Utf8.add(digits[1], hexadecimal, digits[2]);
        Utf8.add(digits[2], hexadecimal, digits[3]);
        Utf8.add(digits[3], hexadecimal, to);
    }

    /// @param most characters at most; -1 for any number
    static void text(Node from, Node to, int least, int most, Pattern.Size size) {
        quoted(from, to, new Repeat(new Chars(CodePoints.ALL), least, most), JsonTexts::anyCharacter, size);
    }

    static void text(Node from, Node to, Pattern pattern, Pattern.Size size) {
        quoted(from, to, pattern, ESCAPED, size);
    }

    private static void quoted(Node from, Node to, Pattern inside, Pattern.Spelling spelling, Pattern.Size size) {
        Node begin = new Node();
        Node end = new Node();
        Utf8.add(from, "\"", begin);
        inside.add(begin, end, spelling, size);
        Utf8.add(end, "\"", to);
    }

    static void whole(Node from, Node to, Pattern.Size size) {
        PatternParser.parse("integer", WHOLE).pattern().add(from, to, Utf8::add, size);
    }

    static void number(Node from, Node to, Pattern.Size size) {
        PatternParser.parse("number", NUMBER).pattern().add(from, to, Utf8::add, size);
    }

    /// A value as it is, in one spelling.
    static void literal(Node from, Node to, JsonNode value) {
        Utf8.add(from, value.toString(), to);
    }

    /// A name of a member and its colon, behind which one blank may stand.
    static void name(Node from, Node to, Pattern name, Pattern.Size size) {
        Node end = new Node();
        text(from, end, name, size);
        after(":", end, to);
    }

    static Pattern exactly(String text) {
        return new Sequence(text.codePoints()
                .mapToObj(point -> (Pattern) new Chars(CodePoints.of(Character.toString(point)))).toList());
    }

    /// A mark, behind which one blank may stand.
    static void after(String mark, Node from, Node to) {
        Node marked = new Node();
        Utf8.add(from, mark, marked);
        marked.empty(to);
        Utf8.add(marked, " ", to);
    }

    /// Names that no member named in a schema has: letters, digits, `_`, `-` and blanks, at least one.
    static void otherName(Node from, Node to, List<String> named) {
        Node begin = new Node();
        Utf8.add(from, "\"", begin);
        Node free = new Node();
        Node end = new Node();
        Utf8.add(free, NAMES, free);
        Utf8.add(free, "\"", end);
        other(begin, named, free, end, true);
        after(":", end, to);
    }

    private static final CodePoints NAMES = CodePoints.of(new int[] {'0', '9'}, new int[] {'A', 'Z'},
            new int[] {'a', 'z'}, new int[] {'_', '_'}, new int[] {'-', '-'}, new int[] {' ', ' '});

    /// Follows the named ones as long as what is written may still become one of them.
    private static void other(Node at, List<String> named, Node free, Node end, boolean first) {
        CodePoints known = CodePoints.of();
        for (int point : named.stream().filter(name -> !name.isEmpty()).mapToInt(name -> name.charAt(0)).distinct()
                .filter(NAMES::contains).toArray()) {
            CodePoints one = CodePoints.of(Character.toString(point));
            Node next = new Node();
            Utf8.add(at, one, next);
            other(next, named.stream().filter(name -> !name.isEmpty() && name.charAt(0) == point)
                    .map(name -> name.substring(1)).toList(), free, end, false);
            known = known.and(one);
        }
        Utf8.add(at, NAMES.without(known), free);
        if (!first && !named.contains("")) {
            Utf8.add(at, "\"", end);
        }
    }
}
