package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.cli.browser.Browser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The map of a corpus that `curate` has put into clusters: what is seen, and what a line round dots finds.
/// `-Dsocratic.pictures=FOLDER` keeps pictures of it.
@Tag("browser")
class ReviewMapTest {
    private static final List<String> TOPICS = List.of(
            "A train leaves the station at %s km per hour and travels for %s hours; how far does the train get?",
            "A farmer sells %s apples and %s pears at the market; how many fruits does the farmer sell?",
            "A library lends %s novels and %s comics each week; how many books do readers borrow?",
            "A rectangle has a width of %s cm and a height of %s cm; what is its area in square centimetres?");

    @TempDir
    Path folder;

    @BeforeEach
    void aBrowserIsThere() {
        assumeTrue(Browser.installed().isPresent(), "needs a Chromium on the path: apt-get install chromium");
    }

    private Path curated() throws IOException {
        List<ObjectNode> rows = new ArrayList<>();
        for (int i = 0; i < 240; i++) {
            rows.add(ReviewedRun.row("row-%s".formatted(i), TOPICS.get(i % 4).formatted(i + 2, 3 + i % 17),
                    "I work it out.", "It is " + i + ".", String.valueOf(i)));
        }
        ReviewedRun.written(folder, rows);
        Files.writeString(folder.resolve("steps.yaml"), "steps: [{clusters: {clusters: 4}}]\n");
        Shell.Result result = new Shell(folder, Map.of()).run("curate", "{}/rows.jsonl", "--config", "{}/steps.yaml",
                "--out", "{}/run");
        assertEquals(0, result.code(), result.toString());
        return folder.resolve("run");
    }

    private void picture(Browser browser, String name) throws Exception {
        String kept = System.getProperty("socratic.pictures", "");
        if (!kept.isEmpty()) {
            browser.ask("new Promise(done => setTimeout(done, 300))");
            Files.write(Path.of(kept, name + ".png"), browser.picture());
        }
    }

    private static void open(Browser browser) throws Exception {
        browser.ask("document.querySelector('[data-panel=map]').click()");
        browser.until("document.querySelectorAll('.clusters li').length >= 4");
    }

    @Test
    void clustersAreNamedAndALineRoundDotsFindsTheirRows() throws Exception {
        try (ReviewedRun review = ReviewedRun.start(curated()); Browser browser = Browser.open(
                Browser.installed().orElseThrow(), folder, 1280, 800)) {
            review.await(240);
            review.show(browser, "");
            open(browser);
            picture(browser, "map-light");
            JsonNode map = review.ask("map?size=1000");
            assertEquals(240, map.path("points").size());
            assertEquals(4, map.path("clusters").size());
            List<String> names = map.path("clusters").valueStream().map(one -> one.path("name").asText()).toList();
            for (String topic : List.of("travels", "farmer", "library", "rectangle")) {
                assertEquals(1, names.stream().filter(name -> name.contains(topic)).count(), topic + " in " + names);
            }
            String box = browser.ask("(() => { const b = document.querySelector('canvas.map').getBoundingClientRect();"
                    + " return [b.left, b.top, b.right, b.bottom].map(Math.round).join(' '); })()");
            int[] side = Arrays.stream(box.split(" ")).mapToInt(Integer::parseInt).toArray();
            int middle = (side[0] + side[2]) / 2;
            browser.drag(new int[] {side[0] + 2, side[1] + 2}, new int[] {middle, side[1] + 2},
                    new int[] {middle, side[3] - 2}, new int[] {side[0] + 2, side[3] - 2});
            browser.until("location.hash.includes('within')");
            long left = map.path("points").valueStream().filter(at -> at.get(0).asDouble() < 0.5).count();
            browser.until("document.getElementById('total').textContent === '%s rows'".formatted(left));
            assertTrue(left > 0 && left < 240, "some rows lie on the left: " + left);
            open(browser);
            picture(browser, "map-chosen");
            browser.ask("[...document.querySelectorAll('.clusters button')].find(one => /travels/.test(one.textContent))"
                    + ".click()");
            browser.until("/cluster/.test(document.getElementById('q').value)");
            browser.prefer("dark");
            browser.resize(390, 844);
            review.show(browser, "#q=cluster%3A0");
            open(browser);
            picture(browser, "map-dark-phone");
            assertEquals("true", browser.ask("document.documentElement.scrollWidth <= innerWidth"));
            browser.ask("document.getElementById('panel-close').click()");
            assertEquals(60, review.count("cluster:0"));
            assertEquals(List.of(), browser.complaints);
        }
    }

    @Test
    void aCorpusWithoutClustersHasNoMap() throws Exception {
        try (ReviewedRun review = ReviewedRun.start(ReviewedRun.curated(folder, ReviewedRun.stories(30)));
                Browser browser = Browser.open(Browser.installed().orElseThrow(), folder, 1280, 800)) {
            review.show(browser, "");
            assertEquals("true", browser.ask("document.querySelector('[data-panel=map]').hidden"));
        }
    }
}
