package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.cli.browser.Browser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Texts of rows that would run in a page that trusts them: in every field, in every view, nothing runs.
@Tag("browser")
class ReviewPageSafetyTest {
    /// What each would do if it ran: say `pwned` in the window, open a dialog, fetch from elsewhere, or leave the page.
    private static final List<String> PAYLOADS = List.of(
            "<script>window.pwned=1;alert(1)</script>",
            "<img src=x onerror=\"window.pwned=2;alert(2)\">",
            "<svg onload=window.pwned=3><animate onbegin=window.pwned=3 attributeName=x dur=1s></svg>",
            "<iframe srcdoc=\"<script>parent.pwned=4</script>\"></iframe><object "
                    + "data=javascript:window.pwned=4></object>",
            "<details open ontoggle=window.pwned=5><summary>x</summary></details><input autofocus "
                    + "onfocus=window.pwned=5>",
            "[link](javascript:window.pwned=6) [data](data:text/html,<script>window.pwned=6</script>) [vb](VbScript:x)",
            "![image](http://evil.invalid/x.png \"a\") <http://evil.invalid> ![](javascript:alert(7))",
            "</textarea></title></style></script><script>window.pwned=8</script>",
            "\"><script>window.pwned=9</script> ' onmouseover='window.pwned=9' x='",
            "$\\href{javascript:window.pwned=10}{x}$ $\\includegraphics{http://evil.invalid/y.png}$ "
                    + "$\\url{javascript:alert(1)}$",
            "$\\htmlStyle{background:url(http://evil.invalid/z)}{x}$ \\(\\htmlData{a=b}{x}\\) $\\text{<img src=x "
                    + "onerror=alert(1)>}$",
            "$$\\def\\a{\\a\\a}\\a$$ $\\pmb{x}\\fcolorbox{red}{url(http://evil.invalid)}{y}\\rule{9999em}{9999em}$",
            "```html\" onload=\"window.pwned=13\n<script>window.pwned=13</script>\n```",
            "{{constructor.constructor('window.pwned=14')()}} ${window.pwned=14} <%= window.pwned=14 %>",
            "<style>*{background:url(http://evil.invalid/s)}</style><link rel=stylesheet href=//evil.invalid/t.css>",
            "<base href=//evil.invalid/><meta http-equiv=refresh content=\"0;url=//evil.invalid\"><form "
                    + "action=//evil.invalid>",
            "\u202e\u2066<script>window.pwned=17</script>\u0000\uffff\ud83d\ude00 | a | <b "
                    + "onclick=window.pwned=17>b</b> |\n|---|---|\n| <script>window.pwned=17</script> | x |",
            "> ".repeat(60) + "- ".repeat(60) + "*_~`[".repeat(400));

    @TempDir
    Path folder;

    @BeforeEach
    void aBrowserIsThere() {
        assumeTrue(Browser.installed().isPresent(), "needs a Chromium on the path: apt-get install chromium");
    }

    /// One row a payload with it in every text, and its twin, which goes as a duplicate or stays.
    private static List<ObjectNode> poisoned() {
        List<ObjectNode> rows = new ArrayList<>();
        for (int i = 0; i < PAYLOADS.size(); i++) {
            String bad = PAYLOADS.get(i);
            for (String twin : List.of("", "-twin")) {
                ObjectNode row = ReviewedRun.row("bad" + i + twin + bad,
                        "What does number %s say of apples and pears? %s"
                        .formatted(i, bad), "First " + bad, "Then " + bad + " is it.", bad);
                row.put("source", bad).put("gold", bad).put("finish_reason", "stop").putArray("tags").add(bad);
                ((ObjectNode) row.get("teacher")).put("name", bad).put("revision", bad);
                ((ObjectNode) row.get("prompt")).put("template", bad).put("version", bad).put("hash", bad);
                ((ObjectNode) row.get("verdicts").get(0)).put("check", bad).put("detail", bad)
                        .put("passed", i % 2 == 0);
                row.put("field <script>window.pwned=99</script>", bad);
                rows.add(row);
            }
        }
        rows.addAll(ReviewedRun.stories(30));
        return rows;
    }

