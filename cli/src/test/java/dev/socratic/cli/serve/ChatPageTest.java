package dev.socratic.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.socratic.cli.browser.Browser;
import dev.socratic.core.secret.Secret;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page at `/`. In a real browser with `mvn -B test -pl cli -am -Dgroups=browser -DexcludedGroups=
/// -Dtest=ChatPageTest -Dsurefire.failIfNoSpecifiedTests=false`; `-Dsocratic.pictures=FOLDER` keeps pictures of it.
class ChatPageTest {
    private final SpellingModel large = new SpellingModel();
    private final SpellingModel small = new SpellingModel();
    private OpenAiServer server = start(ServeOptions.of(0).withSeeds(() -> 42));

    @TempDir
    Path folder;

    private OpenAiServer start(ServeOptions options) {
        large.template = "</think>";
        return OpenAiServer.start(List.of(new ServedModel.Writer("teacher", large),
                new ServedModel.Writer("student", small)), options);
    }

    @AfterEach
    void close() {
        large.gate.release(1_000_000);
        server.close();
    }

    @Test
    void thePageHoldsAllItNeedsAndMayRunNothingElse() throws Exception {
        HttpResponse<String> page = Wire.to(server).send(Wire.to(server).request("/").build());
        assertEquals(200, page.statusCode());
        assertEquals("text/html; charset=utf-8", page.headers().firstValue("Content-Type").orElse("").toLowerCase());
        String policy = page.headers().firstValue("Content-Security-Policy").orElse("");
        assertTrue(policy.matches("default-src 'none'; script-src 'sha256-[A-Za-z0-9+/]{43}='; style-src "
                + "'sha256-[A-Za-z0-9+/]{43}='; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'none'"), policy);
        assertEquals("nosniff", page.headers().firstValue("X-Content-Type-Options").orElse(""));
        assertTrue(!page.body().matches("(?s).*(https?:|//)[a-z]+\\..*"), "nothing is fetched from elsewhere");
        assertTrue(!page.body().contains("style=\"") && !page.body().matches("(?s).*<[^>]* on[a-z]+=.*"),
                "no style and no script beside those that the policy knows");
    }

    private Browser browser() throws Exception {
        assumeTrue(Browser.installed().isPresent(), "needs a Chromium on the path: apt-get install chromium");
        return Browser.open(Browser.installed().orElseThrow(), folder, 1280, 800);
    }

    private void picture(Browser browser, String name) throws Exception {
        String kept = System.getProperty("socratic.pictures", "");
        if (!kept.isEmpty()) {
            Files.write(Path.of(kept, name + ".png"), browser.picture());
        }
    }

    private static String answer(String pane) {
        return "[...document.querySelectorAll('.pane')][%s]?.querySelector('.turn.assistant:last-child .text')?.textContent"
                .formatted(pane);
    }

    @Test
    @Tag("browser")
    void oneQuestionGoesToBothAndTheAnswersGrowSideBySide() throws Exception {
        try (Browser browser = browser()) {
            browser.go("http://127.0.0.1:%s/".formatted(server.port()));
            browser.until("document.querySelectorAll('.pane').length === 2");
            assertEquals("teacher,student", browser.ask("[...document.querySelectorAll('.pane select')].map(s => s.value)"));
            assertEquals("prompt", browser.ask("document.activeElement.id"), "one may write at once");
            picture(browser, "empty");
            browser.ask("document.getElementById('temperature').value = 0");
            browser.type("<think> What is asked? </think> Tom has seven apples: <b>three</b> and four.");
            browser.press("Enter", 13, true);
            browser.type("Second line");
            assertEquals("2", browser.ask("document.getElementById('prompt').value.split('\\n').length"));
            browser.press("Enter", 13, false);
            browser.until("document.querySelectorAll('.facts').length === 2");
            assertEquals("Tom has seven apples: <b>three</b> and four.\nSecond line", browser.ask(answer("0")),
                    "text, whatever stands in it");
            assertTrue(browser.ask(answer("1")).startsWith("<think>"), "its template knows no thoughts");
            assertEquals("What is asked?", browser.ask("document.querySelector('.turn details p').textContent"));
            assertTrue(browser.ask("document.querySelector('.facts').textContent")
                    .matches("[0-9]+ tokens · [0-9.]+ tokens/s · first after [0-9.]+ s"));
            assertEquals(List.of("user"), ((dev.socratic.models.generate.Prompt.Chat) large.prompt).messages().stream()
                    .map(message -> message.role()).toList());
            browser.type("Again");
            browser.press("Enter", 13, false);
            browser.until("document.querySelectorAll('.facts').length === 4");
            assertEquals(List.of("user", "assistant", "user"), ((dev.socratic.models.generate.Prompt.Chat) large.prompt)
                    .messages().stream().map(message -> message.role()).toList(), "a conversation goes on");
            picture(browser, "light");
            browser.prefer("dark");
            picture(browser, "dark");
            browser.resize(390, 800);
            picture(browser, "narrow");
            assertEquals("true", browser.ask("document.documentElement.scrollWidth <= innerWidth"));
            assertEquals(List.of(), browser.complaints);
        }
    }

    @Test
    @Tag("browser")
    void escapeStopsAndWhatGoesWrongIsSaid() throws Exception {
        small.pauseMillis = 150;
        try (Browser browser = browser()) {
            browser.go("http://127.0.0.1:%s/".formatted(server.port()));
            browser.until("document.querySelectorAll('.pane').length === 2");
            browser.ask("document.getElementById('temperature').value = 0");
            browser.type("word ".repeat(400));
            browser.press("Enter", 13, false);
            browser.until(answer("1") + "?.length > 20");
            picture(browser, "writing");
            browser.press("Escape", 27, false);
            browser.until("[...document.querySelectorAll('.facts')].some(f => f.textContent === 'stopped')");
            browser.until("!document.getElementById('send').disabled");
            for (int i = 0; i < 300 && server.underWay() > 0; i++) {
                Thread.sleep(10);
            }
            assertEquals(0, server.underWay(), "what is stopped is not written on");
            browser.type("too long");
            browser.press("Enter", 13, false);
            browser.until("document.querySelectorAll('.turn.failed').length === 2");
            assertEquals("messages: a prompt of 1 to 63 tokens; got 99; shorten it", browser.ask(answer("0")));
            picture(browser, "failed");
            browser.ask("document.getElementById('compare').click()");
            browser.until("document.querySelectorAll('.pane').length === 1");
            browser.ask("document.getElementById('fresh').click()");
            browser.until("document.querySelectorAll('.turn').length === 0");
            picture(browser, "one");
        }
    }

    @Test
    @Tag("browser")
    void aServerWithAKeyAsksForIt() throws Exception {
        server.close();
        server = start(ServeOptions.of(0).withKey(Secret.fromEnvironment("KEY", Map.of("KEY", "sk-right"))));
        try (Browser browser = browser()) {
            browser.go("http://127.0.0.1:%s/".formatted(server.port()));
            browser.until("document.activeElement?.id === 'key'");
            picture(browser, "key");
            browser.type("sk-right");
            browser.press("Enter", 13, false);
            browser.until("document.querySelectorAll('.pane').length === 2");
        }
    }
}
