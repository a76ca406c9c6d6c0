package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.socratic.cli.browser.Browser;
import dev.socratic.eval.SavedSamples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page of an evaluation in a real browser, opened from a file; `-Dsocratic.pictures=FOLDER` keeps pictures of it.
@Tag("browser")
class ReportPageTest {
    private static final String CHOSEN = "document.querySelector('.detail .cards') !== null";

    @TempDir
    Path folder;

    @BeforeEach
    void aBrowserIsThere() {
        assumeTrue(Browser.installed().isPresent(), "needs a Chromium on the path: apt-get install chromium");
    }

    private Browser open(Path page, int width, int height) throws Exception {
        Browser browser = Browser.open(Browser.installed().orElseThrow(), folder, width, height);
        browser.resize(width, height);
        browser.go(page.toUri().toString());
        browser.until(CHOSEN);
        return browser;
    }

    private static void relate(Browser browser, String name) throws Exception {
        browser.ask("[...document.querySelectorAll('.relations button')].find(button => "
                + "button.firstChild.textContent === '" + name + "').click()");
    }

    private static void choose(Browser browser, String label, String option) throws Exception {
        browser.ask(("(node => { node.value = [...node.options].find(one => one.textContent === '%s').value; "
                + "node.dispatchEvent(new Event('change')); })([...document.querySelectorAll('.filters label')]"
                + ".find(one => one.firstChild.textContent === '%s').querySelector('select'))")
                .formatted(option, label));
    }

    private static int shown(Browser browser) throws Exception {
        return Integer.parseInt(browser.ask("document.querySelector('.count').textContent.split(' ')[0]")
                .replace(",", ""));
    }

    private void read(Browser browser, String name) throws Exception {
        String kept = System.getProperty("socratic.pictures", "");
        if (!kept.isEmpty()) {
            browser.ask("new Promise(done => setTimeout(done, 250))");
            Files.write(Path.of(kept, name + ".png"), browser.picture());
        }
        assertEquals("", browser.ask(ReviewPageLooksTest.FAINT), name);
        assertEquals("true", browser.ask("document.documentElement.scrollWidth <= innerWidth"), name + " is too wide");
    }

    @Test
    void everyTextCanBeReadInBothThemesAndAtBothWidths() throws Exception {
        Path page = EvaluationExample.write(folder.resolve("run"), 300);
        try (Browser browser = open(page, 1280, 900)) {
            for (String theme : List.of("light", "dark")) {
                browser.prefer(theme);
                for (int width : List.of(1280, 390)) {
                    browser.resize(width, width == 390 ? 844 : 900);
                    String name = theme + "-" + width + "-";
                    for (String section : List.of("results", "comparison", "subjects", "repeats", "calibration",
                            "models", "samples")) {
                        browser.ask("document.getElementById('%s').scrollIntoView()".formatted(section));
                        read(browser, name + section);
                    }
                    choose(browser, "Task", "stories");
                    browser.ask("document.querySelector('.item').click()");
                    browser.until("document.querySelector('.token.t1') !== null");
                    read(browser, name + "tokens");
                    choose(browser, "Task", "physics");
                    browser.until("document.querySelector('.chances') !== null");
                    read(browser, name + "choices");
                    choose(browser, "Task", "sums");
                    browser.until("document.querySelector('.answer') !== null");
                    browser.ask("document.querySelectorAll('.detail details').forEach(one => { one.open = true; })");
                    read(browser, name + "answers");
                    choose(browser, "Task", "every task");
                    browser.ask("document.querySelector('.panes').dataset.open = 'list'");
                }
            }
            assertEquals(List.of(), browser.complaints);
        }
    }

    @Test
    void eachFilterShowsTheQuestionsItNames() throws Exception {
        Path run = folder.resolve("run");
        Path page = EvaluationExample.write(run, 200);
        Map<String, int[]> wanted = new TreeMap<>();
        SavedSamples student = SavedSamples.ofFolder(run.resolve("eval/student")).get("stories");
        SavedSamples base = SavedSamples.ofFolder(run.resolve("eval/base")).get("stories");
        for (int i = 0; i < 200; i++) {
            boolean a = student.rows().get(i).correct();
            boolean b = base.rows().get(i).correct();
            wanted.computeIfAbsent(a != b ? "Flips" : a ? "Both right" : "Both wrong", none -> new int[1])[0]++;
            wanted.computeIfAbsent(a && !b ? "Only A right" : b && !a ? "Only B right" : "none", none ->
                    new int[1])[0]++;
        }
        wanted.put("Changed after training", wanted.get("Flips"));
        wanted.put("All", new int[] {200});
        wanted.remove("none");
        try (Browser browser = open(page, 1280, 900)) {
            choose(browser, "Task", "stories");
            for (var relation : wanted.entrySet()) {
                relate(browser, relation.getKey());
                assertEquals(relation.getValue()[0], shown(browser), relation.getKey());
            }
            assertEquals("1", browser.ask("document.querySelectorAll('.item[aria-selected=true]').length"));
            choose(browser, "B", "student");
            relate(browser, "Flips");
            assertEquals(0, shown(browser), "a model does not differ from itself");
            relate(browser, "Changed after training");
            assertEquals(wanted.get("Flips")[0], shown(browser), "whatever A and B are");
            relate(browser, "All");
            choose(browser, "Marked", "cut off");
            assertEquals(4, shown(browser));
            choose(browser, "Marked", "unjudged");
            assertEquals(5, shown(browser));
            choose(browser, "Marked", "any");
            choose(browser, "Task", "sums");
            choose(browser, "Subject", "level 2");
            assertEquals(20, shown(browser));
            assertEquals(List.of(), browser.complaints);
        }
    }

