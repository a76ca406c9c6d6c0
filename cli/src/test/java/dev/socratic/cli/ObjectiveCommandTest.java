package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.cli.command.Socratic;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.json.Json;
import dev.socratic.models.text.BpeTrainer;
import dev.socratic.models.text.TokenizerFolder;
import dev.socratic.models.text.TokenizerRecipe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectiveCommandTest {
    private static final String TEACHER = "../recipes/embedded/teacher";
    private static final String BASE = "../recipes/embedded/base";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    private int run(String... arguments) {
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8),
                false, false, Map.of());
        return Socratic.commandLine(console).execute(arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theListNamesEveryPresetWithPaperParityAndTest() throws IOException {
        assertEquals(ExitCode.DONE, run("objective", "list", "--json"), err::toString);
        JsonNode list = Json.mapper().readTree(out());
        assertTrue(list.size() > 40, out());
        list.forEach(one ->
                assertTrue(one.hasNonNull("name") && one.hasNonNull("parity") && one.hasNonNull("test"),
                        one.toString()));
    }

    @Test
    void anObjectiveIsExplainedForTwoModelsWithoutTheirWeights() {
        assertEquals(ExitCode.DONE,
                run("objective", "explain", "tiny_bert", "--teacher", TEACHER, "--student", TEACHER), err::toString);
        assertTrue(out().startsWith("tiny_bert: sum of 4 term(s), over 1024 token ids"), out());
        assertTrue(out().contains("objective.projection.all.student: 256 to 256"), out());
        assertTrue(out().contains("weight 1.000 .. 1.000 .. 0.000"), out());
    }

    @Test
    void whichStoresCouldStandInTheTeachersPlaceIsSaidAndEverythingIsThereAsData() throws IOException {
        assertEquals(ExitCode.DONE, run("objective", "explain", "word_kd", "--teacher", TEACHER, "--student", BASE),
                err::toString);
        assertTrue(out().contains("  a store 'sampled' in the teacher's place: yes, captured at temperature 2.0"),
                out());
        out.reset();
        assertEquals(ExitCode.DONE,
                run("objective", "explain", "tiny_bert", "--teacher", TEACHER, "--student", TEACHER, "--json"),
                err::toString);
        JsonNode plan = Json.mapper().readTree(out());
        assertEquals("[1.0,1.0,0.0]", plan.at("/terms/1/weight").toString());
        assertEquals("0", plan.at("/terms/1/layers/0/student").toString(), out());
        assertTrue(plan.at("/stores/dense/0").asText().startsWith("objective 'tiny_bert'.terms[0]: a term over logits"),
                out());
        out.reset();
        assertEquals(ExitCode.DONE,
                run("objective", "explain", "theseus", "--teacher", TEACHER, "--student", TEACHER, "--json"),
                err::toString);
        assertEquals("replace", Json.mapper().readTree(out()).path("edit").asText(), out());
    }

    @Test
    void encodersAreExplainedToo() throws IOException {
        Files.copy(Path.of("../models/src/test/resources/encoders/bert/config.json"), folder.resolve("config.json"));
        Files.copy(Path.of("../recipes/embedded/base/tokenizer.json"), folder.resolve("tokenizer.json"));
        assertEquals(ExitCode.DONE,
                run("objective", "explain", "distilbert", "--teacher", folder.toString(), "--student",
                        folder.toString()), err::toString);
        assertTrue(out().startsWith("distilbert: sum of 3 term(s)"), out());
    }

    @Test
    void twoTokenizersAreExplainedByHowTheyAreJoined() throws IOException {
        Path student = Files.createDirectories(folder.resolve("student"));
        Files.copy(Path.of(BASE, "config.json"), student.resolve("config.json"));
        TokenizerFolder.write(BpeTrainer.train(TokenizerRecipe.embedded(300), Stream.of("the answers are the answers")),
                student);
        assertEquals(ExitCode.DONE,
                run("objective", "explain", "gold", "--teacher", TEACHER, "--student", student.toString()),
                err::toString);
        assertTrue(out().contains("  two tokenizers: ") && out().contains(" of the teacher's 1024 and "), out());
        assertTrue(out().contains("joins: stretches of text that both sides end with a token"), out());
        assertEquals(ExitCode.USAGE,
                run("objective", "explain", "forward_kl", "--teacher", TEACHER, "--student", student.toString()));
        assertTrue(err.toString(StandardCharsets.UTF_8)
                .contains("take an objective that compares across tokenizers (dskd_cma, "),
                        err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void everythingThatDoesNotFitIsSaidAtOnce() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.yaml"), """
                name: mine
                terms:
                  - {tap: hidden, distance: mse}
                  - {tap: hidden, views: [project], layers: {explicit: {pairs: [[0, 99]]}}, distance: mse}
                """);
        assertEquals(ExitCode.USAGE,
                run("objective", "explain", file.toString(), "--teacher", TEACHER, "--student", BASE));
        String said = err.toString(StandardCharsets.UTF_8);
        assertEquals(2, said.lines().count(), said);
        assertTrue(said.contains("put 'project' among the views") && said.contains("layers count from 0"), said);
    }
}
