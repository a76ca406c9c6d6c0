package dev.socratic.datasets.answer;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The many spellings of one formula, brought to fewer: spacing, sizes, Unicode signs, digit grouping.
final class Latex {
    private static final Map<String, String> SIGNS = Map.ofEntries(
            Map.entry("\u2212", "-"), Map.entry("\u2013", "-"), Map.entry("\u00d7", "\\times "), Map.entry("\u00f7", "/"),
            Map.entry("\u00b7", "\\cdot "), Map.entry("\u03c0", "\\pi "), Map.entry("\u221a", "\\sqrt "), Map.entry("\u221e", "\\infty "),
            Map.entry("\u2264", "\\le "), Map.entry("\u2265", "\\ge "), Map.entry("\u2260", "\\ne "), Map.entry("\u2248", "\\approx "),
            Map.entry("\u222a", "\\cup "), Map.entry("\u2208", "\\in "), Map.entry("\u00b1", "\\pm "), Map.entry("\u00b0", "^\\circ "),
            Map.entry("\u00b2", "^2"), Map.entry("\u00b3", "^3"), Map.entry("\u00bd", " 1/2"), Map.entry("\u00bc", " 1/4"),
            Map.entry("\u00be", " 3/4"), Map.entry("\u2153", " 1/3"), Map.entry("\u2154", " 2/3"), Map.entry("\u00a0", " "),
            Map.entry("\u202f", " "), Map.entry("\u2009", " "), Map.entry(">=", "\\ge "), Map.entry("<=", "\\le "), Map.entry("!=", "\\ne "),
            Map.entry("\u2044", "/"));
    private static final Pattern SIGN = Pattern.compile("[\u2212\u2013\u00d7\u00f7\u00b7\u03c0\u221a\u221e\u2264\u2265\u2260\u2248\u222a"
            + "\u2208\u00b1\u00b0\u00b2\u00b3\u00bd\u00bc\u00be\u2153\u2154\u00a0\u202f\u2009\u2044]|>=|<=|!=");
    /// Text that went through one escaping too many has `\\frac`; a row end of a matrix is never followed by one of these at once.
    private static final Pattern DOUBLED = Pattern.compile(
            "\\\\\\\\(?=(?:left|right|[dtc]?frac|boxed|le|ge|leq|geq|lt|gt|text|mathrm|sqrt|pi|cdot|times|pm|cup|in|infty|quad|[!,;%$]))");
    private static final Pattern GROUPING = Pattern.compile("(?<=\\d)(?:,\\s*\\\\!\\s*|\\{,}|\\\\,(?=\\d{3}))(?=\\d)");
    private static final Pattern SPACING =
            Pattern.compile("\\\\(?:q?quad|enspace|thinspace|displaystyle|textstyle|limits|hfill)(?![a-z]{9})|(?<!\\\\)\\\\[,;:> ]|~|[\\n\\r\\t]");
    private static final Pattern SIZING = Pattern.compile("\\\\(?:left|right|[bB]igg?[lrm]?)(?![a-zA-Z])\\.?|\\\\!");
    private static final Pattern DEGREES = Pattern.compile("\\^\\s*(?:\\{\\s*\\\\circ\\s*}|\\\\circ)|\\\\degree");
    private static final Pattern SPACED_GROUPS = Pattern.compile("([-+]?\\d{1,3})((?: \\d{3})+)((?:[.,]\\d+)?)");
    private static final Pattern ENDS = Pattern.compile("^[\\s.,;:]+(?![\\d])|[\\s.,;:]+$");

    private Latex() {}

    static String clean(String text) {
        String s = SIGN.matcher(text).replaceAll(m -> Matcher.quoteReplacement(SIGNS.get(m.group())));
        s = DOUBLED.matcher(s).replaceAll("\\\\");
        s = GROUPING.matcher(s).replaceAll("");
        s = SIZING.matcher(s).replaceAll("");
        s = SPACING.matcher(s).replaceAll(" ");
        s = DEGREES.matcher(s).replaceAll("\\\\degree ");
        s = withoutDelimiters(s.strip());
        s = ENDS.matcher(s).replaceAll("").strip();
        Matcher grouped = SPACED_GROUPS.matcher(s);
        return grouped.matches() ? grouped.group(1) + grouped.group(2).replace(" ", "") + grouped.group(3) : s;
    }

    /// @return the text without the signs that open and close a formula around all of it
    private static String withoutDelimiters(String s) {
        for (String[] pair : new String[][] {{"$$", "$$"}, {"\\(", "\\)"}, {"\\[", "\\]"}, {"$", "$"}}) {
            if (s.length() > pair[0].length() + pair[1].length()
                    && s.startsWith(pair[0])
                    && s.endsWith(pair[1])
                    && !s.endsWith("\\$")) {
                String inner = s.substring(pair[0].length(), s.length() - pair[1].length());
                if (!inner.contains(pair[0])) {
                    return inner.strip();
                }
            }
        }
        return s;
    }
}