    @Test
    void wordsAreSearchedInEverythingThatWasSaid() throws Exception {
        Path page = EvaluationExample.write(folder.resolve("run"), 200);
        try (Browser browser = open(page, 1280, 900)) {
            browser.keys("/");
            browser.type("bakes 17 cakes");
            browser.until("document.querySelector('.count').textContent.startsWith('1 of')");
            browser.until("document.querySelector('.detail mark') !== null");
            browser.ask("document.activeElement.value = ''");
            browser.type("both.\n");
            browser.until("document.querySelector('.count').textContent.startsWith('80 of')");
            browser.ask("document.activeElement.value = ''");
            browser.type("nobody said this");
            browser.until("document.querySelector('.empty') !== null");
            assertEquals("No question fits these filters.",
                    browser.ask("document.querySelector('.empty').textContent"));
        }
    }

    @Test
    void whatAModelOrATaskSaysIsNeverRun() throws Exception {
        Path page = EvaluationExample.write(folder.resolve("run"), 60);
        try (Browser browser = open(page, 1280, 900)) {
            choose(browser, "Task", "stories");
            browser.ask("[...document.querySelectorAll('.item')].find(one => one.id === 'sample-3').click()");
            browser.until("document.querySelector('.text.plain').textContent.includes('owned')");
            browser.ask("document.querySelectorAll('.detail details').forEach(one => { one.open = true; })");
            assertEquals("0",
                    browser.ask("document.querySelectorAll('img, iframe, .detail script, .detail style').length"));
            assertEquals(EvaluationExample.HOSTILE, browser.ask("document.querySelector('.text.plain').textContent"));
            assertTrue(browser.ask("document.title").startsWith("evaluation <") || browser.ask("document.title")
                    .contains("</script>"), "the title is the text, not what it says to do");
            assertEquals(List.of(), browser.complaints);
        }
    }

    @Test
    void tenThousandSamplesAreAListOfAScreenful() throws Exception {
        Path page = EvaluationExample.write(folder.resolve("run"), 9_800);
        try (Browser browser = open(page, 1280, 900)) {
            assertEquals(10_000, shown(browser));
            assertTrue(Integer.parseInt(browser.ask("document.querySelectorAll('.item').length")) < 40);
            assertTrue(Integer.parseInt(browser.ask("document.querySelectorAll('*').length")) < 3_000);
            choose(browser, "Task", "stories");
            browser.ask("document.querySelector('.list').focus()");
            browser.keys("End");
            browser.until("document.getElementById('sample-9799')?.getAttribute('aria-selected') === 'true'");
            browser.until("document.querySelector('.text.plain').textContent.includes('9799 cakes')");
            assertTrue(Integer.parseInt(browser.ask("document.querySelectorAll('.item').length")) < 40);
            browser.keys("/");
            browser.type("bakes 9000 cakes");
            browser.until("document.querySelector('.count').textContent.startsWith('1 of')");
            assertEquals(List.of(), browser.complaints);
        }
    }

    @Test
    void everyControlHasANameAndTheKeysReachThemAll() throws Exception {
        Path page = EvaluationExample.write(folder.resolve("run"), 60);
        try (Browser browser = open(page, 1280, 900)) {
            Set<String> controls = Set.of("button", "searchbox", "combobox", "option", "listbox", "link", "region",
                    "table", "navigation");
            var nodes = browser.accessible().stream().filter(node -> !node.path("ignored").asBoolean()
                    && controls.contains(node.at("/role/value").asText())).toList();
            assertTrue(nodes.size() > 40, "controls: " + nodes.size());
            assertEquals(List.of(), nodes.stream().filter(node -> node.at("/name/value").asText().isBlank()
                    && !node.at("/role/value").asText().equals("table")).map(Object::toString).toList());
            List<String> reached = new ArrayList<>();
            for (int i = 0; i < 90 && !reached.contains("detail"); i++) {
                browser.keys("Tab");
                reached.add(browser.ask("document.activeElement.className || document.activeElement.id || "
                        + "document.activeElement.tagName"));
                assertEquals("true", browser.ask("getComputedStyle(document.activeElement).outlineStyle !== 'none'"),
                        "focus is seen on " + reached.getLast());
            }
            assertTrue(reached.containsAll(List.of("theme", "list", "detail")), reached.toString());
            browser.ask("document.querySelector('.list').focus()");
            browser.keys("j");
            browser.until("document.getElementById('live').textContent === 'Question 2 of 260'");
            assertEquals("2 of 260", browser.ask("(row => row.getAttribute('aria-posinset') + ' of ' "
                    + "+ row.getAttribute('aria-setsize'))(document.querySelector('[aria-selected=true]'))"));
            browser.keys("Enter");
            assertEquals("detail", browser.ask("document.activeElement.className"));
            browser.keys("Escape");
            assertEquals("list", browser.ask("document.activeElement.className"));
        }
    }

    @Test
    void theSwitchOverridesTheSystemAndIsRemembered() throws Exception {
        Path page = EvaluationExample.write(folder.resolve("run"), 20);
        try (Browser browser = open(page, 1280, 900)) {
            browser.prefer("light");
            String light = browser.ask("getComputedStyle(document.body).backgroundColor");
            browser.ask("document.getElementById('theme').click()");
            String dark = browser.ask("getComputedStyle(document.body).backgroundColor");
            assertTrue(!light.equals(dark));
            browser.go(page.toUri().toString());
            browser.until(CHOSEN);
            assertEquals(dark, browser.ask("getComputedStyle(document.body).backgroundColor"));
        }
    }
}
