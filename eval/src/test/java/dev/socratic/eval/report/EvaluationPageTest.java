package dev.socratic.eval.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.eval.Leaderboard;
import dev.socratic.eval.SavedResults;
import dev.socratic.eval.SavedSamples;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a page of evaluations says, without a browser.
class EvaluationPageTest {
    @TempDir
    Path folder;

    private void write(String model, String task, int n, IntUnaryOperator right) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < n; i++) {
            int hits = right.applyAsInt(i);
            lines.append("{\"doc_id\": %s, \"doc\": {\"question\": \"q%s\"}, \"target\": \"1\", "
                    .formatted(i, i) + "\"resps\": [[\"1\", \"2\"]], \"filtered_resps\": [[\"1\", \"2\"]], \"filter\": \"final_answer\", \"by\": "
                    + "\"level %s\", \"verdicts\": [%s, %s], \"exact_match\": %s}\n".formatted(i % 2,
                    hits > 0 ? 1 : 0, hits > 1 ? 1 : 0, hits / 2.0));
        }
        Files.writeString(Files.createDirectories(folder.resolve("runs").resolve(model))
                .resolve("samples_%s_2026-01-01T00-00-00.jsonl".formatted(task)), lines);
    }

    private String compared() throws Exception {
        SequencedMap<String, SequencedMap<String, SavedSamples>> models = new LinkedHashMap<>();
        Map<String, SavedResults> results = new LinkedHashMap<>();
        for (String model : new String[] {"a", "b"}) {
            Path place = folder.resolve("runs/" + model);
            models.put(model, SavedSamples.ofFolder(place));
            results.put(model, SavedResults.ofFolder(place));
        }
        Path page = folder.resolve("page.html");
        Report.compare("two", models, results, SavedSamples::alike, page);
        return Files.readString(page);
    }

    private static JsonNode unpacked(String page, String id) throws Exception {
        Matcher data = Pattern.compile("id=\"samples-" + id + "\">([^<]*)<").matcher(page);
        assertTrue(data.find(), id);
        try (GZIPInputStream json = new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder()
                .decode(data.group(1))))) {
            return Json.mapper().readTree(json.readAllBytes());
        }
    }

    @Test
    void severalAnswersHaveTheirFiguresStrataAndSpread() throws Exception {
        write("a", "t", 40, i -> i % 3);
        write("b", "t", 40, i -> 2 - i % 3);
        String page = compared();
        for (String figure : new String[] {"avg@2", "pass@2", "pass^2", "maj@2", "g_pass@2_0.75", "mg_pass@2",
                "below 100 %", "of the spread of one answer lies in the questions", "level 1", "ECE"}) {
            assertTrue(page.contains(figure), figure);
        }
        assertTrue(page.contains("paired t"), "several answers are no plain right or wrong");
    }

    @Test
    void flipsStandBeforeTheDifferenceAndOfManyTestsPIsCorrected() throws Exception {
        write("a", "t", 60, i -> 2);
        write("b", "t", 60, i -> i % 2 * 2);
        write("a", "u", 60, i -> 2);
        write("b", "u", 60, i -> 2);
        String page = compared();
        assertTrue(page.contains("<b>30</b><span class=\"range\">30 to the first, 0 to the second</span>"));
        assertTrue(page.contains("The first is better. 60 questions show "));
        assertTrue(page.contains("No difference is shown. They never differ."));
        assertTrue(page.contains("p of 2 tests together by Holm"));
        assertTrue(page.contains("Looked at one by one it was known after 13."), "the seventh flip");
        assertTrue(page.indexOf("<th scope=\"col\" class=\"n\">flips</th>") < page.indexOf("class=\"n\">points</th>"));
    }

    @Test
    void groupsStandForTheirTasksAndWhatTouchesAFigureStandsBesideIt() throws Exception {
        write("a", "algebra", 10, i -> 2);
        write("b", "algebra", 10, i -> 0);
        for (String model : new String[] {"a", "b"}) {
            Files.writeString(folder.resolve("runs/" + model + "/results_2026-01-01T00-00-00.json"), """
                    {"results": {"maths": {"acc,none": 0.7, "acc_stderr,none": 0.1}, "algebra": {"acc,none": 0.7},
                      "words": {"word_perplexity,none": 12.3456}},
                     "group_subtasks": {"maths": ["algebra"]}, "unjudged": {"algebra": 4},
                     "contamination": {"algebra": {"n": 10, "contaminated": 3, "clean": {"n": 7, "value": 0.25}}}}""");
        }
        String page = compared();
        assertTrue(page.contains("maths, task by task (1)"));
        assertTrue(page.contains("<b>70.0</b><span class=\"range\">50.4 to 89.6</span>"), "0.7 ± 1.96 * 0.1");
        assertTrue(page.contains("4 unjudged · 3 of 10 in corpus, others 25.0"));
        assertTrue(page.contains("word_perplexity") && page.contains("12.35"), "what has no samples has its figure");
    }

    @Test
    void longTextsAreCutAndCounted() throws Exception {
        Path file = Files.createDirectories(folder.resolve("runs/a")).resolve("samples_t.jsonl");
        Files.writeString(file, "{\"doc_id\": 0, \"doc\": \"q\", \"target\": \"1\", "
                + "\"resps\": [[\"%s\"]], \"exact_match\": 1}\n"
                .formatted("x".repeat(SampleData.LONGEST + 7)));
        Files.createDirectories(folder.resolve("runs/b"));
        Files.copy(file, folder.resolve("runs/b/samples_t.jsonl"));
        String page = compared();
        assertEquals(2, unpacked(page, "list").path("cut").asInt());
        assertEquals(0, unpacked(page, "list").path("left").asInt());
        assertTrue(unpacked(page, "0").at("/0/m/0/a/0/0").asText().endsWith("x… [7 more characters in the file]"));
    }

    @Test
    void aTaskThatIsNotScoredFromZeroToOneIsNamedAndTheOthersAreShown() throws Exception {
        write("a", "t", 4, i -> 2);
        Path words = folder.resolve("runs/a/samples_words.jsonl");
        Files.writeString(words, "{\"doc_id\": 0, \"doc\": \"q\", \"target\": \"\", \"resps\": [[\"-9\"]], "
                + "\"metrics\": [\"word_perplexity\"], \"word_perplexity\": [-9, 3]}\n");
        SequencedMap<String, Path> evaluations = new LinkedHashMap<>(Map.of("a", folder.resolve("runs/a")));
        Report.write(new ReportInput("r", folder, java.util.List.of(), java.util.Optional.empty(),
                java.util.Optional.empty(), new LinkedHashMap<>(), evaluations, java.util.List.of(), Map.of(), 0,
                new java.util.TreeMap<>()), 4, folder);
        String page = Files.readString(folder.resolve(Report.PAGE));
        assertTrue(page.contains("No samples are shown of a: " + words
                + ":1: word_perplexity: from 0 to 1; got [-9,3]"));
        assertTrue(page.contains("<b>100.0</b>"));
    }

    @Test
    void theLeaderboardIsAPageOfAllWithTheBestFirst() throws Exception {
        write("weak", "t", 30, i -> 0);
        write("strong", "t", 30, i -> 2);
        Report.leaderboard("all", Leaderboard.of(folder.resolve("runs")), folder.resolve("board.html"));
        String page = Files.readString(folder.resolve("board.html"));
        assertTrue(page.contains("strong against weak"));
        assertFalse(page.contains("id=\"rows\""), "of evaluations alone there are no rows");
        assertEquals("[\"strong\",\"weak\"]", unpacked(page, "list").path("models").toString());
    }
}
