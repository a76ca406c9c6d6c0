package dev.socratic.curator.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.curator.config.StepConfig.Repair;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextRepairTest {
    private static final TextRepair REPAIR = new TextRepair(ConfigReader.read("{}", "repair", Repair.class));

    /// Texts that are fine, with what looks like damage in them.
    @ParameterizedTest
    @ValueSource(strings = {
        "", "plain ASCII, 3 < 4 and 5 > 2", "if a<b and c>d then a<p>b", "x = a < b ? c : d; vector<int> v; List<T> t",
        "$a &lt; b$ is HTML in a formula", "`&nbsp;` and\n```html\n<div>&amp;</div>\n```", "\\(x &= y &in; z\\)",
        "f(int &it; x)", "R&D; AT&T; a&b;", "use <b>bold</b> and x<sub>2</sub>",
        "„Ä“ und „Ö“ sind Umlaute. VILÄ“ – RÉSUMÉ » Été…»", "Il a été… » dit-il, l’été…", "IRMÃ”, MAÇÃ —",
        "5 Å ± 0.2, Ø² und 20 °C, ß², ×½, 3×² m", "2√π ≤ √∞, ¬∞, x√2 ± √3", "├── src\n│   └── main", "Рёв, ПРЁТ",
        "Ελληνικά, עברית, العربية, हिन्दी, 中文，日本語、한국어 — naïve café", "می‌خواهم", "क्‍ष", "👩‍💻 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️",
        "ESPAÑA “SÍ” ÇA VA… À »", "Ţara Ăă Şi", "čšž ĆĐ ŁÓDŹ „PÓŁ”", "Việt Nam “ĐÂY”", "x² + y³ = z½"})
    void aTextThatIsFineStaysAsItIs(String text) {
        assertSame(text, REPAIR.of(text).text());
        assertEquals("{}", REPAIR.of(text).kinds().toString());
    }

    @Test
    void lettersDecodedByAnotherTableAreDecodedAgain() {
        String text = "It’s a café — “naïve”, 20 °C, 3 × 4, Привет, 日本語, π ≈ 3.14, 😀, Señor, žluťoučký kůň";
        for (String table : List.of("windows-1252", "ISO-8859-1", "windows-1251", "windows-1250", "windows-1254")) {
            assertEquals(text, REPAIR.of(sloppy(text, table)).text(), table);
        }
        for (String word : text.split(", ")) {
            assertEquals(word, REPAIR.of(sloppy(word, "windows-1252")).text());
        }
        assertEquals("It’s café", REPAIR.of(sloppy(sloppy("It’s café", "windows-1252"), "windows-1252")).text());
        assertEquals("café, naïve, It’s", REPAIR.of(sloppy("café, naïve, It’s", "x-MacRoman")).text());
        assertEquals("voilà le 3 × 4", REPAIR.of("voil\u00c3 le 3 \u00c3\u2014 4").text());
        assertEquals("he said “no” it’s", REPAIR.of("he said \u00e2\u20ac\u0153no\u00e2\u20ac it\u0092s").text());
    }

    @Test
    void partsOfAWebPageGoAndCodeInItStays() {
        assertEquals("Max has 21 cards.", REPAIR.of("<div class=\"q\">Max has 21&nbsp;cards.</div>").text());
        assertEquals("First\n- a < b & c\n- d\n```\nif (a < b && c > d)\n```",
                REPAIR.of("<p>First</p><ul><li>a &lt; b &amp; c</li><li>d</li></ul><script>track(1<2)</script>"
                        + "<!-- x --><pre>if (a &lt; b &amp;&amp; c > d)</pre>").text());
        assertEquals("x < 3 and y", REPAIR.of("x &amp;lt; 3 and y").text());
        assertEquals("Keep `<div>` and $a &lt; b$, 3 < 4.", REPAIR.of(
                "<span>Keep `<div>` and $a &lt; b$,</span> 3 < 4.").text());
        assertEquals("It’s “so” — é", REPAIR.of("It&rsquo;s &ldquo;so&rdquo; &mdash; &#233;").text());
    }

    @Test
    void whatNobodySeesGoes() {
        assertEquals("ab c", REPAIR.of("\ufeffa\u200bb\u0000 \u202ec\u001b[31m").text());
        assertEquals("hello", REPAIR.of("hello" + new StringBuilder().appendCodePoint(0xE0069).appendCodePoint(0xE0067))
                .text(), "instructions written in the plane of tags");
        assertEquals("a\nb\nc\n\nd\ne", REPAIR.of("a\r\nb\rc\n\u2028d\fe").text());
        assertEquals("\u00e9", REPAIR.of("e\u0301").text());
        assertEquals("{hidden=1, form=1}", REPAIR.of("e\u0301\u200b").kinds().toString());
    }

    @Test
    void whatIsRepairedIsFine() {
        Random random = new Random(7);
        List<String> parts = List.of("\u00c3", "\u00a9", "\u00e2\u20ac\u2122", "<p>", "</div>", "&amp;", "lt;", "&lt;", "a ",
                "\u200d", "\r\n", "$x$", "`", "\u00c2", "\u0301", "e", "\u00a0", "\u0092", "<", ">", "\u0130", "\ud83d\ude00",
                "\u0420", "\u045f", "\u251c", "\u2310", "<pre>", "<li>", "```\n", "\ud800", "\u0085", " ", "\u00ef\u00bb\u00bf");
        for (int i = 0; i < 3_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) {
                text.append(parts.get(random.nextInt(parts.size())));
            }
            String once = REPAIR.of(text.toString()).text();
            assertEquals(once, REPAIR.of(once).text(), text.toString());
        }
    }

    /// As a program does that takes UTF-8 for a table of one byte a character.
    private static String sloppy(String text, String table) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            String c = new String(new byte[] {b}, Charset.forName(table));
            out.append(c.equals("\uFFFD") ? String.valueOf((char) (b & 0xFF)) : c);
        }
        return out.toString();
    }
}
