package dev.socratic.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.eval.stats.Paired;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SavedSamplesTest {
    private static final String REMEDY =
            "; give a samples_*.jsonl file of tasks scored from 0 to 1, as this tool or lm-evaluation-harness writes it";

    @TempDir
    Path folder;

    @Test
    void whatTheStageWroteIsReadBack() throws Exception {
        Sums.run(Sums.config(Sums.file(folder, 30), ""), Calculator.withSlip(5), folder.resolve("eval"));
        SavedSamples saved = SavedSamples.ofFolder(folder.resolve("eval")).get("sums");
        assertEquals("sums", saved.task());
        assertEquals(30, saved.size());
        assertEquals(0.8, saved.accuracy());
        Sample sample = saved.rows().get(1);
        assertEquals("What is 3 + 2?", sample.question());
        assertEquals("5", sample.target());
        assertEquals("6", sample.extracted().orElseThrow());
        assertEquals(false, sample.correct());
    }

    @Test
    void scoringAgainChangesVerdictsAndNothingElse() throws Exception {
        Path file = write("samples_t_2026-01-01T00-00-00.jsonl",
                line(0, "2 + 2?", "4", "The answer is 4.", "final_answer", 0).put("mine", 7));
        SavedSamples again = SavedSamples.read(file).scoredAgain();
        assertEquals(1.0, again.accuracy());
        Path target = folder.resolve("samples_t_2026-01-02T00-00-00.jsonl");
        again.write(target);
        ObjectNode expected = line(0, "2 + 2?", "4", "The answer is 4.", "final_answer", 1).put("mine", 7)
                .put("why", "the same text");
        expected.putArray("filtered_resps").add("4");
        assertEquals(Json.canonical(expected),
                Json.canonical(Json.read(Files.readString(target), JsonNode.class, "again")));
        assertEquals(List.of("t"), List.copyOf(SavedSamples.ofFolder(folder).keySet()));
        assertEquals(1.0, SavedSamples.ofFolder(folder).get("t").accuracy(), "the newest file of a task counts");
    }

    /// A perplexity beside an accuracy, as `eval --tasks wikitext,arc_easy` leaves them.
    @Test
    void aTaskOnAnotherScaleIsNamedAndStandsInNobodysWay() throws Exception {
        write("samples_t_2026-01-01T00-00-00.jsonl", line(0, "2 + 2?", "4", "4", "final_answer", 1));
        ObjectNode text = line(0, "A text.", "A text.", "-12.5", "none", 1);
        text.remove("exact_match");
        text.putArray("metrics").add("word_perplexity");
        text.putArray("word_perplexity").add(-12.5).add(3);
        Path other = write("samples_wikitext_2026-01-01T00-00-00.jsonl", text);
        assertEquals(List.of("t"), List.copyOf(SavedSamples.ofFolder(folder).keySet()));
        List<String> left = List.of(other + ":1: word_perplexity: from 0 to 1; got [-12.5,3]");
        assertEquals(left, SavedSamples.onOtherScales(folder));
        assertEquals(left, SamplePlaces.onOtherScales(folder));
        assertEquals(List.of("t"), List.copyOf(SamplePlaces.read(folder).keySet()));
    }

    @Test
    void ofTheHarnessFiltersTheLastInTheFileCounts() throws Exception {
        Path file = write(
                "samples_gsm8k_2026-01-01T00-00-00.123456.jsonl",
                line(0, "2 + 2?", "2 + 2 = 4\n#### 4", "#### 4", "strict-match", 0),
                line(1, "2 + 3?", "#### 5", "It is 6.", "strict-match", 0),
                line(0, "2 + 2?", "2 + 2 = 4\n#### 4", "#### 4", "flexible-extract", 1),
                line(1, "2 + 3?", "#### 5", "It is 6.", "flexible-extract", 0));
        SavedSamples saved = SavedSamples.read(file);
        assertEquals("gsm8k", saved.task());
        assertEquals(2, saved.size());
        assertEquals(0.5, saved.accuracy());
        assertEquals(0.5, saved.scoredAgain().accuracy());
    }

    @Test
    void ourOwnFilterCountsBeforeOthers() throws Exception {
        Path file = write(
                "samples_t.jsonl", line(0, "2 + 2?", "4", "4", "final_answer", 1),
                line(0, "2 + 2?", "4", "4", "strict-match", 0));
        assertEquals(1.0, SavedSamples.read(file).accuracy());
    }

    @Test
    void choiceTasksAreComparedButNotScoredAgain() throws Exception {
        ObjectNode row = (ObjectNode) Json.read(
                "{\"doc_id\":0,\"doc\":{\"query\":\"q\"},\"target\":1,\"resps\":[[[\"-1.5\",\"False\"]],[[\"-0.5\",\"True\"]]],\"filter\":\"none\",\"acc\":1.0}",
                JsonNode.class, "row");
        SavedSamples saved = SavedSamples.read(write("samples_arc.jsonl", row));
        assertEquals(1, saved.against(saved).bothRight());
        DataException error = assertThrows(DataException.class, saved::scoredAgain);
        assertEquals(
                saved.file()
                        + ": answers a model wrote; got log probabilities of given choices (doc_id 0); only "
                        + "generated answers can be scored again",
                error.getMessage());
    }

    @Test
    void filesOfTwoWritersArePairedByTheQuestion() throws Exception {
        SavedSamples ours =
                SavedSamples.read(
                        write("samples_a.jsonl", line(0, "one?", "1", "1", "final_answer", 1),
                                line(1, "two?", "2", "2", "final_answer", 1)));
        SavedSamples theirs =
                SavedSamples.read(
                        write("samples_b.jsonl", line(7, "two?", "#### 2", "2", "strict-match", 1),
                                line(9, "one?", "#### 1", "2", "strict-match", 0)));
        Paired paired = ours.against(theirs);
        assertEquals(1, paired.bothRight());
        assertEquals(1, paired.onlyFirst());
    }

    @Test
    void aQuestionAskedTwiceCountsTwice() throws Exception {
        SavedSamples a =
                SavedSamples.read(
                        write("samples_a.jsonl", line(0, "one?", "1", "1", "f", 1), line(1, "one?", "1", "2", "f", 0)));
        SavedSamples b =
                SavedSamples.read(
                        write("samples_b.jsonl", line(0, "one?", "1", "1", "f", 1), line(1, "one?", "1", "1", "f", 1)));
        assertEquals(2, a.against(b).n());
        assertEquals(1, a.against(b).onlySecond());
    }

    @Test
    void differentQuestionsAreNotCompared() throws Exception {
        SavedSamples a =
                SavedSamples.read(
                        write("samples_a.jsonl", line(0, "one?", "1", "1", "f", 1), line(1, "two?", "2", "2", "f", 1)));
        SavedSamples b = SavedSamples.read(write("samples_b.jsonl", line(0, "one?", "1", "1", "f", 1)));
        DataException error = assertThrows(DataException.class, () -> a.against(b));
        assertEquals(
                a.file() + " and " + b.file()
                        + ": samples of the same questions; got 2 and 1 questions, 1 of them in both; evaluate both "
                        + "models on the same task with the same limit",
                error.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "[1, 2]|a JSON object; got array",
        "{\"doc_id\":0}|target: a field every sample has; got a line without it",
        "{\"doc_id\":\"x\"}|doc_id: a number from 0; got \"x\"",
        "{\"doc_id\":-1}|doc_id: a number from 0; got -1",
        "{\"doc_id\":0,\"target\":null}|target: text; got null",
        "{\"doc_id\":0,\"target\":\"1\",\"doc\":{},\"resps\":[[null]],\"exact_match\":1}|resps: a list of lists of "
                + "texts; got [[null]]",
        "{\"doc_id\":0,\"target\":\"1\",\"doc\":{},\"resps\":[],\"exact_match\":1}|resps: a list of lists of texts; "
                + "got []",
        "{\"doc_id\":0,\"target\":\"1\",\"doc\":{},\"resps\":[[\"1\"]],\"exact_match\":\"yes\"}|exact_match: from "
                + "0 to 1; got \"yes\"",
        "{\"doc_id\":0,\"target\":\"1\",\"doc\":{},\"resps\":[[\"1\"]],\"exact_match\":1.4}|exact_match: from 0 "
                + "to 1; got 1.4",
        "{\"doc_id\":0,\"target\":\"1\",\"doc\":{},\"resps\":[[\"1\"]]}|exact_match: a field every sample has; got "
                + "a line without it"
    })
    void aLineThatIsNoSampleIsNamed(String line, String problem) throws IOException {
        Path file = Files.writeString(folder.resolve("samples_bad.jsonl"),
                Json.line(line(5, "one?", "1", "1", "f", 1)) + "\n" + line + "\n");
        DataException error = assertThrows(DataException.class, () -> SavedSamples.read(file));
        assertEquals(file + ":2: " + problem + REMEDY, error.getMessage());
    }

    @Test
    void aDocumentWithTwoVerdictsOfOneFilterIsRefused() throws IOException {
        Path file = write("samples_t.jsonl", line(3, "one?", "1", "1", "f", 1), line(3, "one?", "1", "1", "f", 0));
        DataException error = assertThrows(DataException.class, () -> SavedSamples.read(file));
        assertEquals(
                file + ":2: one line per document and filter; got doc_id 3 again, after line 1; keep the lines of "
                        + "one evaluation only", error.getMessage());
    }

    @Test
    void aFileThatIsNoJsonIsNamedWithItsLine() throws IOException {
        Path file = Files.writeString(folder.resolve("samples_t.jsonl"), "\n\nnonsense\n");
        DataException error = assertThrows(DataException.class, () -> SavedSamples.read(file));
        assertEquals(true, error.getMessage().startsWith(file + ":3"), error.getMessage());
    }

    @Test
    void anEmptyFileHasNoAccuracyToSpeakOf() throws IOException {
        SavedSamples none = SavedSamples.read(Files.createFile(folder.resolve("samples_t.jsonl")));
        assertEquals(0, none.size());
        assertEquals(0, none.ci95().low());
        assertEquals(1, none.ci95().high());
    }

    @Test
    void aTaskNameMayEndInANumber() throws IOException {
        assertEquals("arc_2",
                SavedSamples.read(Files.createFile(folder.resolve("samples_arc_2_2026-01-01T00-00-00.jsonl"))).task());
        assertEquals("arc_2", SavedSamples.read(Files.createFile(folder.resolve("samples_arc_2.jsonl"))).task());
    }

    private Path write(String name, ObjectNode... rows) throws IOException {
        return Files.write(folder.resolve(name), List.of(rows).stream().map(Json::line).toList());
    }

    private static ObjectNode line(int id, String question, String target, String response, String filter, int match) {
        ObjectNode row = Json.mapper().createObjectNode().put("doc_id", id).put("target", target).put("filter", filter)
                .put("exact_match", (double) match);
        row.putObject("doc").put("question", question).put("answer", target);
        row.putArray("resps").addArray().add(response);
        row.putArray("filtered_resps").add("[invalid]");
        row.putArray("metrics").add("exact_match");
        return row;
    }
}
