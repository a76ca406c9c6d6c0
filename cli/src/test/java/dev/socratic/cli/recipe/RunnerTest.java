package dev.socratic.cli.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.models.engine.Compute;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole runs in a real run folder, against a real server: what a user pays, and what a run says of itself.
class RunnerTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream talk = new ByteArrayOutputStream();
    private Endpoint endpoint;

    @BeforeEach
    void serve() throws IOException {
        endpoint = new Endpoint();
    }

    @AfterEach
    void close() {
        endpoint.close();
    }

    @Test
    void raisingTheBudgetAsTheMessageAsksPaysNothingTwiceAndNeverPassesIt() throws Exception {
        Path recipe = generating(30, "");
        assertEquals(ExitCode.NOT_WHOLE, run(recipe, Map.of("generate.budget.max_usd", "10")));
        assertTrue(talk().contains("raise the budget and run the same command again"), talk());
        assertTrue(endpoint.billed() <= 10 && endpoint.billed() >= 9, "billed " + endpoint.billed());
        assertEquals(ExitCode.NOT_WHOLE, run(recipe, Map.of("generate.budget.max_usd", "15")));
        assertTrue(endpoint.billed() <= 15 && endpoint.billed() >= 14, "billed " + endpoint.billed());
        assertEquals(endpoint.billed(), spent(), 1e-9);
        assertEquals(ExitCode.DONE, run(recipe, Map.of("generate.budget.max_usd", "31")));
        assertEquals(30, endpoint.asked().size(), "each question once");
        assertEquals(30, rows("generate/answers.jsonl"));
        assertEquals(30.0, spent(), 1e-9);
        assertTrue(Files.readString(run().resolve("report.html")).contains("30.00"), "the report says what was paid");
    }

    @Test
    void noOtherChangeOfTheConfigBeginsTheAccountAnew() throws Exception {
        Path recipe = generating(10, "");
        run(recipe, Map.of("generate.budget.max_usd", "5"));
        run(recipe, Map.of("generate.budget.max_usd", "5", "generate.checks", "[format]", "generate.samples", "2"));
        run(recipe, Map.of("generate.budget.max_usd", "5", "generate.limit", "7", "generate.sampling.temperature",
                "0.1"));
        assertTrue(endpoint.billed() <= 5, "billed " + endpoint.billed());
    }

    @Test
    void aChangeThatMakesNoOtherRequestSendsNone() throws Exception {
        Path recipe = generating(8, "");
        assertEquals(ExitCode.DONE, run(recipe, Map.of()));
        endpoint.forget();
        for (Map<String, String> change : List.of(
                Map.of("generate.checks", "[format]"),
                Map.of("generate.limit", "5"),
                Map.of("generate.reject_limit", "0.9"),
                Map.of("generate.budget.max_usd", "100"),
                Map.of("generate.teacher.endpoint.price_in", "3"),
                Map.of("generate.teacher.endpoint.concurrency", "2"),
                Map.of("generate.teacher.endpoint.timeout", "77"),
                Map.of("generate.teacher.endpoint.retries", "3"))) {
            assertEquals(ExitCode.DONE, run(recipe, change), change + talk());
            assertEquals(List.of(), endpoint.asked(), change.toString());
        }
        run(recipe, Map.of("generate.samples", "3"));
        assertEquals(16, endpoint.asked().size(), "two more of each question, and nothing else");
    }

    @Test
    void whatIsOnlyEffortIsNoReasonToRunAnythingAgain() throws Exception {
        Path recipe = generating(4, "curate: {}");
        run(recipe, Map.of());
        talk.reset();
        run(recipe, Map.of(
                "generate.teacher.endpoint.price_out", "7", "generate.reject_limit", "0.95",
                        "generate.budget.max_tokens", "1000000"));
        assertTrue(talk().contains("generate: skipped") && talk().contains("curate: skipped"), talk());
    }

    @Test
    void oneMoreQuestionAsksOne() throws Exception {
        Path recipe = generating(6, "");
        run(recipe, Map.of());
        endpoint.forget();
        questions(7);
        assertEquals(ExitCode.DONE, run(recipe, Map.of()));
        assertEquals(List.of("What is 6 + 13?"), endpoint.asked());
        assertEquals(7, rows("generate/answers.jsonl"));
    }

    @Test
    void anOutageLeavesAnIncompleteStageThatGoesOnWithTheRest() throws Exception {
        Path recipe = generating(12, "curate: {}");
        endpoint.statuses(question -> endpoint.asked().size() > 5 ? 503 : 200);
        assertEquals(ExitCode.NOT_WHOLE, run(recipe, Map.of()));
        assertTrue(talk().contains("generate: incomplete: 7 of 12 requests without an answer: the first: "), talk());
        assertTrue(talk().contains(
                "run the same command again to ask the rest, or go on with what there is: --partial"), talk());
        assertFalse(talk().contains("curate:"), "nothing stands on a part unless it is wanted: " + talk());
        assertEquals("incomplete", manifest().at("/stages/generate/state").asText());
        assertEquals(5, rows("generate/answers.jsonl"));

        endpoint.statuses(question -> 200);
        endpoint.forget();
        assertEquals(ExitCode.DONE, run(recipe, Map.of()));
        assertEquals(7, endpoint.asked().size());
        assertEquals("done", manifest().at("/stages/generate/state").asText());
        assertEquals(12, rows("generate/answers.jsonl"));
    }

    @Test
    void withPartialTheStagesBehindGoOnWithWhatThereIsAndTheExitCodeStillSaysSo() throws Exception {
        Path recipe = generating(12, "curate: {}");
        endpoint.statuses(question -> endpoint.asked().size() > 5 ? 503 : 200);
        assertEquals(ExitCode.NOT_WHOLE, run(recipe, Map.of(), true));
        assertEquals(5, rows("curate/train.jsonl"), talk());
        endpoint.statuses(question -> 200);
        assertEquals(ExitCode.DONE, run(recipe, Map.of(), true));
        assertEquals(12, rows("curate/train.jsonl"), talk());
    }

    @Test
    void anEvaluationThatWasCutShortHasNoFigureAndIsAskedAgain() throws Exception {
        Path recipe = evaluating(20, "");
        endpoint.statuses(question -> endpoint.asked().size() > 8 ? 503 : 200);
        assertEquals(ExitCode.NOT_WHOLE, run(recipe, Map.of()));
        JsonNode cell = summary().at("/eval/teacher/sums");
        assertTrue(cell.path("accuracy").isMissingNode(), cell::toString);
        assertEquals(7, cell.path("answered").asInt()); // the eighth was the question of generate
        assertTrue(cell.path("incomplete").asText().startsWith("13 of 20 requests without an answer"), cell::toString);
        assertTrue(Files.readString(run().resolve("report.html")).contains("teacher has no figure"));

        endpoint.statuses(question -> 200);
        endpoint.forget();
        assertEquals(ExitCode.DONE, run(recipe, Map.of()));
        assertEquals(13, endpoint.asked().size());
        assertEquals(1.0, summary().at("/eval/teacher/sums/accuracy").asDouble());
        assertEquals(20, summary().at("/eval/teacher/sums/n").asInt());
    }

    @Test
    void aQuestionThatIsRefusedForGoodIsWrongAndStaysInTheDenominator() throws Exception {
        Path recipe = evaluating(10, "");
        endpoint.statuses(question -> question.contains("What is 3 +") ? 400 : 200);
        assertEquals(ExitCode.DONE, run(recipe, Map.of()));
        JsonNode cell = summary().at("/eval/teacher/sums");
        assertEquals(10, cell.path("n").asInt());
        assertEquals(0.9, cell.path("accuracy").asDouble());
        assertEquals(1, cell.path("failed").asInt());
        assertTrue(Files.readString(run().resolve("report.html"))
                .contains("1 of 10 without an answer, so wrong"));
    }

    @Test
    void anotherModelIsAnotherEvaluation() throws Exception {
        Path recipe = evaluating(5, "");
        run(recipe, Map.of());
        endpoint.forget();
        talk.reset();
        assertEquals(ExitCode.DONE, run(recipe, Map.of("generate.teacher.endpoint.model", "quite_another")));
        assertTrue(talk().contains("eval/teacher: runs again because the config changed: "
                + "eval.teacher.model.endpoint.asked.model adder -> quite_another"), talk());
        assertEquals(5,
                endpoint.asked().stream().filter(question -> question.startsWith("What is")).distinct().count());
    }

    @Test
    void anEndpointIsEvaluatedWithoutBeingATeacher() throws Exception {
        questions(3);
        Path recipe = Files.writeString(folder.resolve("recipe.yaml"), """
                name: test
                eval:
                  models: {api: {%s}}
                  tasks: [{name: sums, prompt: plain, max_tokens: 10, questions: {file: {path: questions.jsonl}}}]
                  budget: {max_usd: 2}
                """.formatted(endpoint.config("")));
        assertEquals(ExitCode.NOT_WHOLE, run(recipe, Map.of()));
        assertEquals(2, endpoint.billed());
        assertTrue(talk().contains("budget.max_usd: 2.0 USD"), talk());
        assertEquals(ExitCode.DONE, run(recipe, Map.of("eval.budget.max_usd", "3")));
        assertEquals(3, endpoint.billed());
        assertEquals(1.0, summary().at("/eval/api/sums/accuracy").asDouble());
    }

    @Test
    void aTypoOrAFileThatIsAwayCostsNothing() throws Exception {
        Path recipe = generating(5, "");
        run(recipe, Map.of());
        String before = Files.readString(run().resolve("generate/answers.jsonl"));
        endpoint.forget();
        assertThrows(ConfigException.class, () -> run(recipe, Map.of("generate.prompt", "nosuch")));
        assertEquals(before, Files.readString(run().resolve("generate/answers.jsonl")));
        Files.move(folder.resolve("questions.jsonl"), folder.resolve("away.jsonl"));
        assertThrows(RuntimeException.class, () -> run(recipe, Map.of()));
        assertEquals(before, Files.readString(run().resolve("generate/answers.jsonl")));
        Files.move(folder.resolve("away.jsonl"), folder.resolve("questions.jsonl"));
        talk.reset();
        assertEquals(ExitCode.DONE, run(recipe, Map.of()));
        assertTrue(talk().contains("generate: skipped, nothing has changed"), talk());
        assertEquals(List.of(), endpoint.asked());
    }

    @Test
    void anEndpointThatIsNotThereIsNoSuccess() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        Path recipe = generating(5, "");
        assertEquals(ExitCode.NOT_WHOLE,
                run(recipe, Map.of("generate.teacher.endpoint.base_url", "http://127.0.0.1:" + free + "/v1")));
        assertTrue(talk().contains("generate: incomplete: 5 of 5 requests without an answer: the first: "), talk());
        assertTrue(talk().contains("connect"), talk());
    }

    @Test
    void nothingUsableIsNoSuccess() throws Exception {
        Path recipe = generating(5, "curate: {}");
        Files.writeString(folder.resolve("questions.jsonl"), "{\"question\": \"Why?\", \"answer\": \"42\"}\n");
        assertEquals(ExitCode.NOT_WHOLE, run(recipe, Map.of()));
        assertTrue(talk().contains(
                "generate: nothing usable came out: in 1 = kept 0 + dropped 1 (final_answer 1) + failed 0"), talk());
        assertFalse(talk().contains("curate:"), talk());
    }

    @Test
    void mostRowsFailedIsNoSuccessAndTheFirstReasonIsSaid() throws Exception {
        Path recipe = generating(10, "");
        endpoint.statuses(question -> endpoint.asked().size() > 3 ? 400 : 200);
        assertEquals(ExitCode.NOT_WHOLE, run(recipe, Map.of()));
        assertTrue(talk().contains("generate: most rows failed: in 10 = kept 3 + dropped 0 + failed 7; the first: "),
                talk());
        assertTrue(talk().contains("not now"), "in the server's own words: " + talk());
    }

    @Test
    void aRunThatWasMovedOrIsSpelledOtherwiseRunsNothingAgain() throws Exception {
        Path base = Path.of("../recipes/embedded/base").toAbsolutePath();
        Path recipe = generating(6, """
                curate: {steps: [exact_duplicates]}
                train:
                  - {name: Small-0.5B_v1, student: {folder: "%s"}, budget: {steps: 1}, batch_tokens: 200,
                          micro_tokens: 200, max_seq: 128}
                """.formatted(base));
        assertEquals(ExitCode.DONE, run(recipe, Map.of()), talk());
        endpoint.forget();
        talk.reset();
        Path relative = Path.of("").toAbsolutePath().relativize(run());
        assertEquals(ExitCode.DONE, run(recipe, relative, Map.of(), false));
        assertFalse(talk().contains("runs again"), talk());
        Path moved = Files.move(run(), folder.resolve("elsewhere"));
        talk.reset();
        assertEquals(ExitCode.DONE, run(recipe, moved, Map.of(), false));
        assertFalse(talk().contains("runs again"), talk());
        assertTrue(talk().contains("train/Small-0.5B_v1: skipped"), talk());
        assertEquals(List.of(), endpoint.asked());
        assertEquals(Set.of("java", "os"), Set.copyOf(fieldNames("/stages/generate/versions").stream()
                .filter(Set.of("java", "os")::contains).toList()), "versions are kept");
        assertTrue(manifest(moved).at("/stages/generate/basis/seeds").has("seed"), "so are seeds");
    }

    @Test
    void theCardNamesTheTeacherAndWhatAnEvaluationFoundAndStaysTheStagesOwnOutput() throws Exception {
        Path base = Path.of("../recipes/embedded/base").toAbsolutePath();
        Files.writeString(folder.resolve("held.jsonl"),
                "{\"question\": \"Ann has 2 pens. How many?\", \"answer\": \"2\"}\n");
        Path recipe = generating(6, """
                curate: {steps: [exact_duplicates]}
                train:
                  - {name: small, student: {folder: "%s"}, budget: {steps: 1}, batch_tokens: 200, micro_tokens: 200,
                          max_seq: 128}
                eval:
                  models: {after: {student: small}}
                  tasks: [{name: pens, prompt: plain, max_tokens: 8, questions: {file: {path: held.jsonl}}}]
                """.formatted(base));
        assertEquals(ExitCode.DONE, run(recipe, Map.of()), talk());
        String card = Files.readString(run().resolve("train/small/README.md"));
        assertTrue(card.contains("| teacher | adder |"), card);
        assertTrue(card.contains("base_model: base"), card);
        assertTrue(card.contains("| evaluation, pens | 0.0 % right [0.0, 79.3] of 1,"), card);
        talk.reset();
        assertEquals(ExitCode.DONE, run(recipe, Map.of()), talk());
        assertTrue(talk().contains("train/small: skipped") && talk().contains("eval/after: skipped"), talk());
        assertEquals(card, Files.readString(run().resolve("train/small/README.md")));
    }

    private List<String> fieldNames(String pointer) throws IOException {
        List<String> names = new ArrayList<>();
        manifest(folder.resolve("elsewhere")).at(pointer).fieldNames().forEachRemaining(names::add);
        return names;
    }

    private Path generating(int questions, String more) throws IOException {
        questions(questions);
        return Files.writeString(folder.resolve("recipe.yaml"), """
                name: test
                generate:
                  questions: {file: {path: questions.jsonl}}
                  prompt: plain
                  teacher: {%s}
                  sampling: {max_tokens: 10}
                %s
                """.formatted(endpoint.config(""), more));
    }

    private Path evaluating(int questions, String more) throws IOException {
        questions(questions);
        Files.writeString(folder.resolve("one.jsonl"), "{\"question\": \"Add 1 + 1\", \"answer\": \"2\"}\n");
        return Files.writeString(folder.resolve("recipe.yaml"), """
                name: test
                generate:
                  questions: {file: {path: one.jsonl}}
                  prompt: plain
                  teacher: {%s}
                  sampling: {max_tokens: 10}
                eval:
                  models: {teacher: teacher}
                  tasks: [{name: sums, prompt: plain, max_tokens: 10, questions: {file: {path: questions.jsonl}}}]
                %s
                """.formatted(endpoint.config(""), more)).toAbsolutePath();
    }

    private void questions(int n) throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            rows.add("{\"question\": \"What is %s + %s?\", \"answer\": \"%s\"}".formatted(i, 2 * i + 1, 3 * i + 1));
        }
        Files.write(folder.resolve("questions.jsonl"), rows);
    }

    private int run(Path recipe, Map<String, String> overrides) throws InterruptedException {
        return run(recipe, overrides, false);
    }

    private int run(Path recipe, Map<String, String> overrides, boolean partial) throws InterruptedException {
        return run(recipe, run(), overrides, partial);
    }

    private int run(Path recipe, Path root, Map<String, String> overrides,
            boolean partial) throws InterruptedException {
        PrintStream stream = new PrintStream(talk, true, StandardCharsets.UTF_8);
        Console console = new Console(stream, stream, false, false, Map.of());
        Recipe read = ConfigReader.read(recipe, Recipe.class, overrides);
        return new Runner(read, root, console, Clock.systemUTC(), 1, Compute.CPU).partial(partial)
                .run(EnumSet.allOf(Stage.class));
    }

    private Path run() {
        return folder.resolve("run");
    }

    private double spent() throws IOException {
        return manifest().at("/spent/generate/cost_usd").asDouble();
    }

    private JsonNode manifest() throws IOException {
        return manifest(run());
    }

    private static JsonNode manifest(Path root) {
        return Json.read(root.resolve("manifest.json"), JsonNode.class);
    }

    private JsonNode summary() {
        return Json.read(run().resolve("summary.json"), JsonNode.class);
    }

    private long rows(String file) throws IOException {
        return Files.readAllLines(run().resolve(file)).size();
    }

    private String talk() {
        return talk.toString(StandardCharsets.UTF_8);
    }
}
