package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.cli.command.Socratic;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.json.Json;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// What holds for every command, found through the command line itself, so that a new one cannot dodge it: its help
/// names its options, what it is told
/// with `--set` is obeyed or refused by name, and what it says with `--json` is JSON.
class CommandLaws {
    private static final Path EMBEDDED = Path.of("..", "recipes", "embedded").toAbsolutePath().normalize();

    /// A line of each command that does its work, quickly; after `run`, whose folder the others read.
    private static final Map<String, String> WORKING = new LinkedHashMap<>();

    static {
        WORKING.put("run", "run {}/r.yaml --out {}/run");
        WORKING.put("generate", "generate {}/g.yaml --out {}/g --dry-run");
        WORKING.put("curate", "curate {}/a.jsonl --out {}/c");
        WORKING.put("train", "train {}/t.yaml --out {}/t --dry-run");
        WORKING.put("eval", "eval " + EMBEDDED + "/base --tasks {}/tasks.yaml --out {}/e");
        WORKING.put("report", "report {}/run");
        WORKING.put("trace", "trace {}/run/train/Student.One 1");
        WORKING.put("explain", "explain {}/c one");
        WORKING.put("verify", "verify {}/v.jsonl --gold gold --answer answer");
        WORKING.put("compare", "compare {}/run/eval/before {}/run/eval/after");
        WORKING.put("leaderboard", "leaderboard {}/run");
        WORKING.put("inspect", "inspect " + EMBEDDED + "/base");
        WORKING.put("objective list", "objective list");
        WORKING.put("objective explain", "objective explain sft --student " + EMBEDDED + "/base");
        WORKING.put("logits",
                "logits --teacher " + EMBEDDED + "/base --data {}/a.jsonl --report-rows 1 --out {}/store");
        WORKING.put("logits inspect", "logits inspect {}/store");
        WORKING.put("perplexity", "perplexity " + EMBEDDED + "/base --data {}/v.jsonl --field answer");
        WORKING.put("states", "states " + EMBEDDED + "/base --data {}/v.jsonl --field answer --out {}/s.safetensors");
        WORKING.put("choose", "choose " + EMBEDDED + "/base --data {}/m.jsonl");
        WORKING.put("keys", "keys generate");
        WORKING.put("strategies", "strategies");
        WORKING.put("doctor", "doctor");
        WORKING.put("tasks", "tasks validate arc_easy");
        WORKING.put("traffic", "traffic {}/traffic.jsonl");
        WORKING.put("size", "size --student 0.5B --teacher 3B --memory 16GB --set max_seq=512");
    }

    /// Why a command is not in the list: with `--json` it says what others say too, or cannot be tried here.
    private static final Map<String, String> TRIED_ELSEWHERE = Map.ofEntries(
            Map.entry("demo",
                    "run's own end on a recipe of minutes"),
            Map.entry("score",
                    "its file's name holds a date: see below"),
            Map.entry("pull",
                    "a cache of its own: see ModelCommandsTest"),
            Map.entry("serve",
                    "ends only when it is told to: see OpenAiServerTest"),
            Map.entry("record",
                    "ends only when it is told to: see RecordProxyTest"),
            Map.entry("review",
                    "ends only when it is told to: see ReviewCommandTest"),
            Map.entry("merge",
                    "adapters of the module models: see ModelCommandsTest"),
            Map.entry("import",
                    "see GgufCommandsTest"),
            Map.entry("export",
                    "see GgufCommandsTest"),
            Map.entry("benchmarks add",
                    "a folder of the user's: see BenchmarksCommandTest"),
            Map.entry("benchmarks list",
                    "see BenchmarksCommandTest"),
            Map.entry("benchmarks remove",
                    "see BenchmarksCommandTest"));

    /// Commands without `--json`, and what they print instead.
    private static final Map<String, String> WITHOUT_JSON = Map.of(
            "template", "the text as the model sees it, to the last character; --spans is JSON", "help", "a page",
                    "generate-completion", "a script",
            "objective", "a page", "benchmarks", "a page", "", "a page");

