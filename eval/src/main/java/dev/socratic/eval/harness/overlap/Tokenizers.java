package dev.socratic.eval.harness.overlap;

import java.util.regex.Pattern;

/// The ways sacrebleu makes words of a text.
final class Tokenizers {
    private static final Pattern SIGNS = Pattern.compile("([\\{-\\~\\[-\\` -\\&\\(-\\+\\:-\\@\\/])");
    private static final Pattern POINT_BEHIND = Pattern.compile("([^0-9])([.,])", Pattern.DOTALL);
    private static final Pattern POINT_BEFORE = Pattern.compile("([.,])([^0-9])", Pattern.DOTALL);
    private static final Pattern DASH = Pattern.compile("([0-9])(-)");
    private static final Pattern BEHIND = Pattern.compile("(\\P{N})(\\p{P})");
    private static final Pattern BEFORE = Pattern.compile("(\\p{P})(\\P{N})");
    private static final Pattern SYMBOL = Pattern.compile("(\\p{S})");

    private Tokenizers() {}

    /// `13a`: mteval-v13a.pl of WMT.
    static String words13a(String text) {
        String line = " " + text.replace("<skipped>", "").replace("-\n", "").replace("\n", " ")
                .replace("&quot;", "\"").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">") + " ";
        line = SIGNS.matcher(line).replaceAll(" $1 ");
        line = POINT_BEHIND.matcher(line).replaceAll("$1 $2 ");
        line = POINT_BEFORE.matcher(line).replaceAll(" $1 $2");
        return DASH.matcher(line).replaceAll("$1 $2 ");
    }

    /// `intl`: mteval-v14.pl, international.
    static String international(String text) {
        String line = BEHIND.matcher(text).replaceAll("$1 $2 ");
        line = BEFORE.matcher(line).replaceAll(" $1 $2");
        return SYMBOL.matcher(line).replaceAll(" $1 ");
    }
}
