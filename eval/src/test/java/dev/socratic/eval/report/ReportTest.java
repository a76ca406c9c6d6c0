package dev.socratic.eval.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Counts;
import dev.socratic.core.text.Usage;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class ReportTest {
    private static final SortedMap<String, String> NOTHING_OPEN = new TreeMap<>();
    private static final String HOSTILE =
            "</pre></title><script>document.title='owned'</script><img src=x "
                    + "onerror=\"document.title='owned'\">'\"&\u0000";

    @TempDir
    static Path runs;

    /// Made once: four models are evaluated for it.
    private static ReportInput example;

    @TempDir
    Path folder;

    @BeforeAll
    static void evaluate() throws Exception {
        example = new RunExample(runs.resolve("demo")).input();
    }

    @Test
    void theSummaryHasTheShapeThatIsPromised() throws Exception {
        JsonNode summary = Report.write(example, 1_000, folder);
        assertEquals(Json.pretty(summary), Files.readString(folder.resolve(Report.SUMMARY)));
        assertEquals(List.of("rows", "eval", "compare", "parameters", "seconds", "peak_memory_mb", "usd",
                "incomplete"), names(summary));
        assertEquals(
                "{\"questions\":1000,\"answers\":4000,\"kept\":2210,\"dropped\":{\"exact_duplicate\":760,\"near_duplicate\":310,\"not_chosen\":250,"
                        + "\"repetitive\":12,\"too_short\":10,\"truncated\":35,\"wrong_answer\":410},\"failed\":3}",
                summary.get("rows").toString());
        assertEquals(List.of("teacher", "student_before", "student_sft", "student_kd"), names(summary.get("eval")));
        JsonNode teacher = summary.at("/eval/teacher/sums");
        assertEquals(List.of("accuracy", "ci95", "n", "truncated", "failed"), names(teacher));
        assertEquals(0.98, teacher.get("accuracy").asDouble());
        assertEquals(200, teacher.get("n").asInt());
        JsonNode compare = summary.at("/compare/kd_vs_sft/sums");
        assertEquals(List.of("difference", "ci95", "p"), names(compare));
        assertEquals(
                summary.at("/eval/student_kd/sums/accuracy").asDouble() - summary.at("/eval/student_sft/sums/accuracy")
                        .asDouble(),
                compare.get("difference").asDouble(), 1e-12);
        assertEquals("{\"teacher\":8400128,\"student\":1420800}", summary.get("parameters").toString());
        assertEquals(93.4, summary.at("/seconds/generate").asDouble());
        assertEquals(3412, summary.get("peak_memory_mb").asInt());
    }

    @Test
    void thePageIsTheSameForTheSameRun() throws Exception {
        Report.write(example, 1_000, folder.resolve("one"));
        Report.write(example, 1_000, folder.resolve("two"));
        assertEquals(Files.readString(folder.resolve("one/report.html")),
                Files.readString(folder.resolve("two/report.html")));
    }

    @Test
    void thePageNamesNoAddress() throws Exception {
        String page = page(example);
        assertFalse(Pattern.compile("https?:|//[a-z]|\\b(src|action|srcset)\\s*=|\\bhref\\s*=\\s*.(?!#)|@import|url\\(")
                .matcher(shown(page)).find());
    }

    @Test
    void theFunnelFollowsTheCuratorsSteps() throws Exception {
        String page = page(example);
        int last = -1;
        for (String step : List.of("answers asked for", "failed", "repetitive", "truncated", "wrong_answer",
                "exact_duplicates", "near_duplicates", "decontaminate", "length", "select")) {
            int at = page.indexOf("<title>" + step + "</title>");
            assertTrue(at > last, step + " at " + at + " after " + last);
            last = at;
        }
        assertTrue(page.contains("2,210  (−250)"), "what is left in the end");
    }

    @Test
    void aCuratorsReportThatDoesNotAddUpIsNotShown() throws Exception {
        Path odd = Files.writeString(folder.resolve("report.json"),
                "{\"steps\":[{\"step\":\"made_up\",\"dropped\":{\"x\":1}}]}");
        String page = page(new ReportInput(
                "odd", folder, RunExample.stages(), Optional.of(odd), Optional.empty(), new LinkedHashMap<>(),
                        new LinkedHashMap<>(), List.of(), Map.of(), 0, NOTHING_OPEN));
        assertFalse(page.contains("made_up"));
        assertTrue(page.contains("<title>near_duplicate</title>"), "the stage's own counts are shown instead");
    }

    @Test
    void lossesOfStudentsStandApartAndGapsStayGaps() throws Exception {
        String page = page(example);
        assertTrue(page.contains("Loss of sft") && page.contains("Loss of kd")
                && page.contains("Likeliest token is right, held out"));
        assertFalse(shown(page).contains("NaN"));
        String kd = page.substring(page.indexOf("aria-label=\"Loss of kd\""), page.indexOf("aria-label=\"Likeliest"));
        assertEquals(4, count(kd, "<polyline"), "two gaps cut the training curve in three; one held-out curve");
    }

    @Test
    void whatAModelOrRunSaysIsNeverRun() throws Exception {
        Path eval = Files.createDirectories(folder.resolve("eval"));
        ObjectNode row = Json.mapper().createObjectNode().put("doc_id", 0).put("target", HOSTILE).put("filter", HOSTILE)
                .put("exact_match", 0).put("why", HOSTILE);
        row.putObject("doc").put("question", HOSTILE);
        row.putArray("resps").addArray().add(HOSTILE);
        row.putArray("filtered_resps").add(HOSTILE);
        Files.writeString(eval.resolve("samples_<img src=x onerror=alert(1)>.jsonl"), Json.line(row) + "\n");
        Path metrics = Files.writeString(folder.resolve("metrics.jsonl"),
                "{\"tokens\":1,\"loss\":\"<script>\"}\n{\"tokens\":2,\"loss\":1e999}\n");
        Files.writeString(folder.resolve("recipe.yaml"), HOSTILE);
        ReportInput input = new ReportInput(
                HOSTILE, folder,
                List.of(new ReportInput.StageFacts("generate", 1, Counts.of(1, 0, Map.of(HOSTILE, 1L), 0), Usage.NONE),
                        new ReportInput.StageFacts(HOSTILE, 1, Counts.of(0, 0, Map.of(), 0), Usage.NONE)),
                Optional.empty(), Optional.empty(), new LinkedHashMap<>(Map.of(HOSTILE, metrics)),
                new LinkedHashMap<>(Map.of(HOSTILE, eval)),
                List.of(new ReportInput.Pair(HOSTILE, HOSTILE, HOSTILE)), Map.of(HOSTILE, 1L), 0, NOTHING_OPEN);
        String page = page(input);
        assertEquals(1, count(page, "<script>"), "our own");
        assertEquals(3, count(page, "<script"), "besides it the samples, which no browser runs");
        Matcher data = Pattern.compile("<script type=\"application/octet-stream\" id=\"samples-[a-z0-9]+\">([^<]*)<")
                .matcher(page);
        for (int i = 0; i < 2; i++) {
            assertTrue(data.find() && data.group(1).matches("[A-Za-z0-9+/=]+"), "base64 and nothing else");
        }
        assertEquals(0, count(page, "<img"));
        assertEquals(-1, page.indexOf('\u0000'));
        // Inside a tag's own attributes a quote would end the value: no tag has an attribute of the hostile text's.
        assertFalse(Pattern.compile("<[^>]*\\sonerror=\"").matcher(page).find());
    }

    @Test
    void onlyThePagesOwnScriptMayRun() throws Exception {
        String page = page(example);
        Matcher policy = Pattern.compile("Content-Security-Policy\" content=\"([^\"]*)\"").matcher(page);
        assertTrue(policy.find());
        String script = page.substring(page.indexOf("<script>") + 8, page.lastIndexOf("</script>"));
        String hash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(script.getBytes("UTF-8")));
        assertEquals("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" + hash
                + "'; base-uri 'none'; form-action 'none'", policy.group(1));
    }

    @Test
    void aRunWithNothingInItHasAPageToo() throws Exception {
        ReportInput input = new ReportInput(
                "empty", folder, List.of(), Optional.empty(), Optional.empty(), new LinkedHashMap<>(),
                        new LinkedHashMap<>(), List.of(), Map.of(), 0, NOTHING_OPEN);
        String page = page(input);
        assertTrue(page.contains("No rows were generated or curated in this run."));
        assertTrue(page.contains("No stage of this run has finished."));
        assertWellFormed(page);
    }

    @Test
    void zeroRowsAndEmptyFilesAreDrawn() throws Exception {
        Path eval = Files.createDirectories(folder.resolve("eval"));
        Files.createFile(eval.resolve("samples_none.jsonl"));
        Path metrics = Files.createFile(folder.resolve("metrics.jsonl"));
        SequencedMap<String, Path> evaluations = new LinkedHashMap<>(Map.of("a", eval));
        ReportInput input = new ReportInput(
                "zero", folder,
                List.of(new ReportInput.StageFacts("generate", 0, Counts.of(0, 0, Map.of(), 0), Usage.NONE)),
                Optional.empty(), Optional.empty(),
                new LinkedHashMap<>(Map.of("s", metrics)), evaluations, List.of(new ReportInput.Pair("a_vs_a", "a",
                        "a")), Map.of(), 0, NOTHING_OPEN);
        String page = page(input);
        assertTrue(page.contains("Not compared: a_vs_a, none: "), "no question in common is said, not thrown");
        assertTrue(page.contains("Loss of s: no finite value was logged."));
        String shown = shown(page).replaceFirst("(?s)<script>.*</script>", "");
        assertFalse(shown.contains("NaN") || shown.contains("Infinity"));
        assertWellFormed(page);
    }

    @Test
    void everyPlotIsWellFormedAndInsideItsFrame() throws Exception {
        String page = page(example);
        assertWellFormed(page);
        Matcher svg = Pattern.compile("<svg viewBox=\"0 0 ([0-9.]+) ([0-9.]+)\".*?</svg>", Pattern.DOTALL)
                .matcher(page);
        int plots = 0;
        while (svg.find()) {
            plots++;
            Matcher at = Pattern.compile("<(?:rect|text|circle)[^>]* (?:c?x)=\"([-0-9.]+)\" (?:c?y)=\"([-0-9.]+)\"")
                    .matcher(svg.group());
            while (at.find()) {
                double x = Double.parseDouble(at.group(1));
                double y = Double.parseDouble(at.group(2));
                assertTrue(x >= 0 && x <= Double.parseDouble(svg.group(1)) && y >= 0
                        && y <= Double.parseDouble(svg.group(2)), at.group());
            }
        }
        assertEquals(5, plots);
    }

    @Test
    void longNamesAreCutInTheMiddleAndWholeInTheTip() {
        String name = "a_very_long_name_of_a_student_that_was_trained_with_everything_v2";
        assertEquals("a_very_lo…rything_v2", Svg.fit(name, 20 * Svg.LETTER + 0.1));
        assertEquals("𝔸…𝔹𝔽", Svg.fit("𝔸𝔹𝔹𝔹𝔹𝔹𝔽", 4 * Svg.LETTER + 0.1), "a letter of two chars is never cut in two");
    }

    private String page(ReportInput input) throws Exception {
        Report.write(input, 0, folder);
        return Files.readString(folder.resolve(Report.PAGE));
    }

    /// Everything but the few tags that HTML leaves open is checked by the XML parser.
    private static void assertWellFormed(String page) throws Exception {
        String xml = page.replaceFirst("<!doctype html>", "").replaceAll("<(meta|input)([^>]*)>", "<$1$2/>")
                .replaceAll("(?s)<script.*</script>", "");
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    /// The page without its packed samples.
    private static String shown(String page) {
        return page.replaceAll("<script type=\"application/octet-stream\"[^<]*</script>", "");
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
