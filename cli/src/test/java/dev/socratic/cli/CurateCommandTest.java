package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.cli.command.Socratic;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.json.Json;
import dev.socratic.datasets.format.RowFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `curate` on corpora of other people.
class CurateCommandTest {
    private static final String HENS = "A farmer keeps 31 hens and 12 geese. How many birds does the farmer keep in "
            + "all?";
    private static final String WORK = "31 + 12 = 43 birds. The answer is 43.";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8),
                false, false, Map.of());
        return Socratic.commandLine(console).execute(arguments);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void everyLayoutThatTrainReadsIsCuratedAndItsOtherFieldsStay() throws IOException {
        Map<String, String> rows = Map.of(
                "messages", "{'id': 'own-1', 'topic': 'birds', 'messages': [{'role': 'user', 'content': 'Q'}, "
                        + "{'role': 'assistant', 'content': 'A'}]}",
                "sharegpt", "{'id': 'own-1', 'topic': 'birds', 'conversations': [{'from': 'human', 'value': 'Q'}, "
                        + "{'from': 'gpt', 'value': 'A'}]}",
                "alpaca", "{'id': 'own-1', 'topic': 'birds', 'instruction': 'Q', 'input': '', 'output': 'A'}",
                "question", "{'id': 'own-1', 'topic': 'birds', 'question': 'Q', 'answer': 'A'}",
                "pair", "{'id': 'own-1', 'topic': 'birds', 'prompt': 'Q', 'chosen': 'A', 'rejected': 'No birds.'}");
        for (Map.Entry<String, String> row : rows.entrySet()) {
            String line = row.getValue().replace('\'', '"').replace("\"Q\"", Json.line(HENS))
                    .replace("\"A\"", Json.line(WORK));
            Path file = write(row.getKey() + ".jsonl", line + "\n" + line + "\n");
            assertEquals(ExitCode.DONE, run("curate", file.toString(), "--out", folder.resolve(row.getKey())
                    .toString()), err());
            List<JsonNode> kept = kept(row.getKey());
            assertEquals(1, kept.size(), row.getKey() + err());
            assertEquals("own-1", kept.getFirst().path("id").textValue(), row.getKey());
            assertEquals("birds", kept.getFirst().path("topic").textValue(), row.getKey());
            assertEquals(HENS, kept.getFirst().path("question").textValue(), row.getKey());
            assertEquals("exact_duplicate", rejected(row.getKey()).getFirst().path("reason").textValue(), row.getKey());
        }
    }

    @Test
    void plainTextIsCuratedByItself() throws IOException {
        Path file = write("text.jsonl",
                "{\"text\": \"Hens lay eggs.\"}\n{\"text\": \"Geese fly south.\"}\n{\"text\": \"Hens lay  eggs.\"}\n");
        assertEquals(ExitCode.DONE, run("curate", file.toString(), "--out", folder.resolve("o").toString()), err());
        assertEquals(List.of("Hens lay eggs.", "Geese fly south."), kept("o").stream().map(row -> row.path("text")
                .textValue()).toList());
    }

    @Test
    void columnsOfAnyNameAreMappedInCsvJsonAndParquetAndSeveralFilesAreOneCorpus() throws IOException {
        Path csv = write("a.csv", "Problem,Solution,level\n\"" + HENS + "\",\"" + WORK + "\",easy\n");
        Path json = write("b.json",
                "[{\"Problem\": \"Name a large bird.\", \"Solution\": \"A swan.\", \"level\": \"easy\"}]");
        Path parquet = folder.resolve("c.parquet");
        RowFiles.write(parquet, rows -> rows.write(Json.mapper().createObjectNode()
                .put("Problem", HENS).put("Solution", WORK).put("level", "hard")));
        assertEquals(ExitCode.DONE, run("curate", csv.toString(), json.toString(), parquet.toString(), "--out",
                folder.resolve("o").toString(), "--set", "fields={user: Problem, assistant: Solution}"), err());
        assertEquals(List.of("easy", "easy"), kept("o").stream().map(row -> row.path("level").textValue()).toList());
        assertEquals(List.of(HENS, "Name a large bird."), kept("o").stream().map(row -> row.path("question")
                .textValue()).toList());
        assertTrue(err().contains("in 3 = kept 2 + dropped 1 (exact_duplicate 1) + failed 0"), err());
    }

    @Test
    void aColumnNamedQuestionThatIsNotTheQuestionStaysUnderAnotherName() throws IOException {
        Path csv = write("q.csv", "question,Problem,Solution\n17,\"" + HENS + "\",\"" + WORK + "\"\n");
        assertEquals(ExitCode.DONE, run("curate", csv.toString(), "--out", folder.resolve("o").toString(),
                "--set", "fields={user: Problem, assistant: Solution}"), err());
        assertEquals(HENS, kept("o").getFirst().path("question").textValue());
        assertEquals("17", kept("o").getFirst().path("original_question").asText());
    }

    @Test
    void aFileOfOtherRowsEndsWithExitCodeThreeAndSaysWhy() throws IOException {
        Path file = write("other.csv", "Problem,Solution\n\"" + HENS + "\",43\n");
        assertEquals(ExitCode.NOT_WHOLE, run("curate", file.toString(), "--out", folder.resolve("o").toString()));
        assertTrue(err().contains("nothing usable came out"), err());
        assertTrue(err().contains("other.csv:2: row: a field question, instruction, messages, conversations or text; "
                + "got Problem, Solution"), err());
        assertTrue(err().contains("all of them: curate/quarantine.jsonl"), err());
        assertEquals(1, lines("o", "quarantine.jsonl").size());
    }

    @Test
    void anEmptyFileEndsWithExitCodeThree() throws IOException {
        assertEquals(ExitCode.NOT_WHOLE, run("curate", write("empty.jsonl", "").toString(), "--out", folder.resolve("o")
                .toString()));
    }

    @Test
    void moreFailedRowsThanTheLimitEndWithExitCodeThreeAndFewerAreSaid() throws IOException {
        Path file = write("some.jsonl", row("Name a bird.", "A robin.") + row("Name a fish.", "A trout.")
                + "{\"x\": 1}\n");
        assertEquals(ExitCode.DONE, run("curate", file.toString(), "--out", folder.resolve("o").toString()));
        assertTrue(err().contains("1 of 3 rows failed; the first: "), err());
        assertEquals(ExitCode.NOT_WHOLE, run("curate", file.toString(), "--out", folder.resolve("o").toString(),
                "--set", "failed_limit=0.1"));
        assertTrue(err().contains("more rows failed than curate.failed_limit allows"), err());
    }

    @Test
    void setWithoutAConfigIsObeyedOrRefusedByName() throws IOException {
        Path file = write("two.jsonl", row(HENS, WORK) + row(HENS + " Tell me.", WORK));
        assertEquals(ExitCode.USAGE, run("curate", file.toString(), "--out", folder.resolve("o").toString(), "--set",
                "bananas=3"));
        assertTrue(err().contains("--set bananas: a known key (steps, evaluation, layout, fields, failed_limit); got "
                + "'bananas'"), err());
        run("curate", file.toString(), "--out", folder.resolve("o").toString());
        assertEquals(1, kept("o").size());
        run("curate", file.toString(), "--out", folder.resolve("o").toString(), "--set",
                "steps=[{near_duplicates: {threshold: 1}}]");
        assertEquals(2, kept("o").size());
    }

    @Test
    void aRecipeDropsWhatItEvaluatesWithUnlessSwitchedOff() throws IOException {
        write("answers.jsonl", row(HENS, WORK) + row("Name a bird.", "A robin."));
        write("test.jsonl", "{\"question\": " + Json.line(HENS) + ", \"answer\": \"43\"}\n");
        Path recipe = write("r.yaml", """
                name: r
                answers: answers.jsonl
                curate: {steps: [format]}
                eval:
                  models: {m: {weights: nowhere}}
                  tasks: [{name: birds, questions: {file: {path: test.jsonl}}}]
                """);
        assertEquals(ExitCode.DONE, run("run", recipe.toString(), "--only", "CURATE", "--out", folder.resolve("o")
                .toString()), err());
        assertEquals("evaluation_ngram", rejected("o").getFirst().path("reason").textValue());
        assertEquals(1, kept("o").size());
        assertEquals(ExitCode.DONE, run("run", recipe.toString(), "--only", "CURATE", "--out", folder.resolve("o")
                .toString(),
                "--set", "curate.evaluation=keep"), err());
        assertEquals(2, kept("o").size());
    }

    @Test
    void everyRowIsCountedOnceAndLiesInOneFile() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            rows.append(switch (i % 6) {
                case 0 -> row("How many legs have " + i + " dogs?", i + " * 4 = " + 4 * i + ". The answer is " + 4 * i
                        + ".");
                case 1 -> row("Who is " + i + "?", "I'm sorry, but I can't help with that.");
                case 2 -> row(HENS, WORK);
                case 3 -> "{\"broken\": " + i + "}\n";
                case 4 -> "not json " + i + "\n";
                default -> row("What is " + i + " + 1?", i + " + 1 = " + (i + 2) + ". The answer is " + (i + 2) + ".");
            });
        }
        Path file = write("mixed.jsonl", rows.toString());
        run("curate", file.toString(), "--out", folder.resolve("o").toString());
        JsonNode counts = Json.read(folder.resolve("o/curate/report.json"), JsonNode.class).get("counts");
        assertEquals(60, counts.get("in").intValue());
        assertEquals(kept("o").size(), counts.get("kept").intValue());
        assertEquals(20, lines("o", "quarantine.jsonl").size());
        assertEquals(60, kept("o").size() + rejected("o").size() + lines("o", "quarantine.jsonl").size());
        for (JsonNode row : rejected("o")) {
            assertTrue(row.path("evidence").size() > 0 && row.path("reason").isTextual()
                    && row.path("messages").isArray(), row.toString());
        }
    }

    private static String row(String question, String answer) {
        return Json.line(Map.of("messages", List.of(
                Map.of("role", "user", "content", question), Map.of("role", "assistant", "content", answer)))) + "\n";
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private List<JsonNode> kept(String run) throws IOException {
        return lines(run, "train.jsonl");
    }

    private List<JsonNode> rejected(String run) throws IOException {
        return lines(run, "rejected.jsonl");
    }

    private List<JsonNode> lines(String run, String file) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(run).resolve("curate").resolve(file))) {
            rows.add(Json.read(line, ObjectNode.class, file));
        }
        return rows;
    }
}
