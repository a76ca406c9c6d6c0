package dev.socratic.datasets.answer;

import java.text.Normalizer;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The many spellings of one formula, brought to fewer: spacing, sizes, Unicode signs, digit grouping.
final class Latex {
    private static final Map<String, String> SIGNS = Map.ofEntries(
            Map.entry("\u2212", "-"), Map.entry("\u2013", "-"), Map.entry("\u00d7", "\\times "),
                    Map.entry("\u00f7", "/"),
            Map.entry("\u00b7", "\\cdot "), Map.entry("\u03c0", "\\pi "), Map.entry("\u221a", "\\sqrt "),
                    Map.entry("\u221e", "\\infty "),
            Map.entry("\u2264", "\\le "), Map.entry("\u2265", "\\ge "), Map.entry("\u2260", "\\ne "),
                    Map.entry("\u2248", "\\approx "),
            Map.entry("\u222a", "\\cup "), Map.entry("\u2208", "\\in "), Map.entry("\u00b1", "\\pm "),
                    Map.entry("\u00b0", "^\\circ "),
            Map.entry("\u00b2", "^2"), Map.entry("\u00b3", "^3"), Map.entry("\u00bd", " 1/2"),
                    Map.entry("\u00bc", " 1/4"),
            Map.entry("\u00be", " 3/4"), Map.entry("\u2153", " 1/3"), Map.entry("\u2154", " 2/3"),
                    Map.entry("\u00a0", " "),
            Map.entry("\u202f", " "), Map.entry("\u2009", " "), Map.entry(">=", "\\ge "), Map.entry("<=", "\\le "),
                    Map.entry("!=", "\\ne "),
            Map.entry("\u2044", "/"));
    private static final Pattern SIGN =
            Pattern.compile("[\u2212\u2013\u00d7\u00f7\u00b7\u03c0\u221a\u221e\u2264\u2265\u2260\u2248\u222a"
            + "\u2208\u00b1\u00b0\u00b2\u00b3\u00bd\u00bc\u00be\u2153\u2154\u00a0\u202f\u2009\u2044]|>=|<=|!=");
    /// Text that went through one escaping too many has `\\frac`; a row end of a matrix is never followed by one of
    /// these at once.
    private static final Pattern DOUBLED = Pattern.compile(
            "\\\\\\\\(?=(?:left|right|[dtc]?frac|boxed|le|ge|leq|geq|lt|gt|text|mathrm|sqrt|pi|cdot|times|pm|cup|in"
                    + "|infty|quad|[!,;%$]))");
    private static final Pattern GROUPING =
            Pattern.compile("(?<=\\d)(?:,\\s*\\\\!\\s*|\\{,}(?=\\d{3}(?!\\d))|\\\\,(?=\\d{3}))(?=\\d)");
    /// What half of Europe writes for a decimal point in LaTeX.
    private static final Pattern DECIMAL_BRACES = Pattern.compile("(?<=\\d)\\{,}(?=\\d)");
    /// Colours, sizes and empty space: how a value looks, not what it is.
    private static final Pattern LOOK =
            Pattern.compile("\\\\(?:text)?color\\s*(?:\\[[^\\]{}]{0,40}])?\\s*\\{[^{}]{0,60}}"
            + "|\\\\f?colorbox\\s*(?:\\{[^{}]{0,60}}){1,2}(?=\\s*\\{)"
            + "|\\\\[vh]?phantom\\s*\\{[^{}]{0,60}}|\\\\[vh]space\\*?\\s*\\{[^{}]{0,60}}|\\\\(?:label"
                    + "|tag)\\*?\\s*\\{[^{}]{0,60}}"
            + "|\\\\(?:tiny|scriptsize|footnotesize|small|normalsize|large|Large|LARGE|huge|Huge|bfseries|itshape"
                    + "|ttfamily|sffamily|rmfamily|normalfont"
            + "|boldmath|scriptstyle|scriptscriptstyle|mathstrut|strut|noindent|centering|nolimits|nobreak"
                    + "|cal)(?![a-zA-Z])");
    /// `{\\rm cm}`, `\\bf{29}`.
    private static final Pattern OLD_FONT =
            Pattern.compile("\\{\\s*\\\\(?:rm|bf|it|sf|tt|sl|em)(?![a-zA-Z])\\s*|\\\\(?:rm|bf|it|sf|tt|sl|em)\\s*\\{");
    private static final Pattern SUPERSCRIPT =
            Pattern.compile("[\u2070\u00b9\u00b2\u00b3\u2074-\u2079\u207a\u207b\u207f]+");
    private static final Pattern SUBSCRIPT = Pattern.compile("[\u2080-\u2089]+");
    private static final Pattern FRACTION = Pattern.compile("[\u00bc-\u00be\u2150-\u215e]");
    private static final Pattern TEMPERATURE =
            Pattern.compile("\\\\degree\\s*(?:\\\\(?:text|mathrm)\\s*\\{\\s*([CF])\\s*}|([CF])(?![a-zA-Z]))");
    /// `3 x 10^5`
    private static final Pattern TIMES_TEN = Pattern.compile("(?<=\\d)\\s{0,3}[xX]\\s{0,3}(?=10\\s{0,3}\\^)");
    private static final Pattern HALF_DAY = Pattern.compile("(?i)(?<![a-z])([ap])\\.\\s?m(?![a-z])\\.?");
    private static final Pattern DOLLARS =
            Pattern.compile("(?<![\\p{L}\\\\])(?:US|AU|CA|NZ|HK|NT|[ACSR])\\s?\\\\?\\$(?=\\s?\\d)");
    private static final Pattern RUPEES = Pattern.compile("(?i)(?<![\\p{L}\\\\])(?:rs\\.?|inr)\\s?(?=\\d)");
    private static final Pattern SPACING =
            Pattern.compile("\\\\(?:q?quad|enspace|thinspace|displaystyle|textstyle|limits|hfill)(?![a-z]{9})"
                    + "|(?<!\\\\)\\\\[,;:> ]|~|[\\n\\r\\t]");
    private static final Pattern SIZING = Pattern.compile("\\\\(?:left|right|[bB]igg?[lrm]?)(?![a-zA-Z])\\.?|\\\\!");
    private static final Pattern DEGREES = Pattern.compile("\\^\\s*(?:\\{\\s*\\\\circ\\s*}|\\\\circ)|\\\\degree");
    private static final Pattern SPACED_GROUPS =
            Pattern.compile("(?<![\\d.,/^_] ?)(?<!\\d)\\d{1,3}(?: \\d{3})+(?!\\d| ?/)");
    private static final Pattern REALS = Pattern.compile("^(.*\\\\in\\s*)?(?:\\\\mathbb\\s*(?:\\{R}|R)|\u211d)$");
    private static final Pattern ENDS = Pattern.compile("^[\\s.,;:]+(?![\\d])|[\\s.,;:]+$");

