package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.socratic.cli.browser.Browser;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Markdown, formulas, word diffs and queries as the page's own modules make them.
@Tag("browser")
class ReviewPageTextsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void aBrowserIsThere() {
        assumeTrue(Browser.installed().isPresent(), "needs a Chromium on the path: apt-get install chromium");
    }

    private static String quoted(String text) throws Exception {
        return new ObjectMapper().writeValueAsString(text);
    }

    private static String markdown(Browser browser, String text) throws Exception {
        return browser.ask("import('/markdown.js').then(m => m.markdown(%s).innerHTML)".formatted(quoted(text)));
    }

    @Test
    void markdownBecomesElementsAndHtmlStaysText() throws Exception {
        Path run = ReviewedRun.curated(folder, ReviewedRun.stories(30));
        try (ReviewedRun review = ReviewedRun.start(run);
                Browser browser = Browser.open(Browser.installed().orElseThrow(), folder, 1280, 800)) {
            review.show(browser, "");
            assertEquals("<p>a <strong>b <em>c</em></strong> <code>d*e*</code> f_g_h 2 * 3 * 4</p>",
                    markdown(browser, "a **b *c*** `d*e*` f_g_h 2 * 3 * 4"));
            assertEquals("<p>&lt;b&gt;x&lt;/b&gt; &amp;amp;</p>", markdown(browser, "<b>x</b> &amp;"));
            assertEquals("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul><p>d</p>",
                    markdown(browser, "- a\n- b\n  - c\n\nd"));
            assertEquals("<ol start=\"3\"><li>x</li><li>y</li></ol>", markdown(browser, "3. x\n4. y"));
            assertTrue(markdown(browser, "```java\nint a = b < c;\n```").contains("<code>int a = b &lt; c;</code>"));
            assertTrue(markdown(browser, "```\nno end").contains("<code>no end</code>"), "a fence that is not closed");
            assertTrue(markdown(browser, "| a | b |\n|--|:-:|\n| 1 | $2$ |").contains("<th>a</th><th>b</th>"));
            assertEquals("<p>It costs $5 and $6, or $7/$8.</p>", markdown(browser, "It costs $5 and $6, or $7/$8."));
            assertTrue(markdown(browser, "so $x+1$ and \\(y\\)").matches("<p>so <span class=\"math\".*and <span "
                    + "class=\"math\".*"));
            assertEquals("<p>[a](javascript:alert(1))</p>", markdown(browser, "[a](javascript:alert(1))"));
            assertTrue(markdown(browser, "[a](https://example.org/b)").contains("rel=\"noopener noreferrer "
                    + "nofollow\""));
            assertEquals("ok", browser.ask("import('/markdown.js').then(m => { m.markdown('*_~`['.repeat(4000));"
                    + " m.markdown('> '.repeat(5000) + 'x'); return 'ok'; })"));
        }
    }

    @Test
    void formulasAreDrawnOrStayAsTheyAreWritten() throws Exception {
        Path run = ReviewedRun.curated(folder, ReviewedRun.stories(30));
        try (ReviewedRun review = ReviewedRun.start(run);
                Browser browser = Browser.open(Browser.installed().orElseThrow(), folder, 1280, 800)) {
            review.show(browser, "");
            String drawn = "import('/markdown.js').then(async m => { const node = m.markdown(%s); "
                    + "document.getElementById('sheet').append(node);"
                    + " for (let i = 0; i < 200 && !node.querySelector('.katex, .unread'); i++) await new "
                            + "Promise(r => setTimeout(r, 20));"
                    + " return node.querySelector('.katex') ? node.querySelector('.katex math') ? 'drawn' : 'no "
                            + "mathml' : node.textContent; })";
            assertEquals("drawn", browser.ask(drawn.formatted(quoted("$\\frac{1}{2}$"))));
            assertEquals("drawn", browser.ask(drawn.formatted(quoted("\\begin{align*}\na &= b \\\\\nc &= "
                    + "d\n\\end{align*}"))));
            assertEquals("$\\frac{1$", browser.ask(drawn.formatted(quoted("$\\frac{1$"))), "no formula: as written");
            assertEquals("drawn", browser.ask(drawn.formatted(quoted("$\\href{javascript:x}{y}$"))));
            assertEquals("0", browser.ask("document.querySelectorAll('.katex a, .katex img').length"));
            assertEquals("true", browser.ask("document.fonts.ready.then(() => [...document.fonts].some(f => "
                    + "f.family.startsWith('KaTeX') && f.status === 'loaded'))"));
            assertEquals(List.of(), browser.complaints);
        }
    }

    @Test
    void aDiffNamesTheWordsThatDiffer() throws Exception {
        Path run = ReviewedRun.curated(folder, ReviewedRun.stories(30));
        try (ReviewedRun review = ReviewedRun.start(run);
                Browser browser = Browser.open(Browser.installed().orElseThrow(), folder, 1280, 800)) {
            review.show(browser, "");
            String diff = "import('/diff.js').then(m => JSON.stringify(m.diff(%s, %s)))";
            assertEquals("[[\"=\",\"a \"],[\"-\",\"b\"],[\"+\",\"x\"],[\"=\",\" c\"]]", browser.ask(diff
                    .formatted("'a b c'", "'a x c'")));
            assertEquals("[[\"=\",\"same\"]]", browser.ask(diff.formatted("'same'", "'same'")));
            assertEquals("[[\"+\",\"new\"]]", browser.ask(diff.formatted("''", "'new'")));
            assertEquals("[[\"-\",\"x y\"],[\"+\",\"p q\"],[\"=\",\" z\"]]", browser.ask(diff.formatted("'x y z'",
                    "'p q z'")));
            assertEquals("true", browser.ask("import('/diff.js').then(m => { let seed = 7; const next = n => (seed "
                    + "= seed * 48271 % 2147483647) % n;"
                    + " const text = () => Array.from({length: next(40)}, () => ['a', 'b', ' ', '7', '.', "
                            + "'\\n'][next(6)]).join('');"
                    + " for (let i = 0; i < 3000; i++) { const [a, b] = [text(), text()]; const d = m.diff(a, b);"
                    + " if (d.filter(p => p[0] !== '+').map(p => p[1]).join('') !== a || d.filter(p => p[0] !== "
                            + "'-').map(p => p[1]).join('') !== b)"
                    + " return JSON.stringify([a, b, d]); } return true; })"), "its two halves are the two texts");
            assertEquals("true", browser.ask("import('/diff.js').then(m => m.diff('w '.repeat(60000) + 'a', 'v "
                    + "'.repeat(60000) + 'b').length > 0)"));
        }
    }

    @Test
    void queriesAreWrittenAndReadBack() throws Exception {
        Path run = ReviewedRun.curated(folder, ReviewedRun.stories(30));
        try (ReviewedRun review = ReviewedRun.start(run);
                Browser browser = Browser.open(Browser.installed().orElseThrow(), folder, 1280, 800)) {
            review.show(browser, "");
            String query = "import('/query.js').then(m => %s)";
            assertEquals("apples reason:loop", browser.ask(query.formatted("m.toggled('apples', 'reason', 'loop')")));
            assertEquals("apples reason:(loop OR \"a \\\"b\\\" c\")", browser.ask(query
                    .formatted("m.toggled('apples reason:loop', 'reason', 'a \"b\" c')")));
            assertEquals("[\"loop\",\"a \\\"b\\\" c\"]", browser.ask(query
                    .formatted("JSON.stringify(m.chosen(m.toggled('apples reason:loop', 'reason', 'a \"b\" c'), "
                    + "'reason'))")));
            assertEquals("apples", browser.ask(query.formatted("m.toggled('reason:loop apples', 'reason', 'loop')")));
            assertEquals("x length:[5 TO 20}", browser.ask(query.formatted("m.within('x length:[1 TO 2]', "
                    + "'length', 5, 20, false)")));
            assertEquals("5,20", browser.ask(query.formatted("m.between('x length:[5 TO 20}', 'length')")));
        }
    }
}
