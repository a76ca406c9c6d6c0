package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.cli.command.Socratic;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
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

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"demo", "run", "generate", "curate", "train", "eval", "report", "verify", "score", "compare",
                    "serve", "review", "doctor", "inspect", "template", "pull"})
    void everyCommandHasAHelpPageOnStdout(String command) {
        assertEquals(ExitCode.DONE, run(command, "--help"));
        assertTrue(out().startsWith("Usage: socratic " + command), out());
        assertEquals("", err());
    }

    @Test
    void anUnknownOptionIsAUsageErrorThatSaysWhereHelpIs() {
        assertEquals(ExitCode.USAGE, run("verify", "--glod", "x"));
        assertTrue(err().contains("see 'socratic verify --help'"), err());
        assertEquals("", out());
    }

    @Test
    void aMissingFileIsOneLineAndExitCodeOne() {
        assertEquals(ExitCode.FAILED,
                run("verify", folder.resolve("none.jsonl").toString(), "--gold", "g", "--answer", "a"));
        assertEquals(1, err().lines().count(), err());
        assertTrue(err().contains("none.jsonl"), err());
    }

    @Test
    void aBrokenRecipeNamesEveryProblemWithItsPlace() throws IOException {
        Path recipe = folder.resolve("r.yaml");
        Files.writeString(recipe, "name: x\ntrian: []\neval: {modles: {}, tasks: []}\n");
        assertEquals(ExitCode.USAGE, run("run", recipe.toString(), "--out", folder.resolve("run").toString()));
        assertTrue(err().contains("r.yaml:2:1"), err());
        assertTrue(err().contains("'trian'; write 'train'"), err());
        assertTrue(err().contains("'modles'; write 'models'"), err());
        assertTrue(Files.notExists(folder.resolve("run")), "a wrong recipe must not leave a folder behind");
    }

    @Test
    void verifyJudgesNestedFieldsAndEndsWithASummary() throws IOException {
        Path file = folder.resolve("answers.jsonl");
        Files.writeString(file, """
                {"gold": "#### 1,200", "model": {"solution": "so 3 * 400 = 1200\\nA: 1200"}}
                {"gold": "#### 7", "model": {"solution": "The answer is 8."}}
                {"gold": "#### 7", "model": {}}
                """);
        assertEquals(ExitCode.NOT_WHOLE, run("verify", file.toString(), "--gold", "gold", "--answer",
                "model.solution", "--json"));
        List<String> lines = out().lines().toList();
        assertEquals(4, lines.size());
        Map<?, ?> first = Json.read(lines.get(0), Map.class, "line");
        assertEquals("1200", first.get("extracted"));
        assertEquals(true, first.get("equal"));
        assertEquals(false, Json.read(lines.get(1), Map.class, "line").get("equal"));
        assertEquals("a text or a number at model.solution; got the fields gold, model",
                Json.read(lines.get(2), Map.class, "line").get("why"));
        assertEquals(true, Json.read(lines.get(2), Map.class, "line").containsKey("extracted"));
        assertEquals("{\"summary\":{\"rows\":3,\"equal\":1,\"different\":1,\"without_answer\":0,\"unreadable\":1}}",
                lines.get(3));
    }

    @Test
    void dryRunPrintsTheRecipeWithEveryDefaultAndWritesNothing() throws IOException {
        Path recipe = folder.resolve("r.yaml");
        Files.writeString(recipe, """
                name: x
                generate:
                  questions: {word_problems: {count: 5}}
                  teacher: {endpoint: {base_url: "http://localhost:1/v1", model: m}}
                """);
        assertEquals(ExitCode.DONE, run("run", recipe.toString(), "--dry-run", "--set", "generate.samples=8"));
        assertTrue(out().contains("samples: 8"), out());
        assertTrue(out().contains("reject_limit: 1.0"), out());
        assertEquals(1, Files.list(folder).count());
    }

    @Test
    void whatRowsHoldReachesTheTerminalWithoutItsControlCharacters() throws IOException {
        Path file = folder.resolve("hostile.jsonl");
        Files.writeString(file, "{\"gold\": \"5 \\u001b[31m\\u009b2J\", \"answer\": \"The answer is 6.\"}\n");
        run("verify", file.toString(), "--gold", "gold", "--answer", "answer");
        assertTrue(out().contains("gold '5 \\u001b[31m\\u009b2J'"), out());
        run("verify", file.toString(), "--gold", "gold", "--answer", "answer", "--json");
        assertTrue((out() + err()).chars().noneMatch(c -> c == 0x1b || c == 0x9b), out());
    }
}
