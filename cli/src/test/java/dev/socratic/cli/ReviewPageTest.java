package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.socratic.cli.browser.Browser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a reviewer does on the page of `socratic review`, in a real browser, with the rows of a real curation.
@Tag("browser")
class ReviewPageTest {
    private static final String SHOWN = "document.querySelector('#sheet .meta .id')?.textContent";

    @TempDir
    Path folder;

    @BeforeEach
    void aBrowserIsThere() {
        assumeTrue(Browser.installed().isPresent(), "needs a Chromium on the path: apt-get install chromium");
    }

    private Browser browser(String name) throws Exception {
        return Browser.open(Browser.installed().orElseThrow(), Files.createDirectories(folder.resolve(name)), 1280,
                800);
    }

    private static String text(Browser browser, String selector) throws Exception {
        return browser.ask("document.querySelector('%s').textContent".formatted(selector));
    }

    private static void said(Browser browser, String begin) throws Exception {
        browser.until("document.getElementById('last').textContent.startsWith('%s')".formatted(begin));
    }

    @Test
    void aReviewerNeedsNothingButTheKeyboard() throws Exception {
        Path run = ReviewedRun.curated(folder, ReviewedRun.stories(120));
        try (ReviewedRun review = ReviewedRun.start(run); Browser browser = browser("one")) {
            review.show(browser, "");
            String first = browser.ask(SHOWN);
            browser.keys("j");
            browser.until(SHOWN + " !== '" + first + "'");
            String second = browser.ask(SHOWN);
            browser.keys("a");
            said(browser, "Accepted " + second);
            browser.until(SHOWN + " !== '" + second + "'");
            String third = browser.ask(SHOWN);
            browser.keys("x");
            said(browser, "Rejected " + third);
            browser.keys(" ");
            said(browser, "Later");
            assertEquals(List.of(1, 1, 1), List.of(review.count("is:accepted"), review.count("is:rejected"),
                    review.count("is:later")));
            browser.keys("Backspace");
            said(browser, "Undone");
            browser.keys("Backspace");
            browser.until(SHOWN + " === '" + third + "'");
            assertEquals(List.of(1, 0, 0), List.of(review.count("is:accepted"), review.count("is:rejected"),
                    review.count("is:later")), "what was taken back is gone");
            browser.keys("f");
            said(browser, "Flagged " + third);
            browser.until("document.querySelector('#decide .flag').getAttribute('aria-pressed') === 'true'");
            assertEquals(1, review.count("is:flagged"));
            browser.keys("n");
            browser.until("document.activeElement.id === 'note'");
            browser.type("a note: axe");
            browser.keys("Enter");
            said(browser, "Noted");
            assertEquals(1, review.count("note:axe"), "letters in a field are letters");
            assertEquals(0, review.count("is:rejected"));
            assertEquals(List.of(), browser.complaints);
        }
    }

    @Test
    void aRowIsEditedWithWhatDiffersAndWhatTheChecksSay() throws Exception {
        Path run = ReviewedRun.curated(folder, ReviewedRun.stories(40));
        try (ReviewedRun review = ReviewedRun.start(run); Browser browser = browser("one")) {
            review.show(browser, "");
            String id = browser.ask(SHOWN);
            browser.keys("e");
            browser.until("document.activeElement.id === 'edit-reasoning'");
            browser.ask("document.getElementById('edit-answer').focus()");
            browser.ask("document.getElementById('edit-answer').select()");
            browser.type("The answer is **3 apples**.");
            browser.until("document.querySelector('.editing ins')?.textContent.includes('apples')");
            browser.keys("Escape");
            browser.until("document.querySelector('.editing') === null");
            assertEquals(0, review.count("is:edited"), "a draft is no decision");
            browser.keys("e");
            browser.until("document.getElementById('edit-answer')?.value === 'The answer is **3 apples**.'");
            browser.key("Enter", false, true);
            said(browser, "Edited " + id);
            assertEquals(1, review.count("is:edited"));
            browser.until("document.querySelector('.part.answer ins')?.textContent.includes('apples')");
            assertEquals(List.of(), browser.complaints);
        }
    }

