package dev.socratic.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Counts;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.sandbox.Sandbox;
import dev.socratic.core.sandbox.SandboxConfig;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Usage;
import dev.socratic.generator.strategy.Ask;
import dev.socratic.generator.verify.code.CodeCheckConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeCheckTest {
    private static final List<String> QUESTIONS = List.of(
            "{\"question\": \"right\", \"test\": \"assert add(1, 2) == 3\\nassert add(0, 0) == 0\"}",
            "{\"question\": \"wrong\", \"test\": \"assert add(0, 0) == 0\\nassert add(1, 2) == 3\"}",
            "{\"question\": \"endless\", \"test\": \"assert add(1, 2) == 3\"}",
            "{\"question\": \"untested\"}");

    @TempDir
    Path folder;

    @BeforeAll
    static void needsASandbox() {
        try (Sandbox sandbox = Sandbox.open(SandboxConfig.STANDARD)) {
            sandbox.shape();
        } catch (ConfigException none) {
            Assumptions.abort("no sandbox on this machine: " + none.getMessage());
        }
    }

    /// Answers with a block of code, as the question's one word says.
    private static final class Coder extends DelegatingModel {
        Coder() {
            super(new Adder(1, 1));
        }

        @Override
        public List<GenerationOutcome> generate(List<GenerationRequest> requests) {
            return requests.stream().<GenerationOutcome>map(request -> {
                String question = request.messages().getLast().content();
                String body = question.contains("wrong") ? "return a - b" : question.contains("endless")
                        ? "while True: pass" : "return a + b";
                String text = "First\n```\nx = 1\n```\nand so:\n```python\ndef add(a, b):\n    %s\n```\nDone."
                        .formatted(body);
                return new GenerationOutcome.Completion(request.id(), text, Optional.empty(), FinishReason.STOP,
                        new Usage(1, 1, 0));
            }).toList();
        }
    }

    private StageReport run(String code, List<String> questions, String out) throws Exception {
        GenerateConfig plain = Runs.config(Runs.questions(folder, questions), 1);
        GenerateConfig config = new GenerateConfig(plain.questions(), new Ask(), plain.prompt(), plain.fewShot(),
                plain.teacher(), 1, plain.sampling(), List.of(), plain.limit(), plain.budget(), 1.0, 1,
                Optional.of(ConfigReader.read(code, "code", CodeCheckConfig.class)));
        return GenerateStage.run(config, new Coder(), Runs.context(folder.resolve(out)));
    }

    private List<JsonNode> rows(String out, String file) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(out).resolve(file))) {
            rows.add(Json.mapper().readTree(line));
        }
        return rows;
    }

    @Test
    void answersThatDoNotPassTheirTestsAreRejectedWithTheTestThatSaysSo() throws Exception {
        StageReport report = run("{tests: '{{ test }}', sandbox: {cpu_seconds: 1}}", QUESTIONS, "filter");
        assertEquals(Counts.of(4, 2, Map.of("code", 2L), 0), report.counts());
        assertEquals(Map.of("passed", 1L, "wrong", 1L, "timeout", 1L, "without_tests", 1L),
                report.notes().get("code_verdicts"));
        assertTrue(report.notes().get("code_isolation").toString().startsWith("namespaces ("));
        JsonNode right = rows("filter", "answers.jsonl").getFirst();
        assertEquals("{\"outcome\":\"passed\",\"passed\":2,\"of\":2,\"detail\":\"\",\"score\":1.0}",
                right.get("code").toString());
        assertTrue(rows("filter", "answers.jsonl").get(1).path("code").isMissingNode());
        List<JsonNode> rejected = rows("filter", "rejected.jsonl");
        assertEquals("wrong: AssertionError at line 5: assert add(1, 2) == 3",
                rejected.get(0).at("/verdicts/0/detail").asText());
        assertEquals("0.5", rejected.get(0).at("/code/score").asText());
        assertEquals("timeout: used up its processor time", rejected.get(1).at("/verdicts/0/detail").asText());
        assertEquals("code", rejected.get(1).get("reason").asText());
    }

    @Test
    void asALabelEveryAnswerStaysAndTheRowSaysHowItDid() throws Exception {
        StageReport report = run("{tests: '{{ test }}', use: label, sandbox: {cpu_seconds: 1}}", QUESTIONS, "label");
        assertEquals(Counts.of(4, 4, Map.of(), 0), report.counts());
        assertEquals(List.of("1.0", "0.5", "0.0", ""), rows("label", "answers.jsonl").stream()
                .map(row -> row.at("/code/score").asText()).toList());
    }

    @Test
    void aProgramIsWhatTheTemplateMakesOfTheAnswerAndPairsAreReadFromAField() throws Exception {
        StageReport report = run("""
                {program: "{{ code }}\\nprint(add(*map(int, input().split())))", pairs: io}
                """, List.of("{\"question\": \"right\", \"io\": [{\"input\": \"1 2\", \"output\": \"3\"},"
                + "{\"input\": \"5 5\\n\", \"output\": \"10\\n\"}]}"), "pairs");
        assertEquals(Map.of("passed", 1L), report.notes().get("code_verdicts"), report.toString());
        assertEquals("question %s.io: a list of {input, output}, both texts; got [{\"input\":1}]; mend the question, "
                + "or name another field", assertThrows(DataException.class, () -> run("{pairs: io}",
                List.of("{\"question\": \"right\", \"io\": [{\"input\": 1}]}"), "bad")).getMessage()
                .replaceAll("question \\S+\\.io", "question %s.io"));
    }

    @Test
    void settingsThatCannotBeAreRefusedByName() {
        assertEquals("code: tests or pairs: one of the two; got neither; write tests: '{{ test }}' for statements, or "
                + "pairs: FIELD for inputs with their outputs", refusal("{}"));
        assertEquals("code: tests: statements, which only python has; got them for bash; write pairs",
                refusal("{tests: x, language: bash}"));
        assertEquals("code: language: one of [python, bash, node, java]; got 'perl'; write one of them",
                refusal("{pairs: io, language: perl}"));
        assertTrue(refusal("{tests: '{{ test'}").startsWith("code: tests: a template of Jinja; got "));
    }

    private static String refusal(String code) {
        String said = assertThrows(ConfigException.class, () ->
                ConfigReader.read(code, "code", CodeCheckConfig.class)).getMessage();
        return said.replaceFirst("^code(:\\d+:\\d+)?(\\.| )?", "code").replaceFirst("^code:? ?(?=\\w)", "code: ");
    }
}
