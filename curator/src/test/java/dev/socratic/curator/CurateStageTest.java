package dev.socratic.curator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.Curation;
import dev.socratic.curator.step.Answers;
import dev.socratic.datasets.row.RowIds;
import dev.socratic.datasets.row.RowMapper;
import dev.socratic.datasets.row.Trace.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurateStageTest {
    private static final String TOM =
            "Tom has 24 apples and buys 16 more at the market. How many apples does Tom have now?";
    private static final String ANN =
            "A baker sells 12 loaves an hour for 7 hours every day. How many loaves does the baker sell in one day?";

    @TempDir
    Path folder;

    @Test
    void keptAndRejectedRowsAreWhatCameInWithTheirReasons() throws IOException {
        Path answers = answers(corpus());
        StageReport report = run("{}", answers, "out");

        assertEquals(
                "in 9 = kept 3 + dropped 5 (exact_duplicate 1, final_answer 1, near_duplicate 1, no_final_answer 1, "
                        + "not_selected 1) + failed 1",
                run("steps: [verdicts, format, exact_duplicates, near_duplicates, {select: {per_question: 2}}]",
                        answers, "out")
                        .counts().toString());
        List<JsonNode> train = rows("train.jsonl");
        assertEquals("Solve: " + TOM, train.getFirst().get("question").textValue());
        assertEquals("assistant", train.getFirst().get("messages").get(1).get("role").textValue());
        for (JsonNode row : rows("rejected.jsonl")) {
            assertFalse(row.get("step").textValue().isEmpty());
            assertFalse(row.get("evidence").isEmpty(), row.toString());
        }
        assertEquals(9, report.counts().in());
    }

    @Test
    void theReportCountsInAndOutOfEachStep() throws IOException {
        run("steps: [verdicts, exact_duplicates]", answers(corpus()), "out");
        JsonNode steps = Json.read(folder.resolve("out/report.json"), JsonNode.class).get("steps");
        assertEquals(
                "{\"dropped\":{\"final_answer\":1},\"facts\":{\"ignore\":[]},\"in\":8,\"out\":7,\"step\":\"verdicts\"}",
                        Json.canonical(steps.get(0)));
        assertEquals(
                "{\"dropped\":{\"exact_duplicate\":1},\"facts\":{\"keep\":\"first\",\"on\":\"both\",\"texts\":6},"
                        + "\"in\":7,\"out\":6,\"step\":\"exact_duplicates\"}", Json.canonical(steps.get(1)));
    }

    @Test
    void everyRowHasALineThatSaysWhatBecameOfItAndWhatWasMeasured() throws IOException {
        run("steps: [verdicts, exact_duplicates, {length: {max: 30}}, near_duplicates]", answers(corpus()), "out");

        List<JsonNode> decisions = rows("decisions.jsonl");
        assertEquals(8, decisions.size());
        assertEquals(ids(rows("train.jsonl")), ids(decisions.stream()
                .filter(line -> line.get("decision").textValue().equals("kept")).toList()));
        for (JsonNode dropped : rows("rejected.jsonl")) {
            JsonNode line = decisions.stream().filter(one -> one.get("id").equals(dropped.get("id"))
                    && one.get("decision").textValue().equals("dropped")).findFirst().orElseThrow();
            assertEquals(dropped.get("step"), line.get("step"));
            assertEquals(dropped.get("reason"), line.get("reason"));
            assertEquals(dropped.get("evidence"), line.get("evidence"));
        }
        // Behind a step that looks ahead, too: what was measured before it is still there.
        JsonNode kept = decisions.stream().filter(one -> one.get("decision").textValue().equals("kept")).findFirst()
                .orElseThrow();
        assertTrue(kept.get("scores").get("length.words").intValue() > 0, kept.toString());
        JsonNode steps = Json.read(folder.resolve("out/report.json"), JsonNode.class).get("steps");
        assertEquals("[{\"least\":1.0,\"reason\":\"too_short\",\"score\":\"words\"},"
                + "{\"most\":30.0,\"reason\":\"too_long\",\"score\":\"words\"}]",
                Json.canonical(steps.get(2).get("thresholds")));
    }

    private static List<String> ids(List<JsonNode> rows) {
        return rows.stream().map(row -> row.get("id").textValue()).toList();
    }

    @Test
    void aBrokenLineGoesToTheQuarantineAndTheRestGoesOn() throws IOException {
        run("{}", answers(corpus()), "out");
        List<JsonNode> quarantine = rows("quarantine.jsonl");
        assertEquals(1, quarantine.size());
        assertEquals(9, quarantine.getFirst().get("line").intValue());
        assertTrue(quarantine.getFirst().get("raw").textValue().startsWith("{\"id\": broken"), quarantine.toString());
    }

    @Test
    void aLineThatIsJsonButNoRowIsQuarantinedWithWhatItHas() throws IOException {
        run("{}", answers(List.of("{\"id\":\"t_1\"}", "[1]", "\"x\"", "{}")), "out");
        assertEquals(4, rows("quarantine.jsonl").size());
        assertTrue(rows("quarantine.jsonl").getFirst().get("reason").textValue()
                .startsWith("row: a field question, instruction, messages"), rows("quarantine.jsonl").toString());
    }

    @Test
    void theSameInputGivesTheSameBytesAlsoAfterAKilledRun() throws IOException {
        Path answers = answers(corpus());
        run("{}", answers, "a");
        Files.createDirectories(folder.resolve("b/.scratch/step-0"));
        Files.writeString(folder.resolve("b/.scratch/step-0/left.over"), "x");
        Files.writeString(folder.resolve("b/train.jsonl"), "half a li");
        run("{}", answers, "b");
        for (String file : List.of("train.jsonl", "rejected.jsonl", "decisions.jsonl", "quarantine.jsonl",
                "report.json")) {
            assertEquals(Files.readString(folder.resolve("a/" + file)), Files.readString(folder.resolve("b/" + file)),
                    file);
        }
        assertFalse(Files.exists(folder.resolve("b/.scratch")));
    }

    @Test
    void curatingACuratedCorpusDropsNothing() throws IOException {
        run("{}", answers(corpus()), "out");
        Path train = folder.resolve("out/train.jsonl");
        Path again = Files.copy(train, folder.resolve("curated.jsonl"));
        StageReport report = run("{}", again, "again");
        assertEquals(0, report.counts().droppedInAll());
        assertEquals(Files.readString(train), Files.readString(folder.resolve("again/train.jsonl")));
    }

    @Test
    void whichRowsStayDoesNotDependOnTheirOrderWhereThatIsPromised() throws IOException {
        List<String> lines = new ArrayList<>(corpus());
        String steps = "steps: [verdicts, format, length, repetition, language, {exact_duplicates: {on: answer}}, "
                + "{select: {per_question: 1, by: shortest}}]";
        run(steps, answers(lines), "out");
        TreeSet<String> kept = new TreeSet<>();
        rows("train.jsonl").forEach(row -> kept.add(row.get("messages").toString()));
        for (int seed = 0; seed < 10; seed++) {
            Collections.shuffle(lines, new Random(seed));
            run(steps, answers(lines), "out");
            TreeSet<String> now = new TreeSet<>();
            rows("train.jsonl").forEach(row -> now.add(row.get("messages").toString()));
            assertEquals(kept, now);
        }
    }

    @Test
    void unknownFieldsOfARowStayInTheirPlace() throws IOException {
        String line = Json.line(RowMapper.json(Answers.trace(TOM, 0, "24 + 16 = 40", "40", List.of())).put("zulu", 1)
                .put("alpha", "\u00fc\u4e2d\ud83d\ude00"));
        run("{}", answers(List.of(line)), "out");
        String out = Files.readString(folder.resolve("out/train.jsonl"));
        assertEquals(line.substring(0, line.length() - 1) + ",\"question\":\"Solve: " + TOM + "\"}\n", out);
    }

    @Test
    void theQuestionComesFromTheFileOfQuestionsWhereItIsThere() throws IOException {
        Path questions = folder.resolve("questions.jsonl");
        Files.writeString(questions, Json.line(Map.of("id", RowIds.question(TOM), "question", TOM)) + "\nnot json\n");
        CurateStage.run(config("{}"), List.of(answers(corpus())), Optional.of(questions), context("out"));
        assertEquals(TOM, rows("train.jsonl").getFirst().get("question").textValue());
        assertEquals(2,
                Json.read(folder.resolve("out/report.json"), JsonNode.class).get("questions_from_messages").intValue());
    }

    @Test
    void ofAConversationOfSeveralTurnsTheQuestionIsAllTheUserSaid() throws IOException {
        String chat = "{\"messages\": [{\"role\": \"user\", \"content\": \"Tell me of %s.\"}, {\"role\": "
                + "\"assistant\", \"content\": \"It is far.\"}, "
                + "{\"role\": \"user\", \"content\": \"Go on, please.\"}, {\"role\": \"assistant\", \"content\": \"It "
                        + "is cold there.\"}]}";
        Path file = answers(List.of(chat.formatted("Mars"), chat.formatted("Pluto"), chat.formatted("Mars")));
        assertEquals("in 3 = kept 2 + dropped 1 (exact_duplicate 1) + failed 0",
                run("{}", file, "out").counts().toString());
        assertEquals("Tell me of Mars.\n\nGo on, please.", rows("train.jsonl").getFirst().get("question").textValue());
    }

    @Test
    void theFirstUnreadableRowIsAmongTheNotes() throws IOException {
        StageReport report = run("{}", answers(List.of(good(TOM, 0, "24 + 16 = 40", "40"), "{\"x\": 1}")), "out");
        String first = report.notes().get("first_problem").toString();
        assertTrue(first.contains("answers.jsonl:2: ") && first.endsWith("; all of them: out/quarantine.jsonl"), first);
    }

    @Test
    void anEmptyFileGivesAnEmptyCorpus() throws IOException {
        assertEquals("in 0 = kept 0 + dropped 0 + failed 0", run("{}", answers(List.of()), "out").counts().toString());
        assertEquals("", Files.readString(folder.resolve("out/train.jsonl")));
    }

    /// Eight rows and a broken line: two good answers to one question and a longer third, a copy, a wrong answer, one
    /// without final answer, an answer to a nearly equal question, an answer to another question.
    private static List<String> corpus() {
        List<String> lines = new ArrayList<>();
        lines.add(good(TOM, 0, "24 + 16 = 40", "40"));
        lines.add(good(TOM, 1, "16 + 24 = 40", "40"));
        lines.add(good(TOM, 2, "first 24, then 16 more, so 24 + 16 = 40", "40"));
        lines.add(good(TOM, 3, "24 + 16 = 40", "40"));
        lines.add(Json.line(
                RowMapper.json(Answers.trace(TOM, 4, "24 + 16 = 50", "50",
                        List.of(new Verdict("final_answer", false, "gold 40"))))));
        var none = Answers.trace(TOM, 5, "24 + 16 = 40.", "40", List.of());
        lines.add(Json.line(
                RowMapper.json(Answers.with(none, none.messages(), none.finishReason(), none.reasoning(),
                        Optional.empty()))));
        lines.add(good(TOM.replace("have now?", "have left?"), 0, "24 + 16 = 40", "40"));
        lines.add(good(ANN, 0, "12 * 7 = 84", "84"));
        lines.add("{\"id\": broken");
        return lines;
    }

    private static String good(String question, int index, String reasoning, String answer) {
        return Json.line(
                RowMapper.json(Answers.trace(question, index, reasoning, answer,
                        List.of(new Verdict("final_answer", true, "")))));
    }

    private Path answers(List<String> lines) throws IOException {
        Path file = folder.resolve("answers.jsonl");
        Files.writeString(file, lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
        return file;
    }

    private StageReport run(String config, Path answers, String name) throws IOException {
        return CurateStage.run(config(config), List.of(answers), Optional.empty(), context(name));
    }

    private static Curation config(String yaml) {
        return Curation.of(ConfigReader.read(yaml, "curate.yaml", CurateConfig.class));
    }

    private StageContext context(String name) throws IOException {
        return new StageContext(Files.createDirectories(folder.resolve(name)), Progress.SILENT, Clock.systemUTC(), 1);
    }

    private List<JsonNode> rows(String name) throws IOException {
        return Files.readAllLines(folder.resolve("out/" + name)).stream()
                .map(line -> Json.read(line, JsonNode.class, name)).toList();
    }
}
