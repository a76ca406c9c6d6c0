package dev.socratic.eval.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.sandbox.Sandbox;
import dev.socratic.core.sandbox.SandboxConfig;
import dev.socratic.core.text.TextModel;
import dev.socratic.eval.EvalConfig;
import dev.socratic.eval.EvalStage;
import dev.socratic.eval.harness.Suite;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tasks of lm-evaluation-harness whose answers are run.
class CodeTaskTest {
    private static final String DATE = "2026-11-05T10-15-30";

    @TempDir
    Path folder;

    @BeforeEach
    void data() throws IOException {
        try (Sandbox sandbox = Sandbox.open(SandboxConfig.STANDARD)) {
            sandbox.shape();
        } catch (ConfigException none) {
            Assumptions.abort("no sandbox on this machine: " + none.getMessage());
        }
        write("data/openai_humaneval/test.jsonl", """
                {"task_id": "0", "prompt": "def add(a, b):\\n", "entry_point": "add", \
                "test": "def check(f):\\n    assert f(1, 2) == 3\\n"}
                {"task_id": "1", "prompt": "def twice(a):\\n", "entry_point": "twice", \
                "test": "def check(f):\\n    assert f(2) == 4\\n    assert f('a') == 'aa'\\n"}
                {"task_id": "2", "prompt": "def wait(a):\\n", "entry_point": "wait", \
                "test": "def check(f):\\n    assert f(2) == 2\\n"}
                """);
        write("data/mbpp/full/test.jsonl", """
                {"task_id": 11, "text": "Write sum.", "code": "x", \
                "test_list": ["assert s(1, 2) == 3", "assert s(0, 0) == 0", "assert s(5, 5) == 10"]}
                """);
    }

    private static String three(String prompt, int number) {
        return prompt.contains("add") ? "    return a + b\n"
                : prompt.contains("twice") ? "    return a + 2\n" : "    while True: pass\n";
    }

    @Test
    void answersAreRunAndTheFilesSayWhatBecameOfEach() throws Exception {
        StageReport report = run("{tasks: [humaneval], data: [%s], sandbox: {cpu_seconds: 1}}", new Programmer(
                CodeTaskTest::three), "out");
        assertEquals("in 3 = kept 3 + dropped 0 + failed 0", report.counts().toString());
        assertEquals(1 / 3.0, report.notes().get("pass@1,create_test.humaneval"));
        JsonNode results = results("out");
        assertEquals(1 / 3.0, results.at("/results/humaneval/pass@1,create_test").asDouble(), 1e-12);
        assertEquals(1 / 3.0, results.at("/results/humaneval/pass@1_stderr,create_test").asDouble(), 1e-12);
        assertEquals("{\"pass@1\":true}", results.at("/higher_is_better/humaneval").toString());
        assertEquals("{\"error\":1,\"passed\":1,\"timeout\":1}",
                results.at("/programs/humaneval/verdicts").toString());
        assertTrue(results.at("/programs/humaneval/isolation").asText().startsWith("namespaces ("));
        assertTrue(results.at("/programs/humaneval/interpreter").asText().startsWith("CPython 3."));
        List<JsonNode> lines = lines("out", "humaneval");
        assertEquals("[[\"def add(a, b):\\n    return a + b\\n\"]]", lines.get(0).get("filtered_resps").toString());
        assertEquals("[{\"outcome\":\"passed\",\"passed\":1,\"of\":1,\"detail\":\"\"}]",
                lines.get(0).get("programs").toString());
        assertEquals("TypeError: can only concatenate str (not \"int\") to str at line 2: return a + 2",
                lines.get(1).at("/programs/0/detail").asText());
        assertEquals("[{\"outcome\":\"timeout\",\"passed\":0,\"of\":1,\"detail\":\"used up its processor time\"}]",
                lines.get(2).get("programs").toString());
    }

