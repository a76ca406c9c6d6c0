package dev.socratic.curator.filter;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds what is left of a web page: tags that lay a page out, scripts, character references. Where question or answer
/// are about code or the web, and inside of code, it is what was asked for. Tags that Markdown takes over (`<br>`,
/// `<b>`, `<sub>`) are not remnants.
final class WebRemnants {
    private static final Pattern CODE = Pattern.compile("(?s)```.*?(?:```|$)|`[^`\\n]{1,200}`");
    private static final Pattern REMNANT = Pattern.compile(
            "(?i)</?(?:div|span|script|style|iframe|html|body|head|table|tbody|td|tr|ul|ol|li|p|a|img|font|form|input"
                    + "|button|nav|section|article|meta|link)"
                    + "(?:\\s+[a-z-]{1,20}\\s?=[^<>]{0,300})?\\s{0,3}/?>|<!--|<!doctype|&(?:nbsp|amp|lt|gt|quot|apos"
                            + "|mdash|ndash|rsquo|lsquo|ldquo|rdquo|hellip|times|eacute);|&#x?[0-9a-f]{2,6};");
    private static final Pattern ABOUT_CODE = Pattern.compile(
            "(?i)\\b(?:html|xml|svg|css|javascript|jsx|react|vue|php|web ?page|website|webpage|web ?site|tags?|markup"
                    + "|code|script|dom|url|browser)\\b");

    private WebRemnants() {}

    private static boolean mayHave(String text) {
        return text.indexOf('<') >= 0 || text.indexOf('&') >= 0;
    }

    /// @return the first remnant
    static Optional<String> find(String question, String answer) {
        if (!mayHave(question) && !mayHave(answer)) {
            return Optional.empty();
        }
        if (ABOUT_CODE.matcher(question).find()) {
            return Optional.empty();
        }
        Matcher asked = REMNANT.matcher(CODE.matcher(question).replaceAll(" "));
        if (asked.find()) {
            return Optional.of(asked.group());
        }
        Matcher said = REMNANT.matcher(CODE.matcher(answer).replaceAll(" "));
        return said.find() ? Optional.of(said.group()) : Optional.empty();
    }
}
