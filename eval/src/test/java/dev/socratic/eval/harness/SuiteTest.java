package dev.socratic.eval.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.eval.EvalConfig;
import dev.socratic.eval.EvalStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteTest {
    private static final String CHOICE = """
            task: pick
            dataset_path: data
            output_type: multiple_choice
            test_split: test
            fewshot_split: train
            doc_to_text: "Q: {{q.strip()}}\\nA:"
            doc_to_target: gold
            doc_to_choice: "{{choices}}"
            metric_list:
              - metric: acc
              - metric: acc_norm
            metadata: {version: 2}
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void data() throws IOException {
        write("data/test.jsonl", """
                {"q": "one ", "choices": ["a", "bb"], "gold": 0}
                {"q": "two", "choices": ["aaaa", "bb"], "gold": 0}
                {"q": "three", "choices": ["aaaa", "b"], "gold": 1}
                """);
        write("data/train.jsonl", """
                {"q": "t0", "choices": ["x0", "y"], "gold": 0}
                {"q": "t1", "choices": ["x1", "y"], "gold": 0}
                {"q": "t2", "choices": ["x2", "y"], "gold": 1}
                """);
        write("pick.yaml", CHOICE);
        write("say.yaml", """
                include: pick.yaml
                task: say
                output_type: generate_until
                doc_to_choice: null
                doc_to_text: "<{{q}} is #### 1,{{gold}}.>"
                doc_to_target: "1{{gold}}"
                metric_list:
                  - {metric: exact_match, ignore_punctuation: true}
                filter_list:
                  - {name: strict, filter: [{function: regex, regex_pattern: "#### ([0-9.,]+)"},
                     {function: take_first}]}
                  - {name: none, filter: [{function: take_first}]}
                """);
    }

    @Test
    void aTaskIsScoredAndItsFilesHaveTheFieldsOfTheHarness() throws Exception {
        StageReport report = run("{tasks: [%s]}".formatted(folder.resolve("pick.yaml")), new Lengths(), "out");
        assertEquals("in 3 = kept 3 + dropped 0 + failed 0", report.counts().toString());
        assertEquals(2 / 3.0, report.notes().get("acc,none.pick"));
        JsonNode results = results("out");
        assertEquals(2 / 3.0, results.at("/results/pick/acc,none").asDouble(), 1e-12);
        assertEquals(1 / 3.0, results.at("/results/pick/acc_stderr,none").asDouble(), 1e-12);
        assertEquals(2, results.at("/versions/pick").asInt());
        JsonNode line = lines("out", "pick").getFirst();
        assertEquals("{\"arg_0\":\"Q: one\\nA:\",\"arg_1\":\" a\"}", line.at("/arguments/gen_args_0").toString());
        assertEquals("[[[\"-2.0\",\"True\"]],[[\"-3.0\",\"True\"]]]", line.get("resps").toString());
        assertEquals("[[\"-2.0\",\"True\"],[\"-3.0\",\"True\"]]", line.get("filtered_resps").toString());
        assertEquals("0", line.get("target").asText());
        assertEquals("[\"acc\",\"acc_norm\"]", line.get("metrics").toString());
    }

    @Test
    void anInterruptedRunGoesOnAndWritesTheSameFiles() throws Exception {
        String suite = "{tasks: [%s, %s]}".formatted(folder.resolve("pick.yaml"), folder.resolve("say.yaml"));
        run(suite, new Lengths(), "whole");
        assertThrows(InterruptedException.class, () ->
                run(suite, new Lengths(1, new java.util.concurrent.atomic.AtomicInteger()), "resumed"));
        assertEquals(List.of(), files("resumed", "samples"));
        Lengths rest = new Lengths();
        run(suite, rest, "resumed");
        assertEquals(1, rest.calls().get(), "of the two units one was kept");
        for (String file : files("whole", "")) {
            assertEquals(Files.readString(folder.resolve("whole").resolve(file)),
                    Files.readString(folder.resolve("resumed").resolve(file)), file);
        }
    }

    @Test
    void filtersMakeAFigureEachAndExactMatchIgnoresWhatItIsTold() throws Exception {
        run("{tasks: [%s]}".formatted(folder.resolve("say.yaml")), new Lengths(), "out");
        assertEquals(1.0, results("out").at("/results/say/exact_match,strict").asDouble());
        assertEquals(0.0, results("out").at("/results/say/exact_match,none").asDouble());
        List<JsonNode> lines = lines("out", "say");
        assertEquals(6, lines.size());
        assertEquals("[\"1,0.\"]", lines.getFirst().get("filtered_resps").toString());
        assertEquals("one  is #### 1,0.", lines.getFirst().at("/resps/0/0").asText());
    }

    @Test
    void examplesAreDrawnAsPythonDrawsThemAndAChatIsOfTurns() throws Exception {
        run("{tasks: [%s], num_fewshot: 2}".formatted(folder.resolve("pick.yaml")), new Lengths(), "out");
        List<JsonNode> lines = lines("out", "pick");
        List<String> prompts = lines.stream().map(line -> line.at("/arguments/gen_args_0/arg_0").asText()).toList();
        assertEquals("Q: t%s\nA: %s\n\nQ: t%s\nA: %s\n\nQ: one\nA:".formatted(DRAWN.get(0), answer(DRAWN.get(0)),
                DRAWN.get(1), answer(DRAWN.get(1))), prompts.get(0));
        assertEquals("Q: t%s\nA: %s\n\nQ: t%s\nA: %s\n\nQ: three\nA:".formatted(DRAWN.get(4), answer(DRAWN.get(4)),
                DRAWN.get(5), answer(DRAWN.get(5))), prompts.get(2));
        run("{tasks: [%s], num_fewshot: 1, limit: 1, apply_chat_template: true, system_instruction: Be brief.}"
                .formatted(folder.resolve("pick.yaml")), new Lengths(), "chat");
        JsonNode chat = lines("chat", "pick").getFirst();
        assertEquals("[system]Be brief.[user]Q: t%s\nA:[assistant]%s[user]Q: one\nA:[assistant]".formatted(DRAWN.get(0),
                answer(DRAWN.get(0))), chat.at("/arguments/gen_args_0/arg_0").asText());
        assertEquals("a", chat.at("/arguments/gen_args_0/arg_1").asText(), "no blank behind the marks of a chat");
    }

    /// `[i for _ in range(3) for i in random_of_1234.sample(range(3), 2)]`
    private static final List<Integer> DRAWN = List.of(1, 0, 0, 2, 2, 0);

    private static String answer(int row) {
        return row == 2 ? "y" : "x" + row;
    }

    @Test
    void aQuestionTheModelCannotAnswerIsWrongAndCounted() throws Exception {
        write("data/test.jsonl", """
                {"q": "one", "choices": ["a", "bb"], "gold": 0}
                {"q": "two", "choices": ["a!", "bb"], "gold": 0}
                """);
        StageReport report = run("{tasks: [%s]}".formatted(folder.resolve("pick.yaml")), new Lengths(), "out");
        assertEquals("in 2 = kept 1 + dropped 0 + failed 1", report.counts().toString());
        assertEquals(0.5, results("out").at("/results/pick/acc,none").asDouble());
        assertEquals(1, results("out").at("/failed/pick").asInt());
        assertTrue(lines("out", "pick").get(1).get("why").asText().startsWith("continuation: at most 100 tokens"));
    }

    @Test
    void groupsAverageByDocumentsOrByTasks() throws Exception {
        write("other.yaml", "include: pick.yaml\ntask: other\ntag: [mine]\ndoc_to_target: 0\n");
        write("all.yaml", """
                group: all
                task: [pick, mine]
                aggregate_metric_list:
                  - {metric: acc, weight_by_size: true}
                """);
        run("{tasks: [all], include: [%s]}".formatted(folder), new Lengths(), "out");
        JsonNode results = results("out");
        assertEquals((2 / 3.0 + 1 / 3.0) / 2, results.at("/groups/all/acc,none").asDouble(), 1e-12);
        assertEquals(6, results.at("/groups/all/sample_len").asInt());
        assertEquals("[\"pick\",\"other\"]", results.at("/group_subtasks/all").toString());
    }

    @Test
    void rollingPerplexitiesCountWordsAndBytes() throws Exception {
        write("data/test.jsonl", "{\"t\": \"a bb  é\"}\n");
        write("roll.yaml", """
                task: roll
                dataset_path: data
                output_type: loglikelihood_rolling
                test_split: test
                doc_to_text: ""
                doc_to_target: "{{t}}"
                """);
        run("{tasks: [%s]}".formatted(folder.resolve("roll.yaml")), new Lengths(), "out");
        JsonNode row = results("out").at("/results/roll");
        assertEquals(Math.exp(7 / 3.0), row.get("word_perplexity,none").asDouble(), 1e-9);
        assertEquals(Math.exp(7 / 8.0), row.get("byte_perplexity,none").asDouble(), 1e-9);
        assertEquals("N/A", row.get("bits_per_byte_stderr,none").asText());
    }

    @Test
    void aContextThatLostItsBeginningIsCounted() throws Exception {
        write("pick.yaml", CHOICE.replace("Q: {{q.strip()}}", "{{'~~~' if gold == 1 else ''}}Q: {{q.strip()}}"));
        StageReport report = run("{tasks: [%s]}".formatted(folder.resolve("pick.yaml")), new Lengths(), "out");
        assertEquals(1L, report.notes().get("lost.pick"));
        assertEquals(1, results("out").at("/lost/pick").asInt());
        assertEquals(List.of(0, 0, 3), lines("out", "pick").stream().map(line -> line.path("lost").asInt()).toList());
    }

    @Test
    void examplesAreDrawnFromTheDocumentsThatAreNamed() throws Exception {
        write("named.yaml", "include: pick.yaml\ntask: named\nfewshot_config: {sampler: first_n, "
                + "fewshot_indices: [2, -3]}\n");
        run("{tasks: [%s], num_fewshot: 2, limit: 1}".formatted(folder.resolve("named.yaml")), new Lengths(), "out");
        assertEquals("Q: t2\nA: y\n\nQ: t0\nA: x0\n\nQ: one\nA:",
                lines("out", "named").getFirst().at("/arguments/gen_args_0/arg_0").asText());
        write("named.yaml", "include: pick.yaml\ntask: named\nfewshot_config: {fewshot_indices: [3]}\n");
        assertEquals("fewshot_config.fewshot_indices: numbers below 3, the documents there are to draw from; got 3; "
                + "write numbers from 0 to 2", refusal(DataException.class,
                "{tasks: [%s], num_fewshot: 1}".formatted(folder.resolve("named.yaml"))));
    }

    @Test
    void whatASuiteAsksIsCountedWithItsRepeats() throws Exception {
        write("often.yaml", "include: say.yaml\ntask: often\nrepeats: 4\ngeneration_kwargs: {max_gen_toks: 10}\n");
        SuiteForecast forecast = SuiteForecast.of(ConfigReader.read("{tasks: [%s, %s], limit: 2}".formatted(
                folder.resolve("often.yaml"), folder.resolve("pick.yaml")), "suite", Suite.class));
        assertEquals(new SuiteForecast(2, 4, 4, 8, 37, 80), forecast);
        assertEquals("2 tasks of 4 documents, 4 texts scored, 8 answers of about 37 prompt tokens and at most 80 new "
                + "ones", forecast.line());
    }

    @Test
    void aDocumentThatCannotBeScoredIsToldBeforeAnythingIsAsked() throws Exception {
        write("data/test.jsonl", "{\"key\": 1, \"prompt\": \"p\", \"instruction_id_list\": [\"punctuation:no_comma\", "
                + "\"length_constraints:number_words\"], \"kwargs\": [{}, {\"num_words\": 3, \"relation\": null}]}\n");
        write("ifeval/own.yaml", """
                task: own
                dataset_path: ../data
                test_split: test
                doc_to_text: prompt
                doc_to_target: 0
                process_results: !function utils.process_results
                metric_list: [{metric: prompt_level_strict_acc}]
                """);
        assertEquals("task 'own', document 0, kwargs.relation: a text, for an instruction of the kind "
                + "length_constraints:number_words; got null; take the row out, or mend it",
                refusal(DataException.class, "{tasks: [%s]}".formatted(folder.resolve("ifeval/own.yaml"))));
    }

    @Test
    void corpusMetricsStandBesideTheOthers() throws Exception {
        write("mt.yaml", """
                include: say.yaml
                task: mt
                metric_list: [{metric: bleu}, {metric: ter}, {metric: chrf}]
                filter_list: [{name: none, filter: [{function: take_first}]}]
                doc_to_target: "{{q}} is #### 1,{{gold}}"
                """);
        run("{tasks: [%s]}".formatted(folder.resolve("mt.yaml")), new Lengths(), "out");
        JsonNode row = results("out").at("/results/mt");
        assertTrue(row.get("bleu,none").asDouble() > 40, row::toString);
        assertTrue(row.get("ter,none").asDouble() > 0 && row.get("ter_stderr,none").isNumber(), row::toString);
        assertEquals("[[\"one  is #### 1,0\"],\"one  is #### 1,0.\"]", lines("out", "mt").getFirst().get("bleu")
                .toString());
        write("mt.yaml", "include: say.yaml\ntask: mt\nmetric_list: [{metric: bleu, hf_evaluate: true}]\n");
        assertTrue(refusal(ConfigException.class, "{tasks: [%s]}".formatted(folder.resolve("mt.yaml"))).endsWith(
                ":3:15: bleu with sacrebleu's settings, which it alone has here; got 'hf_evaluate'; leave the key "
                + "out"));
    }

    @Test
    void whatIsWrongIsSaidAtOnceWithLineAndColumn() throws Exception {
        write("bad.yaml", """
                task: bad
                dataset_path: data
                test_split: test
                doc_to_txt: x
                doc_to_text: "{% if %}"
                doc_to_target: !function utils.gold
                metric_list:
                  - metric: rouge
                filter_list:
                  - name: a
                    filter:
                      - function: regex
                        regex_pattern: "(a"
                """);
        String file = folder.resolve("bad.yaml").toString();
        ConfigException wrong = assertThrows(ConfigException.class, () ->
                run("{tasks: [%s]}".formatted(file), new Lengths(), "out"));
        List<String> said = wrong.problems().stream().map(Object::toString).toList();
        assertTrue(said.contains(file + ":4:13: a key of a task; got 'doc_to_txt'; write 'doc_to_text'"),
                said::toString);
        assertTrue(said.stream().anyMatch(one -> one.startsWith(file + ":5:14: a template of Jinja; got line 1 of it")),
                said::toString);
        assertTrue(said.stream().anyMatch(one -> one.startsWith(file
                + ":6:16: a template, or a function with an equivalent here; got !function ")), said::toString);
        assertTrue(said.stream().anyMatch(one -> one.startsWith(file
                + ":8:5: a metric of generate_until: one of [exact_match, bleu, chrf, chrf++, ter]; got 'rouge'")),
                said::toString);
        assertTrue(said.stream().anyMatch(one -> one.startsWith(file
                + ":12:9: a regular expression of Python's re; got '(a'")), said::toString);
    }

    @Test
    void whatIsNotHereIsRefusedByNameWithHowToGiveIt() throws Exception {
        assertEquals("dataset_path: a folder on this machine with the split 'test'; got 'openai/gsm8k' (main), a data "
                + "set of the hub; download it and give the folder it lies in: --data DIR, where "
                + "DIR/openai/gsm8k/main/test.jsonl or .parquet is", refusal(DataException.class, "{tasks: [gsm8k]}"));
        assertEquals("tasks: the name of a task, a group or a tag, or a file or folder of tasks; got 'gsm8'; did you "
                + "mean 'gsm8k'?", refusal(ConfigException.class, "{tasks: [gsm8]}"));
        write("raises.yaml", "include: pick.yaml\ntask: raises\ndoc_to_text: \"{{nothing}}\"\n");
        assertEquals(folder.resolve("raises.yaml") + ":3:14, line 1 of the template: a template for documents with the "
                + "fields q, choices, gold; got UndefinedError: 'nothing' is undefined; mend the template",
                refusal(DataException.class, "{tasks: [%s]}".formatted(folder.resolve("raises.yaml"))));
        write("data/test.jsonl", "");
        assertEquals("task 'pick': at least one document; got none in the split 'test'; check the file",
                refusal(DataException.class, "{tasks: [%s]}".formatted(folder.resolve("pick.yaml"))));
    }

    private <T extends SocraticException> String refusal(Class<T> kind, String suite) {
        return assertThrows(kind, () -> run(suite, new Lengths(), "out")).problems().getFirst().toString();
    }

    private StageReport run(String suite, Lengths model, String out) throws InterruptedException {
        EvalConfig config = new EvalConfig(List.of(), 0, BudgetConfig.NONE,
                List.of(ConfigReader.read(suite, "suite", Suite.class)));
        Path into = folder.resolve(out);
        into.toFile().mkdirs();
        return EvalStage.run(config, "m", model, new StageContext(into, Progress.SILENT,
                Clock.fixed(Instant.parse("2026-11-05T10:15:30Z"), ZoneOffset.UTC), 1));
    }

    private List<String> files(String out, String start) throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve(out))) {
            return all.filter(Files::isRegularFile).map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(start)).sorted().toList();
        }
    }

    private JsonNode results(String out) throws IOException {
        return Json.mapper().readTree(folder.resolve(out).resolve("results_2026-11-05T10-15-30.json").toFile());
    }

    private List<JsonNode> lines(String out, String task) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readString(folder.resolve(out).resolve("samples_%s_2026-11-05T10-15-30.jsonl"
                .formatted(task))).split("\n")) {
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