    @TempDir
    Path folder;

    @Test
    void everyPageOfHelpNamesEveryOptionAndArgument() {
        commands().forEach((name, line) -> {
            if (name.equals("help")) {
                return;
            }
            Shell.Result help = new Shell(folder, Map.of()).line((name + " --help").strip());
            assertEquals(0, help.code(), name);
            for (OptionSpec option : line.getCommandSpec().options()) {
                assertTrue(option.hidden() || help.out().contains(option.longestName()),
                        () -> name + ": " + option.longestName() + " is not on its page");
                assertTrue(option.hidden() || option.description().length > 0,
                        () -> name + ": " + option.longestName() + " is not described");
            }
            line.getCommandSpec().positionalParameters().forEach(argument ->
                    assertTrue(help.out().contains(argument.paramLabel()), () -> name + ": " + argument.paramLabel()));
        });
    }

    /// The list of commands shows the first line of a description alone.
    @Test
    void theFirstLineOfADescriptionIsAWholeSentence() {
        commands().forEach((name, line) -> {
            String[] description = line.getCommandSpec().usageMessage().description();
            assertTrue(description.length > 0 && description[0].endsWith("."),
                    () -> name + ": " + List.of(description));
        });
    }

    @Test
    void aCommandThatTakesAConfigSaysWhereItsKeysAreListed() {
        for (String command : List.of("run", "generate", "curate", "train", "eval")) {
            String page = new Shell(folder, Map.of()).line(command + " --help").out().replaceAll("\\s+", " ");
            assertTrue(page.contains("'socratic keys"), page);
        }
    }

    @Test
    void aValueForAKeyThatIsNotThereIsRefusedByNameByEveryCommandThatTakesValues() {
        Shell shell = shell();
        System.setProperty("socratic.home", ".."); // as the launcher does, for the demo's recipe
        Set<String> seen = new TreeSet<>();
        commands().forEach((name, line) -> {
            if (line.getCommandSpec().findOption("--set") == null) {
                return;
            }
            seen.add(name);
            String working = name.equals("demo") ? "demo --out {}/d" : name.equals("serve") ? "serve " + EMBEDDED
                    + "/base" : WORKING.get(name);
            Shell.Result result = shell.line(working + " --set nonsense=1");
            assertEquals(ExitCode.USAGE, result.code(), () -> name + ": " + result);
            assertTrue(result.err().contains("nonsense"), () -> name + ": " + result);
        });
        assertTrue(seen.containsAll(Set.of("run", "generate", "curate", "train", "eval", "demo", "logits")),
                seen::toString);
        assertFalse(shell.files().stream().anyMatch(file -> file.startsWith("run") || file.startsWith("d/")
                || file.startsWith("store")), "nothing ran");
    }

