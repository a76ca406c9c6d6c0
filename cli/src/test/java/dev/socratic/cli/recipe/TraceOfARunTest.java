package dev.socratic.cli.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.cli.command.Socratic;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.core.json.JsonLines;
import dev.socratic.models.engine.Compute;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// `socratic trace` through one whole run: asked, curated, trained.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TraceOfARunTest {
    @TempDir
    private static Path folder;

    private Endpoint endpoint;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    void run() throws Exception {
        endpoint = new Endpoint();
        List<String> questions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            questions.add("{\"question\": \"What is %s + 1?\", \"answer\": \"%s\", \"licence\": \"mit\"}".formatted(
                    i, i == 5 ? 7 : i + 1)); // the gold answer of the last is wrong
        }
        Files.write(folder.resolve("questions.jsonl"), questions);
        Recipe recipe = ConfigReader.read("""
                name: traced
                generate:
                  questions: {file: {path: "%1$s/questions.jsonl"}}
                  prompt: plain
                  teacher: {%2$s}
                  samples: 2
                  sampling: {max_tokens: 10}
                curate: {steps: [verdicts, exact_duplicates]}
                train:
                  - {name: small, student: {folder: "%3$s"}, budget: {epochs: 2}, batch_tokens: 100, micro_tokens: 100,
                     max_seq: 64}
                """.formatted(folder, endpoint.config(""), Path.of("../recipes/embedded/base").toAbsolutePath()),
                "recipe", Recipe.class);
        assertEquals(ExitCode.DONE, new Runner(recipe, folder.resolve("run"), console(), Clock.systemUTC(), 1,
                Compute.CPU).run(EnumSet.allOf(Stage.class)), err::toString);
    }

    @AfterAll
    void close() {
        endpoint.close();
    }

    @Test
    void aLearnedRowIsTracedToQuestionPromptTeacherVerdictsAndSteps() throws IOException {
        JsonNode row = Json.read(Files.readAllLines(folder.resolve("run/curate/train.jsonl")).get(2), JsonNode.class,
                "row");
        JsonNode trace = trace(row.path("id").asText());
        assertEquals("curate/train.jsonl:3", trace.path("place").asText());
        assertEquals("learned", trace.path("outcome").asText());
        assertEquals("What is 2 + 1?", trace.at("/question/question").asText());
        assertEquals("mit", trace.at("/question/licence").asText());
        assertEquals("What is 2 + 1?", trace.at("/prompt/0/content").asText());
        assertEquals("adder", trace.at("/answer/teacher/name").asText());
        assertTrue(trace.at("/answer/verdicts/0/passed").asBoolean(), trace::toString);
        assertEquals(List.of("verdicts", "exact_duplicates"), trace.at("/curation/stayed").valueStream()
                .map(step -> step.path("step").asText()).toList());
        assertEquals(1, trace.at("/curation/dropped_for").size(), "its second sample is the same: " + trace);
        assertEquals("kept", trace.at("/curation/decision/decision").asText(), trace::toString);
        List<Long> steps = new ArrayList<>();
        JsonLines.each(folder.resolve("run/train/small/rows.jsonl"), 1 << 20, line -> {
            if (StreamSupport.stream(line.path("rows").spliterator(), false).anyMatch(n -> n.asInt() == 2)) {
                steps.add(line.path("step").asLong());
            }
        });
        assertEquals(2, steps.size(), "once in each pass");
        assertEquals(steps, trace.path("seen").valueStream().map(seen -> seen.path("step").asLong()).toList());
        assertEquals(trace, trace("3"), "by its line");
        assertEquals(trace, trace("What is 2 + 1"), "by a piece of its text");
    }

    @Test
    void aRowThatWentIsTracedToTheStepAndTheEvidence() throws IOException {
        String wrong = id("generate/rejected.jsonl", 0);
        assertEquals("rejected by generate: final_answer", trace(wrong).path("outcome").asText());
        String same = id("curate/rejected.jsonl", 0);
        JsonNode trace = trace(same);
        assertEquals("dropped by curate: exact_duplicate (exact_duplicates)", trace.path("outcome").asText());
        assertEquals(id("curate/train.jsonl", 0), trace.at("/dropped/evidence/kept_id").asText());
        assertEquals(0, trace.path("seen").size());
    }

    @Test
    void thePageSaysTheSame() {
        assertEquals(ExitCode.DONE, execute("trace", student(), "1"));
        String page = out.toString(StandardCharsets.UTF_8);
        assertTrue(page.matches("(?s)row              t_[0-9a-f]{16}, curate/train.jsonl:1: learned\n"
                + "question         What is 0 \\+ 1\\?\n"
                + "question's own   id q_[0-9a-f]{16}, source .*questions.jsonl, answer 1, licence mit\n"
                + "prompt, user     What is 0 \\+ 1\\?\n"
                + "answer           The answer is 1\n"
                + "teacher          adder, endpoint:.*\n"
                + "template         plain, version .*, sha256 [0-9a-f]+\n"
                + "sampling         temperature .*, at most 10 tokens, seed [0-9]+, sample 0; ended by stop after 10 tokens\n"
                + "verdicts         .*final_answer passed.*\n"
                + "curation         stayed through verdicts \\(10 of 10\\), exact_duplicates \\(5 of 10\\)\n"
                + "(measured         .*\n)?"
                + "gone for it      t_.* by exact_duplicates: .*\n"
                + "student          small, objective sft\n"
                + "steps            2: [0-9]+, [0-9]+\n"), page);
    }

    @Test
    void whatCannotBeTracedIsSaidInOneLine() throws IOException {
        assertEquals(ExitCode.FAILED, execute("trace", student(), "nothing like it"));
        assertEquals("ROW: the id, the line or a piece of the text of a row that 'small' read, or the id of one that "
                + "this run dropped; got 'nothing like it'; look into " + folder.resolve("run/curate"), told());
        assertEquals(ExitCode.FAILED, execute("trace", student(), "What is"));
        assertTrue(told().startsWith("ROW: one row; got 5 with 'What is': [t_"), told());
        assertTrue(told().endsWith("]; give the id or the line of one of them"), told());
        assertEquals(ExitCode.USAGE, execute("trace", folder.resolve("run/train/other").toString(), "1"));
        assertEquals(folder.resolve("run/train/other") + ": the folder of a student in its run, <run>/train/<name>; got "
                + "none there; give the folder that the run wrote: rows are traced through the run's files", told());
        Path train = folder.resolve("run/curate/train.jsonl");
        byte[] before = Files.readAllBytes(train);
        try {
            Files.writeString(train, "{}\n");
            assertEquals(ExitCode.FAILED, execute("trace", student(), "1"));
            assertTrue(told().startsWith(train + ": the rows as the student read them, sha256 ")
                    && told().endsWith("; got another content; put the file back, or train the student anew"), told());
        } finally {
            Files.write(train, before);
        }
    }

    private String told() {
        String line = err.toString(StandardCharsets.UTF_8).strip();
        return line.replaceFirst("^socratic: ", "");
    }

    private String id(String file, int line) throws IOException {
        return Json.read(Files.readAllLines(folder.resolve("run").resolve(file)).get(line), JsonNode.class, file)
                .path("id").asText();
    }

    private JsonNode trace(String row) {
        assertEquals(ExitCode.DONE, execute("trace", student(), row, "--json"), err::toString);
        return Json.read(out.toString(StandardCharsets.UTF_8), JsonNode.class, "trace");
    }

    private static String student() {
        return folder.resolve("run/train/small").toString();
    }

    private int execute(String... arguments) {
        out.reset();
        err.reset();
        return Socratic.commandLine(console()).execute(arguments);
    }

    private Console console() {
        return new Console(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), false, false, Map.of());
    }
}
