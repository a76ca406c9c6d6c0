package dev.socratic.curator.repair;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Comment;
import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Entities;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jsoup.select.NodeVisitor;

/// Takes out what is left of a web page: tags that lay a page out, scripts, styles, comments, character references.
///
/// Left alone are code (fences, spans of Markdown), formulas between dollars, `\(`, `\[` and environments of LaTeX,
/// tags that Markdown takes over (`<b>`, `<sub>`), and whatever only looks like a tag: `a < b`, `x<y>z`,
/// `vector<int>`. Blocks become lines, items of lists `- `, preformatted text a fence; blanks and line breaks of the
/// text stay as they are, for what is repaired here is a text with remnants and not a page.
final class HtmlText {
    private static final Pattern CODE = Pattern.compile("(?s)```.*?(?:```|$)|~~~.*?(?:~~~|$)|`[^`\\n]{1,200}`"
            + "|\\$\\$.{1,2000}?\\$\\$|\\$[^$\\n]{1,300}\\$|\\\\\\(.{1,1000}?\\\\\\)|\\\\\\[.{1,2000}?\\\\\\]"
            + "|\\\\begin\\{(\\w+\\*?)\\}.*?\\\\end\\{\\1\\}");
    private static final String NAMES = "div|span|script|style|iframe|html|body|head|title|table|thead|tbody|tfoot|td"
            + "|th|tr|ul|ol|li|dl|dt|dd|p|a|img|font|form|input|button|nav|section|article|aside|header|footer|main"
            + "|figure|figcaption|meta|link|center|blockquote|pre|h[1-6]|br|hr";
    private static final String ATTRIBUTES = "(?:\\s+[a-zA-Z][a-zA-Z0-9:_-]{0,30}\\s{0,3}=\\s{0,3}"
            + "(?:\"[^\"<]{0,2000}\"|'[^'<]{0,2000}'|[^\\s\"'<>=]{1,300}))";
    private static final Pattern TAG = Pattern.compile("(?i)</?(" + NAMES + ")(" + ATTRIBUTES
            + "{0,20}+)\\s{0,3}/?>|<!--.{0,5000}?-->|<!doctype[^<>]{0,200}>", Pattern.DOTALL);
    private static final Pattern REFERENCE = Pattern.compile("&(?:([a-zA-Z][a-zA-Z0-9]{1,30})"
            + "|#[0-9]{2,7}|#[xX][0-9a-fA-F]{2,6});");
    /// Names of references that are also names in programs and formulas.
    private static final Set<String> NOT_MEANT = Set.of("it", "in", "int", "or", "and", "ni", "sum", "sub", "sup", "ap",
            "ac", "af", "map", "gg", "ll", "lg", "gl", "el", "top", "par", "num", "die", "not", "dot", "lap", "lat",
            "mid", "mp", "pm", "pr", "sc", "rx", "sol", "target", "phone", "copf", "image", "range", "scalar");
    private static final Set<String> BLOCKS = Set.of("div", "p", "table", "tr", "ul", "ol", "li", "dl", "dt", "dd",
            "form", "nav", "section", "article", "aside", "header", "footer", "main", "figure", "figcaption", "center",
            "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "title");

    private HtmlText() {}

    /// @return the first remnant, as it stands in the text
    static Optional<String> find(String text) {
        if (text.indexOf('<') < 0 && text.indexOf('&') < 0) {
            return Optional.empty();
        }
        String plain = masked(text);
        boolean tags = isPage(plain);
        Matcher tag = TAG.matcher(plain);
        if (tags && tag.find()) {
            return Optional.of(tag.group());
        }
        Matcher reference = REFERENCE.matcher(plain);
        while (reference.find()) {
            if (isMeant(reference)) {
                return Optional.of(reference.group());
            }
        }
        return Optional.empty();
    }

    /// @return without the remnants; the same where there are none
    static String plain(String text) {
        return find(text).isEmpty() ? text : isPage(masked(text)) ? withoutTags(text) : withoutReferences(text);
    }

    /// Code and formulas as blanks of the same length.
    private static String masked(String text) {
        return CODE.matcher(text).replaceAll(found -> " ".repeat(found.group().length()));
    }

    /// `<p>` and `<a>` alone may be a variable between signs: they need an attribute, an end or another tag.
    private static boolean isPage(String plain) {
        Matcher tag = TAG.matcher(plain);
        while (tag.find()) {
            String name = tag.group(1) == null ? "comment" : tag.group(1);
            if (name.length() > 1 || !tag.group(2).isEmpty() || tag.group().startsWith("</")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMeant(Matcher reference) {
        String name = reference.group(1);
        return name == null || Entities.isNamedEntity(name) && !NOT_MEANT.contains(name);
    }

    private static String withoutReferences(String text) {
        StringBuilder out = new StringBuilder();
        outsideCode(text, part -> out.append(REFERENCE.matcher(part).replaceAll(found ->
                Matcher.quoteReplacement(decoded((Matcher) found)))), out);
        return out.toString();
    }

    private static String decoded(Matcher reference) {
        return isMeant(reference) ? Parser.unescapeEntities(reference.group(), false).replace('\u00a0', ' ')
                : reference.group();
    }

    /// What is no tag or reference is escaped first, so that the parser sees only those.
    private static String withoutTags(String text) {
        StringBuilder page = new StringBuilder();
        outsideCode(text, part -> {
            Matcher tag = TAG.matcher(part);
            int at = 0;
            while (tag.find()) {
                page.append(escaped(part.substring(at, tag.start()))).append(tag.group());
                at = tag.end();
            }
            page.append(escaped(part.substring(at)));
        }, new Escaping(page));
        Document document = Jsoup.parse(page.toString(), Parser.htmlParser());
        Text out = new Text();
        document.traverse(out);
        return out.text.toString().strip();
    }

    private static String escaped(String part) {
        StringBuilder out = new StringBuilder();
        Matcher reference = REFERENCE.matcher(part);
        int at = 0;
        while (reference.find()) {
            String decoded = decoded(reference);
            out.append(entities(part.substring(at, reference.start()))).append(entities(decoded));
            at = reference.end();
        }
        return out.append(entities(part.substring(at))).toString();
    }

    private static String entities(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /// Receives code as it stands.
    private record Escaping(StringBuilder page) implements Appendable {
        @Override
        public Appendable append(CharSequence text) {
            page.append(entities(text.toString()));
            return this;
        }

        @Override
        public Appendable append(CharSequence text, int start, int end) {
            return append(text.subSequence(start, end));
        }

        @Override
        public Appendable append(char c) {
            return append(String.valueOf(c));
        }
    }

    private static void outsideCode(String text, java.util.function.Consumer<String> plain, Appendable code) {
        Matcher found = CODE.matcher(text);
        int at = 0;
        try {
            while (found.find()) {
                plain.accept(text.substring(at, found.start()));
                code.append(found.group());
                at = found.end();
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e); // a text in memory does not fail
        }
        plain.accept(text.substring(at));
    }

    /// Writes a page as text.
    private static final class Text implements NodeVisitor {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void head(Node node, int depth) {
            switch (node) {
                case Comment ignored -> {}
                case DataNode ignored -> {} // scripts and styles
                case TextNode words -> text.append(words.getWholeText());
                case Element element -> begin(element.normalName());
                default -> {}
            }
        }

        @Override
        public void tail(Node node, int depth) {
            if (node instanceof Element element) {
                String name = element.normalName();
                if (name.equals("pre")) {
                    line();
                    text.append("```");
                }
                if (BLOCKS.contains(name)) {
                    line();
                } else if (name.equals("td") || name.equals("th")) {
                    text.append(' ');
                }
            }
        }

        private void begin(String name) {
            if (BLOCKS.contains(name)) {
                line();
            }
            switch (name) {
                case "li" -> text.append("- ");
                case "pre" -> text.append("```\n");
                case "br" -> text.append('\n');
                default -> {}
            }
        }

        private void line() {
            while (!text.isEmpty() && text.charAt(text.length() - 1) == ' ') {
                text.setLength(text.length() - 1);
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
                text.append('\n');
            }
        }
    }
}