    @Test
    void searchesFacetsAndBarsWriteTheSameQueryAndTheAddressKeepsIt() throws Exception {
        Path run = ReviewedRun.curated(folder, ReviewedRun.stories(400));
        try (ReviewedRun review = ReviewedRun.start(run); Browser browser = browser("one")) {
            review.show(browser, "");
            browser.keys("/");
            browser.type("Cleo");
            browser.keys("Enter");
            String cleo = review.count("Cleo") + " rows";
            browser.until("document.getElementById('total').textContent === '" + cleo + "'");
            browser.until("document.querySelector('[data-value=\"status:dropped\"]') !== null");
            browser.ask("document.querySelector('[data-value=\"status:dropped\"]').click()");
            browser.until("document.getElementById('q').value === 'Cleo status:dropped'");
            int dropped = review.count("Cleo status:dropped");
            assertTrue(dropped > 0 && dropped < review.count("Cleo"));
            browser.until("parseInt(document.getElementById('total').textContent) === " + dropped);
            browser.until("document.querySelectorAll('#histograms .bars button').length > 5");
            browser.ask("document.querySelector('#histograms .bars button').focus()");
            browser.keys("ArrowRight", "ArrowRight", "Enter");
            browser.until("/length:\\[/.test(document.getElementById('q').value)");
            String query = browser.ask("document.getElementById('q').value");
            browser.until("parseInt(document.getElementById('total').textContent) === " + review.count(query));
            browser.go("about:blank#elsewhere");
            browser.go(review.address() + "#q=Cleo+status%3Adropped&view=table&sort=length&order=desc");
            browser.until("document.body.dataset.ready === 'true'");
            assertEquals("grid", browser.ask("document.getElementById('rows').getAttribute('role')"));
            assertEquals("descending", browser.ask("document.querySelector('[aria-sort]').getAttribute('aria-sort')"));
            assertEquals(String.valueOf(dropped), browser
                    .ask("parseInt(document.getElementById('total').textContent)"));
            assertEquals("", browser.ask("location.search"), "the token leaves the address");
            browser.ask("history.back()");
            browser.until("location.href.startsWith('about:')");
            assertEquals(List.of(), browser.complaints);
        }
    }

    @Test
    void aQueryThatCannotBeReadSaysWhy() throws Exception {
        Path run = ReviewedRun.curated(folder, ReviewedRun.stories(40));
        try (ReviewedRun review = ReviewedRun.start(run); Browser browser = browser("one")) {
            review.show(browser, "");
            browser.keys("/");
            browser.type("len:>many");
            browser.until("!document.getElementById('q-problem').hidden");
            assertEquals("true", browser.ask("document.getElementById('q').getAttribute('aria-invalid')"));
            browser.keys("Enter");
            browser.until("document.getElementById('q-problem').textContent.length > 10");
            assertTrue(text(browser, "#total").contains("rows"), "what was there stays there");
        }
    }

    @Test
    void aDuplicateStandsBesideTheRowThatStayedWithWhatDiffers() throws Exception {
        Path run = ReviewedRun.curated(folder, ReviewedRun.stories(120));
        try (ReviewedRun review = ReviewedRun.start(run); Browser browser = browser("one")) {
            review.show(browser, "#q=reason%3Anear_duplicate");
            browser.until("document.querySelector('.why .beside') !== null");
            assertEquals("in|at", browser.ask("[...document.querySelectorAll('.beside > .diff')].slice(0, 2)"
                    + ".map(side => [...side.querySelectorAll('mark')].map(m => m.textContent)).join('|')"));
            browser.ask("document.querySelector('.beside h4 button').click()");
            browser.until("document.querySelector('#sheet .state').textContent === 'kept'");
            assertEquals(List.of(), browser.complaints);
        }
    }

    @Test
    void aWholeQueryIsDecidedAfterItsCountWasConfirmedAndUndoneAsOne() throws Exception {
        Path run = ReviewedRun.curated(folder, ReviewedRun.stories(200));
        try (ReviewedRun review = ReviewedRun.start(run); Browser browser = browser("one")) {
            int many = review.count("Ada");
            review.show(browser, "#q=Ada");
            browser.ask("document.getElementById('bulk').click()");
            browser.until("document.getElementById('panel').open");
            assertEquals("true", browser.ask("document.querySelector('#panel .main').disabled"),
                    "nothing by one key alone");
            browser.ask("document.querySelector('#panel input[value=reject]').click()");
            assertEquals("Reject " + many + " rows", text(browser, "#panel .main"));
            browser.ask("document.querySelector('#panel .main').click()");
            said(browser, "Rejected " + many + " rows");
            assertEquals(many, review.count("is:rejected"));
            browser.until("document.activeElement.tagName !== 'INPUT'");
            browser.keys("Backspace");
            said(browser, "Undone: " + many + " rows");
            assertEquals(0, review.count("is:decided"));
            assertEquals(List.of(), browser.complaints);
        }
    }

    @Test
    void tenThousandRowsAreAHandfulOfElements() throws Exception {
        Path run = ReviewedRun.written(folder, ReviewedRun.stories(10_000));
        try (ReviewedRun review = ReviewedRun.start(run); Browser browser = browser("one")) {
            review.await(10_000);
            review.show(browser, "");
            browser.until("document.getElementById('total').textContent === '10,000 rows'");
            for (String view : List.of("list", "table")) {
                browser.ask("document.querySelector('.views [data-view=%s]').click()".formatted(view));
                browser.until("document.querySelectorAll('#rows [data-index]').length > 5");
                browser.ask("document.getElementById('rows').focus()");
                browser.keys("End");
                browser.until("document.querySelector('#item-9999')?.getAttribute('aria-selected') === 'true'");
                browser.until("document.getElementById('position').textContent === '10,000 / 10,000'");
                assertEquals("item-9999", browser
                        .ask("document.getElementById('rows').getAttribute('aria-activedescendant')"));
                for (int i = 1; i < 40; i++) {
                    browser.ask("document.getElementById('rows').scrollTop = "
                            + "document.getElementById('rows').scrollHeight * "
                            + (i * 37 % 100) / 100.0);
                }
                browser.until("[...document.querySelectorAll('#rows [data-index]')].every(row => "
                        + "!row.classList.contains('waiting'))");
                int elements = Integer.parseInt(browser.ask("document.querySelectorAll('#rows [data-index]').length"));
                assertTrue(elements < 60, "rows in the page: " + elements);
                browser.keys("Home");
                browser.until("document.querySelector('#item-0')?.getAttribute('aria-selected') === 'true'");
            }
            assertEquals(List.of(), browser.complaints);
        }
    }