    private Latex() {}

    static String clean(String text) {
        String s = scripts(Folding.text(text));
        s = SIGN.matcher(s).replaceAll(m -> Matcher.quoteReplacement(SIGNS.get(m.group())));
        s = DOUBLED.matcher(s).replaceAll("\\\\");
        s = LOOK.matcher(s).replaceAll(" ");
        s = OLD_FONT.matcher(s).replaceAll("\\\\text{");
        s = currencies(s);
        s = GROUPING.matcher(s).replaceAll("");
        s = DECIMAL_BRACES.matcher(s).replaceAll(".");
        s = SIZING.matcher(s).replaceAll("");
        s = SPACING.matcher(s).replaceAll(" ");
        s = DEGREES.matcher(s).replaceAll("\\\\degree ");
        s = TEMPERATURE.matcher(s)
                .replaceAll(m -> "\\\\text{deg" + (m.group(1) == null ? m.group(2) : m.group(1)) + "}");
        s = TIMES_TEN.matcher(s).replaceAll(" \\\\times ");
        s = HALF_DAY.matcher(s).replaceAll("$1m");
        s = withoutDelimiters(s.strip());
        s = ENDS.matcher(s).replaceAll("").strip();
        s = REALS.matcher(s).replaceAll(m -> Matcher.quoteReplacement(
                (m.group(1) == null ? "" : m.group(1)) + "(-\\infty, \\infty)"));
        s = SPACED_GROUPS.matcher(s).replaceAll(m -> m.group().replace(" ", ""));
        return NumberWords.inDigits(s);
    }

    /// Raised and lowered digits and fractions in one character.
    private static String scripts(String text) {
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text;
        }
        String s = SUPERSCRIPT.matcher(text).replaceAll(m -> "^{" + plain(m.group()) + "}");
        s = SUBSCRIPT.matcher(s).replaceAll(m -> "_{" + plain(m.group()) + "}");
        return FRACTION.matcher(s).replaceAll(m -> " " + plain(m.group()).replace('\u2044', '/'));
    }

    private static String plain(String styled) {
        return Normalizer.normalize(styled, Normalizer.Form.NFKC).replace('\u2212', '-');
    }

    /// Dollars of every country are dollars: which ones is no part of a sum in a story.
    private static String currencies(String text) {
        String s = text.indexOf('$') < 0 ? text : DOLLARS.matcher(text).replaceAll(m -> "\\$");
        return RUPEES.matcher(s).replaceAll("\u20b9");
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