    @Test
    void severalAnswersMakePassAtKByTheUnbiasedEstimator() throws Exception {
        Files.createDirectories(folder.resolve("humaneval"));
        write("humaneval/four.yaml", """
                task: four
                dataset_path: openai/openai_humaneval
                unsafe_code: true
                output_type: generate_until
                test_split: test
                doc_to_text: "{{prompt}}"
                doc_to_target: "{{test}}\\ncheck({{entry_point}})"
                metric_list: [{metric: !function utils.pass_at_k, aggregation: mean, k: [1, 2]}]
                repeats: 4
                generation_kwargs: {until: ["zzz"], do_sample: true, temperature: 1.0}
                filter_list: [{name: create_test, filter: [{function: custom, filter_fn: !function utils.build_predictions}]}]
                """);
        run("{tasks: [" + folder.resolve("humaneval/four.yaml") + "], data: [%s], limit: 1}", new Programmer(
                (prompt, number) -> number == 3 ? "    return a + b\n" : "    return " + number + "\n"), "out");
        assertEquals(0.25, results("out").at("/results/four/pass@1,create_test").asDouble(), 1e-12);
        assertEquals(0.5, results("out").at("/results/four/pass@2,create_test").asDouble(), 1e-12);
        write("humaneval/four.yaml", Files.readString(folder.resolve("humaneval/four.yaml")).replace("[1, 2]", "[8]"));
        assertEquals(folder.resolve("humaneval/four.yaml") + ":8:15: k: from 1 to the answers to each question, which "
                + "are 4; got 8; lower k, or raise repeats", assertThrows(ConfigException.class, () ->
                run("{tasks: [" + folder.resolve("humaneval/four.yaml") + "], data: [%s]}",
                        new Programmer(CodeTaskTest::three), "no")).problems().getFirst().toString());
    }

    @Test
    void verdictsAreKeptSoThatARunThatWasStoppedGoesOn() throws Exception {
        List<String> said = new ArrayList<>();
        run("{tasks: [humaneval], data: [%s], sandbox: {cpu_seconds: 1}}", new Programmer(CodeTaskTest::three), "out");
        Path results = folder.resolve("out/results_" + DATE + ".json");
        String before = Files.readString(results);
        String samples = Files.readString(folder.resolve("out/samples_humaneval_" + DATE + ".jsonl"));
        Files.delete(results);
        run("{tasks: [humaneval], data: [%s], sandbox: {cpu_seconds: 1}}", new Programmer((prompt, number) -> {
            throw new IllegalStateException("asked again");
        }), "out", Progress.telling(said::add));
        assertEquals(before, Files.readString(results));
        assertEquals(samples, Files.readString(folder.resolve("out/samples_humaneval_" + DATE + ".jsonl")));
        assertEquals(2, said.stream().filter(note -> note.equals("3 of 3 answers are there from earlier runs")).count(),
                said.toString());
    }

    @Test
    void mbppIsAskedWithItsExamplesAndAnInstructedModelAnswersInABlock() throws Exception {
        run("{tasks: [mbpp], data: [%s]}", new Programmer((prompt, n) -> "def s(a, b):\r\n    return a + b"), "out");
        assertEquals(1.0, results("out").at("/results/mbpp/pass_at_1,none").asDouble());
        String prompt = lines("out", "mbpp").getFirst().at("/arguments/gen_args_0/arg_0").asText();
        assertTrue(prompt.startsWith("You are an expert Python programmer, and here is your task: Write a function to "
                + "find the similar elements from the given two tuple lists. Your code should pass these tests:\n\n"
                + "assert similar_elements((3, 4, 5, 6),(5, 7, 4, 10)) == (4, 5)\n"), prompt);
        assertTrue(prompt.contains("  return (res) \n[DONE]\n\nYou are"), prompt);
        run("{tasks: [mbpp_instruct], data: [%s]}", new Programmer((text, n) ->
                "\ndef s(a, b):\n    return a + b\n```\nThis adds."), "block");
        assertEquals(1.0, results("block").at("/results/mbpp_instruct/pass_at_1,extract_code").asDouble());
        assertEquals("[[\"def s(a, b):\\n    return a + b\"]]",
                lines("block", "mbpp_instruct").getFirst().get("filtered_resps").toString());
        // As there, to the letter: a first word right behind the fence is taken for the name of a language.
        run("{tasks: [mbpp_instruct], data: [%s]}", new Programmer((text, n) -> "def s(a):\n    pass\n```"), "word");
        assertEquals("[[\" s(a):\\n    pass\"]]",
                lines("word", "mbpp_instruct").getFirst().get("filtered_resps").toString());
        run("{tasks: [mbpp_instruct], data: [%s]}", new Programmer((text, n) -> "no code"), "none");
        assertEquals("[[\"\"]]", lines("none", "mbpp_instruct").getFirst().get("filtered_resps").toString());
    }

