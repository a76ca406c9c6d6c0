package dev.socratic.datasets.answer;

import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a text is set, taken out of it: lines that open and close code, tags of HTML, its entities. Every character
/// keeps its place.
final class Markup {
    private static final Pattern FENCE = Pattern.compile("(?m)^[ \\t>]{0,9}(?:```|~~~)[\\w+ -]{0,30}$");
    private static final Pattern TAG =
            Pattern.compile("</?(?:b|strong|i|em|u|code|pre|p|div|span|font|br|center|mark|big|small|tt|kbd|h[1-6]"
            + "|li|ul|ol|td|tr|math)"
            + "(?:\\s[^<>\\n]{0,200})?/?>|<su[bp]>|</su[bp]>", Pattern.CASE_INSENSITIVE);
    private static final Pattern ENTITY =
            Pattern.compile("&(?:nbsp|lt|gt|amp|minus|times|divide|deg|le|ge|frac12|frac14|frac34|pi|radic|sup2|sup3"
            + "|#36|#37);");
    private static final Map<String, String> ENTITIES = Map.ofEntries(
            Map.entry("&nbsp;", " "), Map.entry("&lt;", "<"), Map.entry("&gt;", ">"), Map.entry("&amp;", "&"),
                    Map.entry("&minus;", "-"),
            Map.entry("&times;", "\u00d7"), Map.entry("&divide;", "\u00f7"), Map.entry("&deg;", "\u00b0"),
                    Map.entry("&le;", "\u2264"),
            Map.entry("&ge;", "\u2265"), Map.entry("&frac12;", "\u00bd"), Map.entry("&frac14;", "\u00bc"),
                    Map.entry("&frac34;", "\u00be"),
            Map.entry("&pi;", "\u03c0"), Map.entry("&radic;", "\u221a"), Map.entry("&sup2;", "\u00b2"),
                    Map.entry("&sup3;", "\u00b3"),
            Map.entry("&#36;", "$"), Map.entry("&#37;", "%"));

    private Markup() {}

    static String plain(String text) {
        String s = text;
        if (s.contains("```") || s.contains("~~~")) {
            s = FENCE.matcher(s).replaceAll(m -> " ".repeat(m.group().length()));
        }
        if (s.indexOf('<') >= 0) {
            s = TAG.matcher(s).replaceAll(m -> Matcher.quoteReplacement(tag(m)));
        }
        return s.indexOf('&') < 0 ? s : ENTITY.matcher(s)
                .replaceAll(m -> Matcher.quoteReplacement(padded(ENTITIES.get(m.group()), m)));
    }

    private static String tag(MatchResult tag) {
        return switch (tag.group().toLowerCase(Locale.ROOT)) {
            case "<sup>" -> padded("^{", tag);
            case "<sub>" -> padded("_{", tag);
            case "</sup>", "</sub>" -> padded("}", tag);
            case String other -> padded("", tag);
        };
    }

    private static String padded(String text, MatchResult match) {
        return text + " ".repeat(match.group().length() - text.length());
    }
}