    @Test
    void nothingOfARowRuns() throws Exception {
        Path run = ReviewedRun.curated(folder, poisoned());
        try (ReviewedRun review = ReviewedRun.start(run, "--label", "<script>alert(1)</script>", "--guidelines",
                folder.resolve("rows.jsonl").toString());
                Browser browser = Browser.open(Browser.installed().orElseThrow(), folder, 1280, 800)) {
            review.show(browser, "");
            browser.ask("""
                    (() => { window.violations = []; document.addEventListener('securitypolicyviolation',
                    event => violations.push(event.violatedDirective + ' ' + event.blockedURI)); })()""");
            int rows = review.count("");
            assertTrue(rows >= PAYLOADS.size() * 2, "rows: " + rows);
            for (int i = 0; i < rows && i < PAYLOADS.size() * 2; i++) {
                browser.until("document.getElementById('position').textContent.startsWith('%s / ')".formatted(i + 1));
                browser.until("document.querySelector('#sheet .meta .id') !== null");
                browser.ask("document.querySelectorAll('#sheet details.more').forEach(part => { part.open = true; })");
                browser.until("[...document.querySelectorAll('#sheet details.more > .inside')].every(one => "
                        + "one.childNodes.length)");
                browser.keys("m", "m", "j");
            }
            browser.ask("document.querySelector('.views [data-view=table]').click()");
            browser.until("document.querySelectorAll('.line[data-index]').length > 5");
            browser.ask("document.querySelector('.views [data-view=focus]').click()");
            browser.ask("document.querySelectorAll('#facets details').forEach(part => { part.open = true; })");
            browser.keys("e");
            browser.until("document.getElementById('edit-answer') !== null");
            browser.type(PAYLOADS.get(1));
            browser.keys("Escape");
            for (String panel : List.of("whatif", "people", "export", "guidelines", "help")) {
                browser.ask("document.querySelector('[data-panel=%s]').click()".formatted(panel));
                browser.until("document.getElementById('panel').open");
                browser.ask("document.getElementById('panel-close').click()");
            }
            browser.until("document.querySelectorAll('.katex').length >= 0");
            assertEquals("undefined", browser.ask("typeof window.pwned"));
            assertEquals("[]", browser.ask("JSON.stringify(window.violations)"), "the policy had nothing to stop");
            assertEquals("0", browser.ask("document.querySelectorAll('iframe, object, embed, base, #sheet script, "
                    + "#sheet style,"
                    + " #sheet img, #sheet form, #sheet link, #sheet meta, #sheet svg [onbegin], [onerror], "
                            + "[onload], [onclick]').length"));
            assertEquals("[]", browser.ask("JSON.stringify([...document.querySelectorAll('a[href]')].map(a => "
                    + "a.protocol)"
                    + ".filter(p => !['http:', 'https:', 'mailto:'].includes(p)))"));
            assertEquals(List.of(), browser.complaints, "no dialog, no error, no report");
        }
    }

    @Test
    void thePolicyWouldStopWhatAFaultOfThePageLetIn() throws Exception {
        Path run = ReviewedRun.curated(folder, ReviewedRun.stories(30));
        try (ReviewedRun review = ReviewedRun.start(run);
                Browser browser = Browser.open(Browser.installed().orElseThrow(), folder, 1280, 800)) {
            review.show(browser, "");
            assertEquals("TypeError", browser.ask(
                    "(() => { try { document.body.innerHTML = '<b>'; } catch (refused) { return refused.name; } })()"));
            assertEquals("TypeError", browser.ask("(() => { try { document.createElement('div')"
                    + ".setAttribute('onclick', 'window.pwned=1'); } catch (refused) { return refused.name; } })()"));
            assertEquals("undefined", browser.ask("typeof window.pwned"));
            assertTrue(!browser.complaints.isEmpty(), "and the browser says so");
        }
    }
}