    @Test
    void twoReviewersSeeEachOtherAndWhereTheyDisagree() throws Exception {
        Path run = ReviewedRun.curated(folder, ReviewedRun.stories(60));
        try (ReviewedRun review = ReviewedRun.start(run); Browser ana = browser("ana"); Browser bo = browser("bo")) {
            for (Browser browser : List.of(ana, bo)) {
                review.show(browser, "");
                browser.ask("document.getElementById('reviewer').value = '%s'"
                        .formatted(browser == ana ? "ana" : "Bo Ø"));
                browser.ask("document.getElementById('reviewer').dispatchEvent(new Event('change'))");
            }
            String id = ana.ask(SHOWN);
            ana.keys("a");
            said(ana, "Accepted " + id);
            bo.until("document.querySelector('#item-0 .verdict')?.textContent === 'accepted'");
            assertEquals(id, bo.ask(SHOWN), "nothing moves under the other's hand");
            bo.keys("x");
            said(bo, "Rejected " + id);
            ana.until("document.querySelector('#item-0 .verdict')?.textContent === 'conflict'");
            assertEquals(1, review.count("is:conflict"));
            ana.ask("document.querySelector('[data-panel=people]').click()");
            ana.until("document.getElementById('panel-body').textContent.includes('1 conflict')");
            assertTrue(text(ana, "#panel-body").contains("Bo Ø"));
            assertEquals(List.of(), ana.complaints);
            assertEquals(List.of(), bo.complaints);
        }
    }

    @Test
    void aThresholdIsTriedBeforeItIsSet() throws Exception {
        Path run = ReviewedRun.curated(folder, ReviewedRun.stories(200));
        try (ReviewedRun review = ReviewedRun.start(run); Browser browser = browser("one")) {
            review.show(browser, "");
            browser.ask("document.querySelector('[data-panel=whatif]').click()");
            browser.until("document.querySelector('#panel .sums') !== null");
            assertTrue(text(browser, "#panel .sums").contains("would go"));
            browser.ask("document.querySelector('#whatif-which').selectedIndex = [...document.querySelectorAll("
                    + "'#whatif-which option')].findIndex(o => o.textContent.includes('words') && "
                            + "o.textContent.includes('least'))");
            browser.ask("document.querySelector('#panel .slide').remove()");
            browser.ask("document.querySelector('#whatif-which').dispatchEvent(new Event('change'))");
            browser.until("document.querySelector('#panel .slide') !== null");
            browser.ask("(field => { field.value = document.querySelector('#panel input[type=range]').max;"
                    + " field.dispatchEvent(new Event('input')); })("
                    + "document.querySelector('#panel input[type=number]'))");
            browser.until("/Show [0-9,]+ rows? that would go/.test(document.getElementById('panel').textContent)");
            String told = browser.ask("/Show ([0-9,]+) row/.exec(document.getElementById('panel').textContent)[1]");
            browser.ask("[...document.querySelectorAll('#panel button')].find(b => b.textContent.includes('would "
                    + "go')).click()");
            browser.until("document.getElementById('total').textContent.startsWith('" + told + " row')");
            assertEquals(List.of(), browser.complaints);
        }
    }

    @Test
    void onAPhoneTheRowTakesTheListsPlaceAndNothingIsWiderThanTheScreen() throws Exception {
        Path run = ReviewedRun.curated(folder, ReviewedRun.stories(60));
        try (ReviewedRun review = ReviewedRun.start(run); Browser browser = browser("one")) {
            browser.resize(390, 844);
            review.show(browser, "");
            assertEquals("none", browser.ask("getComputedStyle(document.getElementById('row')).display"));
            browser.ask("document.getElementById('item-1').click()");
            browser.until("getComputedStyle(document.getElementById('row')).display === 'flex'");
            assertEquals("none", browser.ask("getComputedStyle(document.getElementById('listing')).display"));
            browser.ask("document.getElementById('back').click()");
            browser.until("getComputedStyle(document.getElementById('listing')).display === 'flex'");
            browser.ask("document.getElementById('filters-open').click()");
            browser.until("getComputedStyle(document.getElementById('filters')).display === 'block'");
            assertEquals("true", browser.ask("document.documentElement.scrollWidth <= innerWidth "
                    + "&& document.body.scrollWidth <= innerWidth"));
            assertEquals(List.of(), browser.complaints);
        }
    }
}