    @Test
    void someOfTheRealSolutionsPassAndBrokenOnesFail() throws Exception {
        solutions(40);
    }

    @Test
    @Tag("slow")
    void all164SolutionsOfHumanEvalPassAndBrokenOnesFail() throws Exception {
        solutions(1);
    }

    /// @param each every how many of them
    private void solutions(int each) throws Exception {
        List<JsonNode> problems = humanEval();
        Map<String, String> solutions = new LinkedHashMap<>();
        StringBuilder some = new StringBuilder();
        for (int i = 0; i < problems.size(); i += each) {
            solutions.put(problems.get(i).get("prompt").asText(), problems.get(i).get("canonical_solution").asText());
            some.append(problems.get(i)).append('\n');
        }
        write("data/openai_humaneval/test.jsonl", some.toString());
        run("{tasks: [humaneval], data: [%s]}", new Programmer((prompt, n) -> solutions.get(prompt)), "right");
        assertEquals(List.of(), lines("right", "humaneval").stream().filter(line -> line.get("pass@1").asDouble() != 1)
                .map(line -> line.get("doc_id") + " " + line.get("programs")).toList());
        assertEquals(solutions.size(), lines("right", "humaneval").size());
        run("{tasks: [humaneval], data: [%s]}", new Programmer((prompt, n) -> "    return None\n"), "broken");
        assertEquals(List.of(), lines("broken", "humaneval").stream().filter(line -> line.get("pass@1").asDouble() != 0)
                .map(line -> line.get("doc_id").asText()).toList());
    }

    private static List<JsonNode> humanEval() throws IOException {
        Optional<Path> file = Stream.of(System.getProperty("SOCRATIC_SHARED", ""),
                System.getenv().getOrDefault("SOCRATIC_SHARED", ""), "../shared", "../../shared")
                .filter(name -> !name.isEmpty()).map(name -> Path.of(name, "data/humaneval/HumanEval.jsonl.gz"))
                .filter(Files::isRegularFile).findFirst();
        Assumptions.assumeTrue(file.isPresent(), "needs data/humaneval/HumanEval.jsonl.gz under SOCRATIC_SHARED");
        byte[] packed = Files.readAllBytes(file.get());
        List<JsonNode> problems = new ArrayList<>();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                problems.add(Json.mapper().readTree(line));
            }
        }
        return problems;
    }

    private StageReport run(String suite, TextModel model, String out) throws InterruptedException {
        return run(suite, model, out, Progress.SILENT);
    }

    private StageReport run(String suite, TextModel model, String out, Progress progress)
            throws InterruptedException {
        EvalConfig config = new EvalConfig(List.of(), 0, BudgetConfig.NONE,
                List.of(ConfigReader.read(suite.formatted(folder.resolve("data")), "suite", Suite.class)));
        Path into = folder.resolve(out);
        into.toFile().mkdirs();
        return EvalStage.run(config, "m", model, new StageContext(into, progress,
                Clock.fixed(Instant.parse("2026-11-05T10:15:30Z"), ZoneOffset.UTC), 2));
    }

    private JsonNode results(String out) throws IOException {
        return Json.mapper().readTree(folder.resolve(out).resolve("results_" + DATE + ".json").toFile());
    }

    private List<JsonNode> lines(String out, String task) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        Path file = folder.resolve(out).resolve("samples_%s_%s.jsonl".formatted(task, DATE));
        for (String line : Files.readString(file).split("\n")) {
            lines.add(Json.mapper().readTree(line));
        }
        return lines;
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
