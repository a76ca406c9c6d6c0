package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Benchmarks by name, and corpora that are checked against them: by words, and by the vectors of an encoder.
class BenchmarksCommandTest {
    private static final Path MINILM = Path.of("..", "models", "src", "test", "resources", "embed", "minilm")
            .toAbsolutePath().normalize();
    private static final String LEAK = "Tom has 24 apples and buys 16 more at the market. How many apples has he now?";

    @TempDir
    Path folder;

    private Shell shell;

    @BeforeEach
    void start() {
        shell = new Shell(folder, Map.of("SOCRATIC_BENCHMARKS", folder.resolve("bm").toString()))
                .file("test.jsonl", "{\"question\": \"" + LEAK + "\", \"answer\": \"40\"}\n{\"question\": \"" + LEAK
                        + "\"}\n")
                .file("rows.jsonl", "{\"question\": \"" + LEAK
                        + "\", \"answer\": \"24 + 16 = 40. The answer is 40.\"}\n"
                        + "{\"question\": \"How long is a day of 24 hours in minutes?\", \"answer\": \"24 * 60 = 1440. "
                        + "The answer is 1440.\"}\n")
                .file("c.yaml", "steps: [{decontaminate: {against: [{benchmark: sums}]}}]\n")
                .file("all.yaml", "steps: [{decontaminate: {against: [{benchmark: all}]}}]\n");
    }

