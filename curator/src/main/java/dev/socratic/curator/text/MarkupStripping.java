package dev.socratic.curator.text;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What markup leaves in a text: character references of HTML, its tags, escapes that were never resolved (`\n` as two
/// characters), marks of bold and italic print. Formulas keep their signs: `\neq`, `2 * 3`, `a < b`.
final class MarkupStripping {
    private static final Pattern REFERENCE =
            Pattern.compile("&(?:#(\\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,8}));");

    /// Names of characters with what they stand for; `_` for nothing and `~` for a blank.
    private static final Map<String, String> NAMED = named(
            "nbsp ~ ensp ~ emsp ~ thinsp ~ amp & lt < gt > quot \" apos ' lsquo ' rsquo ' ldquo \" rdquo \" laquo \" "
                    + "raquo \" "
                    + "ndash - mdash - minus - hellip ... times \u00D7 divide \u00F7 frac12 1/2 frac14 1/4 frac34 3/4 "
                    + "deg \u00B0 euro \u20AC pound \u00A3 shy _ zwnj _ zwj _ lrm _ rlm _");

    private static final String TAGS = "a|abbr|b|big|blockquote|br|code|div|em|font|h[1-6]|hr|i|img|ins|del|kbd|li|mark"
            + "|ol|p|pre|q|s"
            + "|small|span|strong|sub|sup|table|tbody|td|th|thead|tr|tt|u|ul|var";
    private static final String VALUE = "(?:\"[^\"<>]{0,300}+\"|'[^'<>]{0,300}+'|[^\\s<>]{1,300}+)";
    private static final Pattern TAG = Pattern.compile(
            "</?(?:" + TAGS + ")(?:\\s{1,9}[a-zA-Z-]{1,20}=" + VALUE + "){0,9}\\s{0,9}/?>", Pattern.CASE_INSENSITIVE);

    /// Tags around part of a line, which leave no gap.
    private static final Set<String> INLINE = Set.of(
            "b", "i", "u", "s", "em", "strong", "span", "font", "mark", "small", "big", "sub", "sup", "tt", "code",
                    "a");

    private static final Pattern ESCAPE = Pattern.compile("\\\\([nrt])([A-Za-z]{0,20})");

    /// Commands of LaTeX that begin like an escape.
    private static final Set<String> COMMANDS = Set.of((
            "ne neq neg not notin nmid nabla nu ngeq nleq ni nexists newline nolimits nonumber normalsize nsubseteq "
                    + "ncong "
                    + "nparallel natural rho right rightarrow rangle rceil rfloor rm rtimes root raisebox rule rvert "
                            + "renewcommand real "
                    + "text textbf textit textrm textsf texttt textstyle theta thinspace times tan tanh tau to top "
                            + "triangle "
                    + "triangleq tfrac tbinom tilde tiny tag therefore trianglelefteq").split(" ", -1));

    private static final Pattern STARS = Pattern.compile("\\*+");

    private MarkupStripping() {}

    static String plain(String text) {
        String plain = text;
        if (plain.indexOf('&') >= 0) {
            plain = REFERENCE.matcher(plain).replaceAll(MarkupStripping::character);
        }
        if (plain.indexOf('<') >= 0) {
            plain = TAG.matcher(plain).replaceAll(tag -> isInline(tag.group()) ? "" : " ");
        }
        if (plain.indexOf('\\') >= 0) {
            plain = ESCAPE.matcher(plain).replaceAll(MarkupStripping::escape);
        }
        return plain.indexOf('*') < 0 ? plain : withoutStars(plain);
    }

    private static String character(MatchResult reference) {
        if (reference.group(3) != null) {
            String known = NAMED.get(reference.group(3).toLowerCase(Locale.ROOT));
            return Matcher.quoteReplacement(known == null ? reference.group() : known);
        }
        int c = reference.group(1) != null ? Integer.parseInt(reference.group(1))
                : Integer.parseInt(reference.group(2), 16);
        return Character.isValidCodePoint(c) && c >= ' ' ? Matcher.quoteReplacement(Character.toString(c)) : " ";
    }

    private static boolean isInline(String tag) {
        return INLINE.contains(tag.replaceAll("[</>]", "").split("\\s", 2)[0].toLowerCase(Locale.ROOT));
    }

    private static Map<String, String> named(String pairs) {
        String[] parts = pairs.split(" ", -1);
        Map<String, String> named = new HashMap<>();
        for (int i = 0; i < parts.length; i += 2) {
            named.put(parts[i], parts[i + 1].equals("_") ? "" : parts[i + 1].equals("~") ? " " : parts[i + 1]);
        }
        return Map.copyOf(named);
    }

    private static String escape(MatchResult escape) {
        String command = escape.group(1) + escape.group(2);
        return COMMANDS.contains(command) ? Matcher.quoteReplacement(escape.group()) : " " + escape.group(2);
    }

    /// A star is a sign between two operands that are spaced alike (`2*3`, `2 * 3`); elsewhere it marks print or an
    /// item of a list.
    private static String withoutStars(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        Matcher stars = STARS.matcher(text);
        int from = 0;
        while (stars.find()) {
            plain.append(text, from, stars.start());
            if (isSign(text, stars.start(), stars.end())) {
                plain.append(stars.group());
            }
            from = stars.end();
        }
        return plain.append(text, from, text.length()).toString();
    }

    private static boolean isSign(String text, int start, int end) {
        if (start == 0 || end == text.length()) {
            return false;
        }
        char left = text.charAt(start - 1);
        char right = text.charAt(end);
        if (Character.isWhitespace(left) != Character.isWhitespace(right)) {
            return false;
        }
        if (Character.isWhitespace(left)) {
            return end - start == 1 && !text.substring(text.lastIndexOf('\n', start - 1) + 1, start).isBlank();
        }
        return (Character.isLetterOrDigit(left) || left == ')' || left == ']' || left == '}')
                && (Character.isLetterOrDigit(right) || right == '(' || right == '[' || right == '-' || right == '\\'
                        || right == '$');
    }
}
