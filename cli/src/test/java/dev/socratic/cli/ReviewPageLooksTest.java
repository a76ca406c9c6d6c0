package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.cli.browser.Browser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How the page looks and what a screen reader is told, in both themes and at two widths;
/// `-Dsocratic.pictures=FOLDER` keeps pictures of it.
@Tag("browser")
class ReviewPageLooksTest {
    /// Every element with a text of its own: the contrast of WCAG 2.2 between its colour and what lies behind it, as
    /// painted: colours with their alpha over the nearest opaque ground, times the opacity of what it stands in. Large
    /// letters (24 px, or bold from 18.66 px) need 3, others 4.5. What is switched off needs none.
    static final String FAINT = """
            (() => {
              const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
              const read = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = '#000';
                canvas.fillStyle = colour;
                canvas.fillRect(0, 0, 1, 1); const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r,
                  g, b, a / 255]; };
              const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
              const ground = node => { const layers = [];
                for (let at = node; at;
                  at = at.parentElement) { const colour = read(getComputedStyle(at).backgroundColor);
                  if (colour[3] > 0) layers.push(colour); if (colour[3] === 1) break; }
                return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]); };
              const light = ([r, g, b]) => { const [x, y, z] = [r, g, b].map(v => v / 255)
                .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                  return 0.2126 * x + 0.7152 * y + 0.0722 * z; };
              const faint = []; let seen = 0;
              for (const node of document.querySelectorAll('body *')) {
                if (![...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim())) continue;
                const box = node.getBoundingClientRect();
                if (!box.width || !box.height || !node.checkVisibility({opacityProperty: true,
                  visibilityProperty: true})) continue;
                if (node.closest('.said, :disabled, .katex-mathml')) continue;
                const style = getComputedStyle(node); let colour = read(style.color); let alpha = 1;
                for (let at = node; at; at = at.parentElement) alpha *= Number(getComputedStyle(at).opacity);
                const below = ground(node); const shown = over([...colour.slice(0, 3), colour[3] * alpha], below);
                const [a, b] = [light(shown), light(below)]; const ratio = (Math.max(a, b) + 0.05) / (Math.min(a,
                  b) + 0.05);
                const size = parseFloat(style.fontSize); const large = size >= 24 || size >= 18.66
                  && Number(style.fontWeight) >= 700;
                seen++;
                if (ratio < (large ? 3 : 4.5))
                  faint.push(node.tagName + '.' + node.className + ' "' + node.textContent.slice(0,
                  30) + '" ' + ratio.toFixed(2));
              }
              return seen < 30 ? 'only ' + seen + ' texts were seen' : faint.join(String.fromCharCode(10));
            })()""";

    @TempDir
    Path folder;

    @BeforeEach
    void aBrowserIsThere() {
        assumeTrue(Browser.installed().isPresent(), "needs a Chromium on the path: apt-get install chromium");
    }

    private void picture(Browser browser, String name) throws Exception {
        String kept = System.getProperty("socratic.pictures", "");
        if (!kept.isEmpty()) {
            browser.ask("new Promise(done => setTimeout(done, 300))");
            Files.write(Path.of(kept, name + ".png"), browser.picture());
        }
    }

    private static List<ObjectNode> rows() {
        List<ObjectNode> rows = new ArrayList<>(ReviewedRun.stories(150));
        rows.addFirst(ReviewedRun.row("rich", "Solve $x^2 - 5x + 6 = 0$ and say which root is larger, with a check.",
                """
                # The quadratic

                By the formula

                $$x = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a} = \\frac{5 \\pm 1}{2}$$

                so \\(x = 2\\) or \\(x = 3\\). A ticket for $5 and one for $6 are no formula.

                1. **First** the discriminant: `d = b*b - 4*a*c`
                2. Then *both* roots

                ```python
                def roots(a, b, c):
                    d = (b * b - 4 * a * c) ** 0.5
                    return (-b - d) / (2 * a), (-b + d) / (2 * a)
                ```

                | root | check |
                |---|---|
                | 2 | $4 - 10 + 6 = 0$ |
                | 3 | $9 - 15 + 6 = 0$ |

                > The larger one is asked.""", "The larger root is \\boxed{3}.", "3"));
        return rows;
    }

