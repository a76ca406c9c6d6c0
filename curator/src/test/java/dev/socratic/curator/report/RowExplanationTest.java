package dev.socratic.curator.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.curator.CurateStage;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.Curation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowExplanationTest {
    @TempDir
    Path run;

    @BeforeEach
    void curate() throws IOException {
        Path chats = run.resolve("chats.jsonl");
        Files.writeString(chats, chat("kept", "MIT", "It is 8.") + chat("broken", "MIT", "It\u00e2\u20ac\u2122s <br/> 8.")
                + chat("mail", "", "Ask ann.lee@firm.org, it is 9 &amp; 3.")
                + chat("longish", "CC0", "one two three four five six seven eight nine"));
        Path alpaca = run.resolve("alpaca.jsonl");
        Files.writeString(alpaca, "{\"id\": \"alp\", \"instruction\": \"Name a colour.\", \"input\": \"\", \"output\": "
                + "\"Red.\", \"licence\": \"CC-BY-4.0\", \"source\": \"a\"}\n");
        Path texts = run.resolve("texts.jsonl");
        Files.writeString(texts, "{\"id\": \"txt\", \"text\": \"A text.\", \"license\": \"ODC-By\"}\n");
        Path csv = run.resolve("table.csv");
        Files.writeString(csv, "question,answer,licence,source\nWho?,Ann did.,CC0,table\n");
        CurateStage.run(Curation.of(ConfigReader.read("steps: [repair, pii, {length: {max: 8}}, exact_duplicates]", "c",
                CurateConfig.class)), List.of(chats, alpaca, texts, csv), Optional.empty(), new StageContext(
                        Files.createDirectories(run.resolve("curate")), Progress.SILENT, Clock.systemUTC(), 1));
    }

    private static String chat(String id, String licence, String answer) {
        return "{\"id\": \"%s\"%s, \"messages\": [{\"role\": \"user\", \"content\": \"How many, %s?\"}, {\"role\": "
                .formatted(id, licence.isEmpty() ? "" : ", \"licence\": \"" + licence + "\"", id)
                + "\"assistant\", \"content\": \"%s\"}]}\n".formatted(answer);
    }

    @Test
    void ofARowThatStayedEveryStepIsToldWithItsScoresItsEditsWordByWordAndWhatWouldDropIt() {
        RowExplanation row = RowExplanation.of(run, "broken").getFirst();
        assertEquals(List.of("repair", "pii", "length", "exact_duplicates"),
                row.steps().stream().map(step -> step.get("step").textValue()).toList());
        JsonNode edit = row.steps().getFirst().at("/edits/0");
        assertEquals("several", edit.get("reason").textValue());
        assertTrue(edit.at("/evidence/changes/0/diff").textValue().startsWith("[-It\u00e2\u20ac\u2122s <br/> -]{+It\u2019s \n +}"),
                edit::toString);
        assertEquals("{\"words\":2}", row.steps().get(2).get("measured").toString());
        assertTrue(row.change().contains("length drops it (too_long) if words has to be at most below 2; it is at 2, the "
                + "limit 8.0"), row.change()::toString);
        assertEquals("It\u2019s \n 8.", row.row().orElseThrow().at("/messages/1/content").textValue());
    }

    @Test
    void ofARowThatWentTheStepsAfterItsEndAreNotToldAndTheThresholdThatWouldKeepItIs() {
        RowExplanation row = RowExplanation.of(run.resolve("curate"), "long").getFirst();
        assertEquals("longish", row.id(), "the beginning of an id is enough where there is one");
        assertEquals(3, row.steps().size());
        assertEquals("too_long", row.json().get("reason").textValue());
        assertEquals(List.of("length lets it pass if words may be at most 9 instead of 8.0; the steps behind it have not "
                + "seen it"), row.change());
    }

    @Test
    void aRowThatIsNotThereIsRefusedWithTheIdThatWasMeant() {
        assertTrue(assertThrows(ConfigException.class, () -> RowExplanation.of(run, "brokne")).getMessage().contains(
                "ROW: the id of one of the 7 rows of this curation; got 'brokne'; write 'broken'"));
        assertTrue(assertThrows(ConfigException.class, () -> RowExplanation.of(run.resolve("no"), "x")).getMessage()
                .contains("the folder of a run with curate/decisions.jsonl; got none there; give what --out of curate"));
    }

    @Test
    void licencesAndSourcesGoWithEveryRowOfEveryLayoutAndAreCounted() throws IOException {
        JsonNode report = Json.read(run.resolve("curate/report.json"), JsonNode.class);
        assertEquals("{\"(not stated)\":{\"in\":1,\"kept\":1},\"CC-BY-4.0\":{\"in\":1,\"kept\":1},"
                + "\"CC0\":{\"in\":2,\"kept\":1},\"MIT\":{\"in\":2,\"kept\":2},\"ODC-By\":{\"in\":1,\"kept\":1}}",
                report.get("licences").toString());
        assertEquals("{\"(not stated)\":{\"in\":5,\"kept\":4},\"a\":{\"in\":1,\"kept\":1},"
                + "\"table\":{\"in\":1,\"kept\":1}}", report.get("sources").toString());
        String train = Files.readString(run.resolve("curate/train.jsonl"));
        for (String field : List.of("\"licence\":\"MIT\"", "\"licence\":\"CC-BY-4.0\"", "\"license\":\"ODC-By\"",
                "\"source\":\"table\"")) {
            assertTrue(train.contains(field), field + " is not in " + train);
        }
    }

    @Test
    void thePageTellsCountsReasonsExamplesEditsAndHistogramsAndShowsNothingThatWasHidden() throws IOException {
        String page = Files.readString(run.resolve("curate/report.html"));
        for (String part : List.of("7 rows came: 6 stayed, 1 were dropped", "length: too_long", "<del>", "<ins>",
                "length.words: 1 to 9, 7 rows", "CC-BY-4.0", "[EMAIL_1]")) {
            assertTrue(page.contains(part), part + " is not in " + page);
        }
        assertFalse(page.contains("ann.lee@firm.org"));
        assertFalse(page.contains("<br/> 8"), "rows are escaped");
    }

    @Test
    void aHistogramCountsEveryValueHoweverLarge() {
        Histogram histogram = new Histogram();
        for (double value : new double[] {0, 3, -7.5, 1e9, 0.001, 12}) {
            histogram.add(value);
        }
        long all = 0;
        for (int i = 0; i < histogram.bins(); i++) {
            all += histogram.count(i);
        }
        assertEquals(6, all);
        assertEquals(-7.5, histogram.least());
        assertTrue(histogram.begin(0) <= -7.5 && histogram.begin(histogram.bins()) > 1e9);
    }
}
