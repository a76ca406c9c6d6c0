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
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.Curation;
import dev.socratic.curator.step.StepModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreStepsTest {
    @TempDir
    Path folder;

    private final List<LetterModel> opened = new ArrayList<>();
    private int fails = Integer.MAX_VALUE;
    private Path corpus;

    @BeforeEach
    void someRows() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 7; i++) {
            lines.append(row("r" + i, "how many apples", "seven apples" + " more".repeat(i))).append('\n');
        }
        corpus = folder.resolve("corpus.jsonl");
        Files.writeString(corpus, lines);
    }

    private static String row(String id, String question, String answer) {
        return Json.line(Map.of("id", id, "messages", List.of(Map.of("role", "user", "content", question),
                Map.of("role", "assistant", "content", answer))));
    }

    @Test
    void perplexityIsNatsPerTokenOfTheAnswerGivenTheQuestionAndOfTheWhole() throws Exception {
        run("steps: [{perplexity: {model: small}}]", "a");
        JsonNode scores = decision("a", "r0").get("scores");
        // "seven apples" behind "how many apples : ": 5 letters in full, 6 letters that stood before.
        assertEquals((5 * 0.5 + 6 * 0.05) / 2, scores.get("perplexity.answer").doubleValue(), 1e-6);
        assertEquals((3 + 4 + 6 + 1 + 5) * 0.5 / 6 + 6 * 0.05 / 6, scores.get("perplexity.whole").doubleValue(), 1e-6);
    }

    @Test
    void ifdIsTheLossWithTheQuestionOverTheLossWithoutIt() throws Exception {
        run("steps: [{ifd: {model: small}}]", "a");
        JsonNode scores = decision("a", "r0").get("scores");
        double conditioned = (5 * 0.5 + 6 * 0.05) / 2;
        double alone = 11 * 0.5 / 2;
        assertEquals(conditioned, scores.get("ifd.conditioned").doubleValue(), 1e-6);
        assertEquals(alone, scores.get("ifd.alone").doubleValue(), 1e-6);
        assertEquals(conditioned / alone, scores.get("ifd.ifd").doubleValue(), 1e-6);
    }

    @Test
    void learnabilityIsTheStudentsLossLessTheTeachersPerByte() throws Exception {
        run("steps: [{learnability: {student: small, teacher: large}}]", "a");
        double student = (5 * 0.5 + 6 * 0.05) / 12;
        assertEquals(student / 2, decision("a", "r0").get("scores").get("learnability.learnability").doubleValue(),
                1e-6);
    }

    @Test
    void aChangedThresholdReadsNothingAgainAndSaysWhoGoesNow() throws Exception {
        run("steps: [{perplexity: {model: small}}]", "a");
        int read = read();
        assertTrue(read > 0);
        StageReport report = run("steps: [{perplexity: {model: small, max: 1.0}}]", "a");
        assertEquals(read, read());
        assertEquals("in 7 = kept 3 + dropped 4 (high_perplexity 4) + failed 0", report.counts().toString());
        JsonNode gone = decision("a", "r0");
        assertEquals("{\"most\":1.0,\"score\":\"answer\",\"value\":1.4}", Json.canonical(gone.get("evidence")));
    }

    @Test
    void aPercentileBecomesALimitOfThisCorpus() throws Exception {
        StageReport report = run("steps: [{perplexity: {model: small, max_percentile: 50}}]", "a");
        assertEquals("in 7 = kept 4 + dropped 3 (high_perplexity 3) + failed 0", report.counts().toString());
        JsonNode step = Json.read(folder.resolve("a/report.json"), JsonNode.class).get("steps").get(0);
        double limit = step.get("thresholds").get(0).get("most").doubleValue();
        assertEquals(step.get("facts").get("answer").get("p50").doubleValue(), limit, 1e-6);
        StageReport fixed = run("steps: [{perplexity: {model: small, max: %s}}]".formatted(limit), "b");
        assertEquals(report.counts(), fixed.counts());
    }

    @Test
    void afterAKillOnlyWhatWasUnderWayIsReadAgainAndTheResultIsThatOfAnUndisturbedRun() throws Exception {
        run("steps: [{ifd: {model: small}}]", "whole");
        List<ScoreRequest> all = opened.stream().flatMap(model -> model.read.stream()).toList();
        opened.clear();
        fails = 2;
        assertThrows(IllegalStateException.class, () -> run("steps: [{ifd: {model: small}}]", "killed"));
        List<ScoreRequest> before = opened.stream().flatMap(model -> model.read.stream()).toList();
        opened.clear();
        fails = Integer.MAX_VALUE;
        run("steps: [{ifd: {model: small}}]", "killed");
        List<ScoreRequest> after = opened.stream().flatMap(model -> model.read.stream()).toList();
        assertTrue(!before.isEmpty() && !after.isEmpty());
        List<ScoreRequest> together = new ArrayList<>(before);
        together.addAll(after);
        assertEquals(all, together);
        assertEquals(all.size(), new HashSet<>(all).size());
        for (String file : List.of("train.jsonl", "decisions.jsonl", "report.json")) {
            assertEquals(Files.readString(folder.resolve("whole/" + file)),
                    Files.readString(folder.resolve("killed/" + file)), file);
        }
    }

    @Test
    void severalStepsAskOneModelAndReadNothingTwice() throws Exception {
        run("steps: [{perplexity: {model: small}}, {ifd: {model: small}}, {perplexity: {model: small, prompt: plain}}]",
                "a");
        List<ScoreRequest> all = opened.stream().flatMap(model -> model.read.stream()).toList();
        assertEquals(all.size(), new HashSet<>(all).size());
        JsonNode scores = decision("a", "r0").get("scores");
        assertEquals(scores.get("perplexity.answer"), scores.get("ifd.conditioned"));
        assertTrue(scores.has("perplexity_2.answer"), scores.toString());
    }

    @Test
    void rowsTooLongForTheModelAreCountedAndNeverScored() throws Exception {
        Files.writeString(corpus, Files.readString(corpus)
                + row("long", "q", "x ".repeat(LetterModel.LONGEST) + "x") + "\n");
        run("steps: [{ifd: {model: small, max: 0.1}}]", "a");
        assertEquals("{\"ifd.too_long\":1}", decision("a", "long").get("scores").toString());
        assertEquals("kept", decision("a", "long").get("decision").textValue());
        JsonNode facts = Json.read(folder.resolve("a/report.json"), JsonNode.class).get("steps").get(0).get("facts");
        assertEquals("{\"too_long\":1}", facts.get("unscored").toString());
        assertEquals(7, facts.get("scored").intValue());
        run("steps: [{ifd: {model: small, max: 0.1, unscored: drop}}]", "a");
        assertEquals("too_long", decision("a", "long").get("reason").textValue());
    }

    @Test
    void passRatesAreCountedOverSamplesThatFailedToo() throws Exception {
        Path samples = LetterModel.samples(folder.resolve("samples.jsonl"));
        // The same sample in a second file counts once.
        StageReport report = CurateStage.run(Curation.of(config(
                "steps: [{pass_rate: {samples: ['%1$s', '%1$s'], min: 0.01, max: 0.99}}]".formatted(samples))),
                List.of(samples), Optional.empty(), context("a"));
        assertEquals("in 12 = kept 4 + dropped 8 (high_pass_rate 4, low_pass_rate 4) + failed 0",
                report.counts().toString());
        JsonNode kept = rows("a").stream().filter(row -> row.get("decision").textValue().equals("kept")).findFirst()
                .orElseThrow();
        assertEquals("{\"pass_rate.pass_rate\":0.5,\"pass_rate.difficulty\":0.5,\"pass_rate.learnability\":0.25,"
                + "\"pass_rate.samples\":4}", kept.get("scores").toString());
        assertEquals("{\"least\":0.01,\"score\":\"pass_rate\",\"value\":0.0}", Json.canonical(rows("a").stream()
                .filter(row -> row.path("reason").asText().equals("low_pass_rate")).findFirst().orElseThrow()
                .get("evidence")));
    }

    @Test
    void limitsThatContradictEachOtherAreRefused() {
        refused("{min: 2, max: 1}",
                "min and max: the first at most the second; got 2.0 and 1.0; exchange them");
        refused("{min: 2, min_percentile: 5}",
                "min and min_percentile: one of the two; got 2.0 and 5.0; leave one out");
        refused("{max_percentile: 101}",
                "max_percentile: a percentile in [0, 100]; got 101.0; 10 is the tenth part");
    }

    @Test
    void whatAModelLacksIsSaidWithItsRemedy() {
        said("models: the model 'small'; got none of that name; add models: {small: {weights: {path: FOLDER}}} to the "
                + "recipe, or to the file of --models", "ifd: {model: small}", StepModels.none(List.of()));
        said("perplexity.prompt: a model with a chat template; got 'base', which has none; write prompt: plain",
                "perplexity: {model: base, prompt: chat}", LetterModel.models());
        said("ifd: a model that scores text; got 'silent', which only writes; take local weights: models: {silent: "
                + "{weights: {path: FOLDER}}}", "ifd: {model: silent}", LetterModel.models());
        said("token_budget.tokenizer: a model that counts its tokens; got 'silent', which does not; take local "
                + "weights: models: {silent: {weights: {path: FOLDER}}}", "token_budget: {tokens: 9, tokenizer: silent}",
                LetterModel.models());
    }

    private void said(String text, String step, StepModels models) {
        ConfigException refused = assertThrows(ConfigException.class,
                () -> CurateStage.run(Curation.of(config("steps: [{%s}]".formatted(step))), List.of(corpus),
                        Optional.empty(), models, context("refused")));
        assertTrue(refused.getMessage().contains(text), refused.getMessage());
    }

    private void refused(String limits, String text) {
        String inner = limits.substring(1, limits.length() - 1);
        ConfigException refused = assertThrows(ConfigException.class,
                () -> config("steps: [{ifd: {model: small, %s}}]".formatted(inner)));
        assertTrue(refused.getMessage().contains(text), refused.getMessage());
    }

    private int read() {
        return opened.stream().mapToInt(model -> model.read.size()).sum();
    }

    private StageReport run(String config, String name) throws Exception {
        StepModels models = new StepModels(wanted -> {
            LetterModel model = new LetterModel(wanted, wanted.equals("large") ? 0.25 : 0.5, prompt -> "");
            model.fails = fails;
            opened.add(model);
            return model;
        }, List.of());
        return CurateStage.run(Curation.of(config(config)), List.of(corpus), Optional.empty(), models, context(name));
    }

    private static CurateConfig config(String yaml) {
        return ConfigReader.read(yaml, "curate.yaml", CurateConfig.class);
    }

    private StageContext context(String name) throws IOException {
        Files.createDirectories(folder.resolve(name));
        return new StageContext(folder.resolve(name), Progress.SILENT, Clock.systemUTC(), 1);
    }

    private JsonNode decision(String run, String id) throws IOException {
        Map<String, JsonNode> byId = new HashMap<>();
        rows(run).forEach(row -> byId.put(row.get("id").textValue(), row));
        return byId.get(id);
    }

    private List<JsonNode> rows(String run) throws IOException {
        return Files.readAllLines(folder.resolve(run).resolve("decisions.jsonl")).stream()
                .map(line -> Json.read(line, JsonNode.class, "decisions")).toList();
    }
}