    private List<JsonNode> rows(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file)).stream().map(line -> Json.read(line, JsonNode.class, file))
                .toList();
    }

    @Test
    void aBenchmarkIsAddedOnceListedNamedInARecipeAndRemoved() throws IOException {
        Shell.Result added = shell.line("benchmarks add sums {}/test.jsonl --json");
        assertEquals(ExitCode.DONE, added.code(), added::toString);
        JsonNode facts = Json.read(added.out(), JsonNode.class, "out");
        assertEquals(1, facts.path("questions").intValue());
        assertEquals(1, facts.path("repeated").intValue());
        assertEquals(1, facts.path("version").intValue());
        assertTrue(shell.line("benchmarks list").out().startsWith("sums "));
        for (String config : List.of("c", "all")) {
            assertEquals(ExitCode.DONE, shell.line("curate {}/rows.jsonl --config {}/" + config + ".yaml --out {}/"
                    + config).code());
            assertEquals(1, rows(config + "/curate/train.jsonl").size());
            JsonNode gone = rows(config + "/curate/rejected.jsonl").getFirst();
            assertEquals("evaluation_ngram", gone.path("reason").textValue());
            assertEquals("sums", gone.at("/evidence/evaluation_source").textValue());
        }
        assertEquals(ExitCode.DONE, shell.line("benchmarks remove sums").code());
        assertEquals("", shell.line("benchmarks list").out());
    }

    @Test
    void aNameThatIsTakenReservedOrNotThereIsRefusedWithWhatToDo() {
        shell.line("benchmarks add sums {}/test.jsonl");
        assertTrue(shell.line("benchmarks add sums {}/test.jsonl").err().contains("NAME: a name that is free; got "
                + "'sums', which is in {}/bm; take another, or add --replace"));
        assertEquals(ExitCode.DONE, shell.line("benchmarks add sums {}/test.jsonl --replace").code());
        assertTrue(shell.line("benchmarks add all {}/test.jsonl").err().contains("NAME: a name that can be a folder's, "
                + "and not 'all'; got 'all'; write one such as gsm8k_test"));
        assertTrue(shell.line("benchmarks remove sumz").err().contains("NAME: one of sums; got 'sumz'; write 'sums'"));
        shell.line("benchmarks remove sums");
        Shell.Result refused = shell.line("curate {}/rows.jsonl --config {}/c.yaml --out {}/c");
        assertEquals(ExitCode.USAGE, refused.code());
        assertTrue(refused.err().contains("got 'sums', and there is none; add it: socratic benchmarks add sums FILE"),
                refused::toString);
        assertFalse(Files.exists(folder.resolve("c/curate/train.jsonl")));
    }

    @Test
    void anIndexOfAnotherVersionIsRefusedWithTheCommandThatMakesItAnew() throws IOException {
        shell.line("benchmarks add sums {}/test.jsonl");
        Path facts = folder.resolve("bm/sums/benchmark.json");
        Files.writeString(facts, Files.readString(facts).replaceFirst("\"version\" ?: ?1", "\"version\": 7"));
        Shell.Result refused = shell.line("curate {}/rows.jsonl --config {}/c.yaml --out {}/c");
        assertTrue(refused.err().contains("an index of version 1; got 'sums' of version 7; make it anew: socratic "
                + "benchmarks add sums {}/test.jsonl --replace"), refused::toString);
        assertEquals(ExitCode.DONE, shell.line("benchmarks add sums {}/test.jsonl --replace").code());
        assertEquals(ExitCode.DONE, shell.line("curate {}/rows.jsonl --config {}/c.yaml --out {}/c").code());
    }

    @Test
    void sourcesWithoutAQuestionAndRowsThatAreNoneAreSaid() {
        shell.file("no.jsonl", "{\"problem\": 1}\n").file("some.jsonl", "{\"question\": \"1 + 1?\"}\nnonsense\n");
        assertTrue(shell.line("benchmarks add no {}/no.jsonl").err().contains("rows with a question; got none"));
        assertEquals("", shell.line("benchmarks list").out());
        assertEquals(ExitCode.NOT_WHOLE, shell.line("benchmarks add some {}/some.jsonl").code());
        assertTrue(shell.line("benchmarks add x {}/nowhere.jsonl").err().contains("a file of questions"));
    }

    @Test
    void anEncoderFolderFindsWhatMeansTheSameAndEmbedsNothingTwice() throws IOException {
        shell.line("benchmarks add sums {}/test.jsonl");
        shell.file("m.yaml", "models: {tiny: {weights: {path: " + MINILM + ", batch: 2}}}\n")
                .file("two.jsonl", "{\"question\": \"" + LEAK.toUpperCase(Locale.ROOT).replace("TOM", "Tim")
                        + "\", \"answer\": \"That makes 40.\"}\n"
                        + "{\"question\": \"A 7 b\", \"answer\": \"Seven it is.\"}\n"
                        + "{\"question\": \"a  7 B\", \"answer\": \"It is seven.\"}\n")
                .file("e.yaml", "steps:\n  - decontaminate: {against: [{benchmark: sums}], retrieval: {top: 0}, "
                        + "coverage: 1, embeddings: {model: tiny}}\n  - semantic_duplicates: {embeddings: tiny}\n");
        String command = "curate {}/two.jsonl --config {}/e.yaml --models {}/m.yaml --out {}/e --threads 1";
        Shell.Result run = shell.line(command);
        assertEquals(ExitCode.DONE, run.code(), run::toString);
        List<JsonNode> gone = rows("e/curate/rejected.jsonl");
        assertTrue(gone.stream().anyMatch(row -> row.path("reason").asText().equals("semantic_duplicate")),
                gone::toString);
        JsonNode report = Json.read(folder.resolve("e/curate/report.json"), JsonNode.class);
        assertTrue(report.at("/steps/0/facts/embeddings/model").asText().startsWith("minilm weights:"));
        long asked = Files.size(folder.resolve("e/asked/asked-000001.journal"));
        shell.line(command + " --set failed_limit=0.4 --set steps.1.semantic_duplicates.cosine=0.95");
        assertEquals(asked, Files.size(folder.resolve("e/asked/asked-000001.journal")));
        shell.file("bad.yaml", "models: {tiny: {weights: {path: {}}}}\n");
        assertTrue(shell.line("curate {}/two.jsonl --config {}/e.yaml --models {}/bad.yaml --out {}/f").err()
                .contains("a folder of a sentence encoder, with modules.json"));
    }
}