    @Test
    void whatEveryCommandSaysWithJsonIsJsonAndWithoutItIsNot() throws Exception {
        Shell shell = shell();
        Set<String> all = commands().entrySet().stream()
                .filter(one -> one.getValue().getCommandSpec().findOption("--json") == null)
                .map(Map.Entry::getKey).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(WITHOUT_JSON.keySet()), all, "every command has --json, or a reason not to");
        Set<String> tried = new TreeSet<>(TRIED_ELSEWHERE.keySet());
        for (Map.Entry<String, String> one : WORKING.entrySet()) {
            tried.add(one.getKey());
            json(one.getKey(), shell.line(one.getValue() + " --json"));
        }
        String samples = shell.files().stream().filter(file -> file.matches("run/eval/before/samples_.*")).findFirst()
                .orElseThrow();
        json("score", shell.line("score {}/" + samples + " --json"));
        Set<String> with = commands().keySet().stream().filter(name -> !WITHOUT_JSON.containsKey(name))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(with, tried, "a new command has a line here");
    }

    @Test
    void runEndsWithAccuraciesComparisonsCostAndWhereTheReportLies() {
        Shell.Result result = shell().line(WORKING.get("run"));
        assertEquals(0, result.code(), result::toString);
        assertTrue(result.out().matches(
                "(?s)before +test +[0-9.]+ %  \\[.*\\]  n 2\nafter +test .*gain +test +[+-][0-9.]+ points .* p .*"
                + "[0-9,]+ tokens read, [0-9,]+ written, ([0-9]+ min )?[0-9]+ s\nreport: \\{}/run/report.html   figures: "
                        + "\\{}/run/summary.json\n"), result::toString);
    }

    @Test
    void aScriptForTheShellNamesEveryCommand() {
        String script = new Shell(folder, Map.of()).line("generate-completion").out();
        commands().keySet().forEach(name -> assertTrue(script.contains(name.replaceFirst(".* ", "")), name));
    }

    /// @param result of a command that was asked for JSON
    private static void json(String command, Shell.Result result) {
        assertTrue(result.code() == 0 || result.code() == 3, () -> command + ": " + result);
        assertFalse(result.out().isBlank(), () -> command + ": " + result);
        if (command.equals("verify")) {
            result.out().lines().forEach(line -> Json.read(line, JsonNode.class, command)); // a row a line
        } else {
            assertTrue(Json.read(result.out(), JsonNode.class, command).isContainerNode(),
                    () -> command + ": " + result);
        }
    }

    private static Map<String, CommandLine> commands() {
        Map<String, CommandLine> all = new TreeMap<>();
        collect("", Socratic.commandLine(new Console(System.out, System.err, false, false, Map.of())), all);
        assertTrue(all.size() > 20, all.keySet()::toString);
        return all;
    }

    private static void collect(String name, CommandLine line, Map<String, CommandLine> all) {
        all.put(name, line);
        line.getSubcommands().forEach((sub, below) -> collect((name + " " + sub).strip(), below, all));
    }

    private Shell shell() {
        return new Shell(folder, Map.of())
                .file("q.jsonl",
                        "{\"question\": \"What is 2 + 3?\", \"answer\": \"5\"}\n{\"question\": \"What is 4 + "
                                + "3?\", \"answer\": \"7\"}\n")
                .file("m.jsonl", "{\"question\": \"2 + 3?\", \"choices\": [\"4\", \"5\"], \"answer\": \"B\"}\n")
                .file("traffic.jsonl", "{\"request\": {\"messages\": [{\"role\": \"user\", \"content\": \"2+2\"}]}, "
                        + "\"response\": {\"choices\": [{\"message\": {\"content\": \"4\"}}]}}\n")
                .file("v.jsonl", "{\"gold\": \"5\", \"answer\": \"The answer is 6.\"}\n")
                .file("a.jsonl",
                        "{\"id\": \"one\", \"messages\": [{\"role\": \"user\", \"content\": \"2 + 3?\"}, {\"role\": "
                                + "\"assistant\", \"content\": \"The answer is 5.\"}]}\n")
                .file("g.yaml",
                        "{questions: {file: {path: q.jsonl}}, teacher: {weights: {path: %s/teacher}}}".formatted(
                        EMBEDDED))
                .file("t.yaml",
                        "{student: {folder: %s/base}, data: {word_problems: {count: 4}}, budget: {steps: 1}}".formatted(
                        EMBEDDED))
                .file("tasks.yaml", "tasks: [{name: test, questions: {file: {path: q.jsonl}}, max_tokens: 4}]")
                .file("r.yaml", """
                        name: ok
                        train:
                          - name: Student.One
                            student: {folder: %1$s/base}
                            data: {word_problems: {count: 4}}
                            budget: {steps: 1}
                        eval:
                          models: {before: {weights: {path: %1$s/base}}, after: {student: Student.One}}
                          tasks: [{name: test, questions: {file: {path: q.jsonl}}, max_tokens: 4}]
                          compare: [{key: gain, first: after, second: before}]
                        """.formatted(EMBEDDED));
    }
}