    @Test
    void everyTextCanBeReadInBothThemesAndEveryView() throws Exception {
        Path run = ReviewedRun.curated(folder, rows());
        Path guide = Files.writeString(folder.resolve("guide.md"), "# Deciding\n\n- Accept what a *careful* "
                + "teacher says.\n");
        try (ReviewedRun review = ReviewedRun.start(run, "--label", "wrong", "--label", "unclear", "--guidelines",
                guide.toString());
                Browser browser = Browser.open(Browser.installed().orElseThrow(), folder, 1280, 800)) {
            for (String theme : List.of("light", "dark")) {
                browser.prefer(theme);
                browser.resize(1280, 800);
                review.show(browser, "#q=id%3Arich");
                browser.until("document.querySelectorAll('#sheet .katex').length >= 4");
                read(browser, theme + "-rich");
                review.show(browser, "");
                read(browser, theme + "-list");
                review.show(browser, "#q=is%3Aundecided"); // those that the other theme's round has left
                browser.keys("j", "a", "x", "f", "1");
                browser.until("document.querySelector('#decide .label-wrong')?.getAttribute('aria-pressed') === "
                        + "'true'");
                browser.until("document.querySelector('#decide .flag')?.getAttribute('aria-pressed') === 'true'");
                read(browser, theme + "-decided");
                review.show(browser, "#q=reason%3Anear_duplicate&view=focus");
                browser.until("document.querySelector('.beside mark') !== null");
                read(browser, theme + "-duplicate");
                browser.keys("e");
                browser.until("document.getElementById('edit-answer') !== null");
                browser.type("Another begin. ");
                read(browser, theme + "-edit");
                browser.keys("Escape");
                browser.ask("document.querySelector('.views [data-view=table]').click()");
                browser.until("document.querySelectorAll('.line[data-index]').length > 0");
                read(browser, theme + "-table");
                for (String panel : List.of("whatif", "people", "export", "guidelines", "help")) {
                    browser.ask("document.querySelector('[data-panel=%s]').click()".formatted(panel));
                    browser.until("document.getElementById('panel').open && "
                            + "!/Counting/.test(document.getElementById('panel').textContent)");
                    read(browser, theme + "-" + panel);
                    browser.ask("document.getElementById('panel-close').click()");
                }
                browser.resize(390, 844);
                review.show(browser, "");
                read(browser, theme + "-phone-list");
                browser.ask("document.getElementById('item-0').click()");
                read(browser, theme + "-phone-row");
                assertEquals("true", browser.ask("document.documentElement.scrollWidth <= innerWidth"));
            }
            assertEquals(List.of(), browser.complaints);
        }
    }

    private void read(Browser browser, String name) throws Exception {
        picture(browser, name);
        assertEquals("", browser.ask(FAINT), name);
    }

    @Test
    void theSwitchOverridesTheSystem() throws Exception {
        Path run = ReviewedRun.curated(folder, ReviewedRun.stories(30));
        try (ReviewedRun review = ReviewedRun.start(run);
                Browser browser = Browser.open(Browser.installed().orElseThrow(), folder, 1280, 800)) {
            browser.prefer("light");
            review.show(browser, "");
            String light = browser.ask("getComputedStyle(document.body).backgroundColor");
            browser.ask("document.getElementById('theme').click()");
            String dark = browser.ask("getComputedStyle(document.body).backgroundColor");
            assertTrue(!light.equals(dark));
            review.show(browser, "");
            assertEquals(dark, browser.ask("getComputedStyle(document.body).backgroundColor"), "it is remembered");
        }
    }

    @Test
    void everyControlHasANameAndEveryRowSaysItsPlace() throws Exception {
        Path run = ReviewedRun.curated(folder, ReviewedRun.stories(60));
        try (ReviewedRun review = ReviewedRun.start(run);
                Browser browser = Browser.open(Browser.installed().orElseThrow(), folder, 1280, 800)) {
            review.show(browser, "");
            browser.until("document.querySelectorAll('#facets button').length > 3");
            for (String view : List.of("list", "table", "focus")) {
                browser.ask("document.querySelector('.views [data-view=%s]').click()".formatted(view));
                browser.until("document.body.dataset.view === '" + view + "'");
                browser.ask("document.querySelectorAll('details').forEach(part => { part.open = true; })");
                Set<String> controls = Set.of("button", "textbox", "searchbox", "combobox", "slider", "checkbox",
                        "option",
                        "listbox", "grid", "link", "toolbar", "dialog");
                var nodes = browser.accessible().stream().filter(node -> !node.path("ignored").asBoolean()
                        && controls.contains(node.at("/role/value").asText())).toList();
                assertTrue(nodes.size() > 20, "controls: " + nodes.size());
                assertEquals(List.of(), nodes.stream().filter(node -> node.at("/name/value").asText().isBlank())
                        .map(Object::toString).toList(), view);
            }
            browser.keys("Escape");
            browser.until("document.getElementById('rows').getAttribute('role') === 'listbox'");
            assertEquals("1 of 60", browser.ask("(row => row.getAttribute('aria-posinset') + ' of ' "
                    + "+ row.getAttribute('aria-setsize'))(document.getElementById('item-0'))"));
            browser.keys("j");
            browser.until("document.getElementById('live').textContent.startsWith('Row 2 of 60')");
        }
    }

    @Test
    void theTabKeyReachesEverythingAndTheFocusIsSeen() throws Exception {
        Path run = ReviewedRun.curated(folder, ReviewedRun.stories(60));
        try (ReviewedRun review = ReviewedRun.start(run);
                Browser browser = Browser.open(Browser.installed().orElseThrow(), folder, 1280, 800)) {
            review.show(browser, "");
            browser.until("document.querySelectorAll('#facets button').length > 3");
            List<String> reached = new ArrayList<>();
            for (int i = 0; i < 120 && !reached.contains("reviewer"); i++) {
                browser.keys("Tab");
                reached.add(browser.ask("(node => node.id || node.dataset.does || node.dataset.panel || "
                        + "node.tagName)(document.activeElement)"));
                assertEquals("true", browser.ask("(node => node === document.body || "
                        + "getComputedStyle(node).outlineStyle !== 'none')"
                        + "(document.activeElement)"), "focus is seen on " + reached.getLast());
            }
            assertTrue(reached.containsAll(List.of("sheet", "accept", "reject", "later", "flag", "edit", "note", "undo",
                    "reviewer")), reached.toString());
        }
    }
}
