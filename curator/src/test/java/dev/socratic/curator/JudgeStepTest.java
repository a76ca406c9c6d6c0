package dev.socratic.curator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.Curation;
import dev.socratic.curator.step.StepModels;
import dev.socratic.prompts.judge.Rubric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeStepTest {
    @TempDir
    Path folder;

    private final List<LetterModel> opened = new ArrayList<>();

    @Test
    void aVerdictThatCannotBeReadIsCountedAndShownAndIsNoScore() throws Exception {
        StageReport report = run("min: 3", "good", "bad", "odd");
        assertEquals("in 3 = kept 2 + dropped 1 (low_judge 1) + failed 0", report.counts().toString());
        JsonNode facts = facts();
        assertEquals("{\"unreadable\":1}", facts.get("unscored").toString());
        assertEquals(2, facts.get("scored").intValue());
        assertEquals("[{\"judge.quality\":5},{\"judge.quality\":1},{\"judge.unreadable\":1}]",
                decisions().stream().map(row -> row.get("scores")).toList().toString().replace(", ", ","));
        assertEquals("{\"least\":3.0,\"rubric\":\"one.rubric.yaml\",\"said\":\"Score: 1\",\"score\":\"quality\","
                + "\"value\":1.0}", Json.canonical(decisions().get(1).get("evidence")));
        run("min: 3, unscored: drop", "good", "bad", "odd");
        assertEquals("who knows", decisions().get(2).get("evidence").get("said").textValue());
        assertEquals("unreadable", decisions().get(2).get("reason").textValue());
    }

    @Test
    void anotherLimitAsksNobodyAgainAndEqualPromptsAreOneRequest() throws Exception {
        run("min: 3", "good", "good", "bad");
        assertEquals(2, asked());
        run("min: 1", "good", "good", "bad");
        assertEquals(2, asked());
        assertEquals(24, run("max: 4", "good", "good", "bad").usage().promptTokens()
                + run("max: 4", "good", "good", "bad").usage().completionTokens());
    }

    @Test
    void whereTheBudgetEndsTheRestIsOpenAndTheStageIncomplete() throws Exception {
        StageReport report = run("min: 3, budget: {max_tokens: 1060}, max_tokens: 512", "good", "bad", "worse", "badly",
                "best");
        assertTrue(report.incomplete().orElseThrow().contains("requests without an answer: budget.max_tokens"),
                report.incomplete().toString());
        long open = decisions().stream().filter(row -> row.path("scores").has("judge.open")).count();
        assertTrue(open > 0 && open < 5, "open " + open);
        int before = asked();
        StageReport whole = run("min: 3", "good", "bad", "worse", "badly", "best");
        assertEquals(Optional.empty(), whole.incomplete());
        assertEquals(5, asked());
        assertTrue(before < 5);
    }

    @Test
    void theReportTellsHowFarPeopleAgree() throws Exception {
        // Judged 5, 5, 1, 1 and one of nothing; people say 5, 4, 1, 1, 3.
        Path labels = folder.resolve("labels.jsonl");
        StringBuilder lines = new StringBuilder();
        int[] people = {5, 4, 1, 1, 3};
        for (int i = 0; i < people.length; i++) {
            lines.append("{\"id\": \"r%s\", \"label\": %s}%n".formatted(i, people[i]));
        }
        Files.writeString(labels, lines);
        run("labels: '%s'".formatted(labels), "good", "fine", "bad", "badly", "odd");
        JsonNode calibration = facts().get("calibration");
        assertEquals(4, calibration.get("rows").intValue());
        assertEquals(5, calibration.get("labels").intValue());
        assertEquals(0.75, calibration.get("agreement").doubleValue());
        // chance: people {1: 1/2, 4: 1/4, 5: 1/4}, judge {1: 1/2, 5: 1/2}: 1/4 + 1/8 = 3/8
        assertEquals((0.75 - 0.375) / (1 - 0.375), calibration.get("kappa").doubleValue(), 1e-6);
        // seen: 1/4 of distance 1; by chance 1/2 * 1/2 * 16 + 1/4 * (9/2 + 1/2) + 1/4 * 16/2
        assertEquals(1 - 0.25 / (4 + 1.25 + 2), calibration.get("weighted_kappa").doubleValue(), 1e-6);
        assertEquals(0.25, calibration.get("bias").doubleValue());
        assertEquals("{\"people\":4,\"judge\":5,\"rows\":1}", calibration.get("confusion").get(1).toString());
    }

    @Test
    void everyRubricThatComesWithUsAsksAndIsRead() throws Exception {
        assertEquals(List.of("answer_quality", "correctness", "deita_complexity", "deita_quality", "helpfulness",
                "preference", "turn_quality", "tutoring"), Rubric.names());
        Map<String, String> verdicts = Map.of(
                "answer_quality", "<think>{\"correctness\": 1}</think> Here: {\"correctness\": 5, \"steps\": \"4\", "
                        + "\"clarity\": 3} - done",
                "deita_complexity", "Complexity: 4", "deita_quality", "**Quality:** 6");
        Map<String, String> scores = Map.of(
                "answer_quality", "{\"judge.overall\":4.25,\"judge.correctness\":5,\"judge.steps\":4,"
                        + "\"judge.clarity\":3}",
                "deita_complexity", "{\"judge.complexity\":4}", "deita_quality", "{\"judge.quality\":6}");
        for (String rubric : verdicts.keySet()) {
            curate("steps: [{judge: {model: judge, rubric: %s}}]".formatted(rubric), verdicts.get(rubric), "an answer");
            assertEquals(scores.get(rubric), decisions().getFirst().get("scores").toString(), rubric);
            assertTrue(opened.getLast().asked.getFirst().contains("what is it 0"), rubric);
        }
    }

    @Test
    void aValueOffItsScaleIsNoVerdict() throws Exception {
        curate("steps: [{judge: {model: judge, rubric: deita_quality}}]", "Quality: 9", "an answer");
        assertEquals("{\"unreadable\":1}", facts().get("unscored").toString());
        curate("steps: [{judge: {model: judge, rubric: answer_quality}}]", "{\"correctness\": 5, \"steps\": 6, "
                + "\"clarity\": 3}", "an answer");
        assertEquals("{\"unreadable\":1}", facts().get("unscored").toString());
    }

    @Test
    void whatIsWrongWithARubricIsSaidWithItsRemedy() throws IOException {
        refused("prompt: '{{ answr }}'\ncriteria: {a: {from: 1, to: 5}}",
                "prompt: variables among [question, answer, gold, first, second, conversation]; "
                        + "got 'answr'; write one of them");
        refused("prompt: p\ncriteria: {a: {from: 5, to: 1}}",
                "from and to: the first below the second; got 5.0 and 1.0; 1 and 5 are usual");
        refused("prompt: p\ncriteria: {a: {from: 1, to: 5, regex: '[0-9]'}}",
                "regex: an expression with a group around the value; got [0-9]; write (\\d+)");
        refused("prompt: p\ncriteria: {}",
                "criteria: at least one; got none; write {score: {from: 1, to: 5}}");
        refused("prompt: p\ncriteria: {A b: {from: 1, to: 5}}",
                "criteria: names in snake case; got 'A b'; write 'a_b'");
        ConfigException unknown = assertThrows(ConfigException.class, () -> run("of: qualty", "good"));
        assertTrue(unknown.getMessage().contains("judge.of: overall, or a criterion of the rubric; got 'qualty'; write "
                + "'quality'"), unknown.getMessage());
    }

    private void refused(String rubric, String text) throws IOException {
        Path file = folder.resolve("wrong.rubric.yaml");
        Files.writeString(file, "source: ours\n" + rubric);
        ConfigException refused = assertThrows(ConfigException.class, () -> Rubric.read(file.toString()));
        assertTrue(refused.getMessage().contains(text), refused.getMessage());
    }

    private StageReport run(String keys, String... answers) throws Exception {
        return curate("steps: [{judge: {model: judge, rubric: '%s', %s}}]".formatted(LetterModel.rubric(folder), keys),
                "", answers);
    }

    /// @param verdict of all rows; empty for one by the answer
    private StageReport curate(String config, String verdict, String... answers) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < answers.length; i++) {
            lines.append(Json.line(Map.of("id", "r" + i, "messages", List.of(
                    Map.of("role", "user", "content", "what is it " + i),
                    Map.of("role", "assistant", "content", answers[i]))))).append('\n');
        }
        Path corpus = folder.resolve("corpus.jsonl");
        Files.writeString(corpus, lines);
        Files.createDirectories(folder.resolve("run"));
        StepModels models = new StepModels(name -> {
            LetterModel model = new LetterModel(name, 1, prompt -> !verdict.isEmpty() ? verdict
                    : prompt.contains("bad") ? "Score: 1" : prompt.contains("odd") ? "who knows" : "Score: 5");
            opened.add(model);
            return model;
        }, List.of());
        return CurateStage.run(Curation.of(ConfigReader.read(config, "curate.yaml", CurateConfig.class)),
                List.of(corpus), Optional.empty(), models,
                new StageContext(folder.resolve("run"), Progress.SILENT, Clock.systemUTC(), 1));
    }

    private int asked() {
        return opened.stream().mapToInt(model -> model.asked.size()).sum();
    }

    private JsonNode facts() {
        return Json.read(folder.resolve("run/report.json"), JsonNode.class).get("steps").get(0).get("facts");
    }

    private List<JsonNode> decisions() throws IOException {
        return Files.readAllLines(folder.resolve("run/decisions.jsonl")).stream()
                .map(line -> Json.read(line, JsonNode.class, "decisions")).toList();
    }
}
