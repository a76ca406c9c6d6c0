package dev.socratic.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import dev.socratic.eval.task.EvalTask;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalStageTest {
    private static final String SAMPLES = "samples_sums_2026-11-05T10-15-30.jsonl";

    @TempDir
    Path folder;

    @Test
    void rightAnswersAreCountedAndUsageAddedUp() throws Exception {
        // The sums 4..33, wrong where divisible by 5: 5, 10, 15, 20, 25, 30.
        StageReport report = Sums.run(Sums.config(Sums.file(folder, 30), ""), Calculator.withSlip(5),
                folder.resolve("eval"));
        assertEquals("in 30 = kept 30 + dropped 0 + failed 0", report.counts().toString());
        assertEquals(24 / 30.0, report.notes().get("accuracy.sums"));
        assertEquals(300, report.usage().promptTokens());
        assertEquals(150, report.usage().completionTokens());
        assertEquals(0.03, report.usage().costUsd(), 1e-12);
    }

    @Test
    void anInterruptedEvaluationGoesOnPaysNothingTwiceAndWritesTheSameFiles() throws Exception {
        EvalConfig config = Sums.config(Sums.file(folder, 30), "");
        Sums.run(config, Calculator.withSlip(5), folder.resolve("whole"));

        Path resumed = folder.resolve("resumed");
        assertThrows(InterruptedException.class,
                () -> Sums.run(config, Calculator.withSlip(5).stoppingAfter(3), resumed));
        assertFalse(Files.exists(resumed.resolve(SAMPLES)), "an unfinished task has no samples file");
        Calculator rest = Calculator.withSlip(5);
        Sums.run(config, rest, resumed);
        assertEquals(30 - 12, rest.asked().get());
        assertEquals(Sums.written(folder.resolve("whole")), Sums.written(resumed));

        Calculator idle = Calculator.withSlip(5);
        Sums.run(config, idle, resumed);
        assertEquals(0, idle.asked().get());
        assertEquals(Sums.written(folder.resolve("whole")), Sums.written(resumed));
    }

    @Test
    void aRecordThatAKillCutShortIsAskedAgain() throws Exception {
        EvalConfig config = Sums.config(Sums.file(folder, 30), "");
        Path eval = folder.resolve("eval");
        Sums.run(config, Calculator.withSlip(5), eval);
        Map<String, String> before = Sums.written(eval);
        try (RandomAccessFile journal = new RandomAccessFile(eval.resolve("asked/asked-000001.journal").toFile(),
                "rw")) {
            journal.setLength(journal.length() - 7);
        }
        Calculator again = Calculator.withSlip(5);
        Sums.run(config, again, eval);
        assertEquals(2, again.asked().get(), "the last unit has the last two of thirty");
        assertEquals(before, Sums.written(eval));
    }

    @Test
    void unitsAtTheSameTimeGiveTheSameAnswersInTheSameOrder() throws Exception {
        EvalConfig config = Sums.config(Sums.file(folder, 50), "");
        Sums.run(config, Calculator.withSlip(5), folder.resolve("one"));
        Sums.run(config, Calculator.withSlip(5).ofUnits(1, 8), folder.resolve("many"));
        assertEquals(Sums.written(folder.resolve("one")).get(SAMPLES),
                Sums.written(folder.resolve("many")).get(SAMPLES));
    }

    @Test
    void answersOfAnotherModelInTheSameFolderAreNotTaken() throws Exception {
        EvalConfig config = Sums.config(Sums.file(folder, 8), "");
        Path eval = folder.resolve("eval");
        Sums.run(config, Calculator.withSlip(1), eval);
        Calculator other = new Calculator("other", 4, 1, 0, Integer.MAX_VALUE, new AtomicInteger());
        assertEquals(1.0, Sums.run(config, other, eval).notes().get("accuracy.sums"));
        assertEquals(8, other.asked().get());
    }

    @Test
    void everyRowIsAccountedFor() throws Exception {
        Path file = Sums.lines(folder, "mixed.jsonl", List.of(
                "{\"question\": \"What is 1 + 1?\", \"answer\": \"2\"}",
                "{\"question\": \"What is 1 + 2?\"}",
                "{\"question\": ",
                "{\"question\": \"What is love?\", \"answer\": \"1\"}",
                "{\"question\": \"What is 2 + 2?\", \"answer\": \"5\"}"));
        List<String> notes = new ArrayList<>();
        StageReport report = Sums.run(Sums.config(file, ", prompt: plain"), Calculator.withSlip(0).ofUnits(1, 1),
                folder.resolve("eval"), new Recorder(notes));
        assertEquals("in 5 = kept 2 + dropped 1 (no_gold_answer 1) + failed 2", report.counts().toString());
        assertEquals(1 / 3.0, report.notes().get("accuracy.sums"), "what the model cannot answer is wrong");
        assertEquals(
                List.of(
                        "total 3",
                        "sums: 1 questions have no answer and count as wrong; the first, 2: calculator: a sum;"
                                + " got 'What is love?'",
                        "done 3", "failed 1"),
                notes(notes));
        assertTrue(Files.readString(folder.resolve("eval/quarantine_sums.jsonl")).contains("\"line\":3"));
        List<JsonNode> samples = samples(folder.resolve("eval"));
        assertEquals(List.of(0, 2, 3), samples.stream().map(s -> s.get("doc_id").asInt()).toList());
    }

    @Test
    void aTemporaryFailureIsAskedAgainAndALastingOneIsNot() throws Exception {
        Path file = Sums.lines(folder, "failing.jsonl", List.of(
                "{\"question\": \"Ask later\", \"answer\": \"1\"}",
                "{\"question\": \"Never\", \"answer\": \"1\"}",
                "{\"question\": \"What is 1 + 1?\", \"answer\": \"2\"}"));
        EvalConfig config = Sums.config(file, ", prompt: plain");
        Path eval = folder.resolve("eval");
        StageReport first = Sums.run(config, Calculator.withSlip(0).ofUnits(1, 1), eval);
        Calculator again = Calculator.withSlip(0).ofUnits(1, 1);
        StageReport second = Sums.run(config, again, eval);
        assertEquals(1, again.asked().get());
        assertEquals("in 3 = kept 1 + dropped 0 + failed 2", first.counts().toString());
        assertEquals(first.counts(), second.counts());
        assertEquals(
                Optional.of("1 of 3 requests without an answer: the first: calculator: a sum; got 'Ask later';"
                        + " everything answered is kept: run the same command again to ask the rest"),
                first.incomplete());
        assertEquals(null, first.notes().get("accuracy.sums"), "a part of a task has no figure");
        JsonNode results = Json.read(eval.resolve("results_2026-11-05T10-15-30.json"), JsonNode.class);
        assertTrue(results.at("/results/sums/exact_match,final_answer").isMissingNode(), results::toString);
        assertEquals(1, results.at("/open/sums").asInt());
        assertEquals(1, results.at("/failed/sums").asInt());
    }

    @Test
    void aTaskWithoutAGoldAnswerIsNoTask() throws Exception {
        Path file = Sums.lines(folder, "none.jsonl", List.of("{\"question\": \"What is 1 + 1?\"}", "no row"));
        DataException e = assertThrows(
                DataException.class, () -> Sums.run(Sums.config(file, ""), Calculator.withSlip(0),
                        folder.resolve("eval")));
        assertEquals(
                "tasks 'sums'.questions: at least one question with a gold answer; got 1 rows without an answer and 1"
                        + " that are no question (1 row could not be read, such as FILE.jsonl:2: valid JSON;"
                        + " got Unrecognized token 'no': ...);"
                        + " name the columns: questions: {file: {path: FILE, fields: {question: NAME, answer: NAME}}}",
                e.getMessage()
                        .replace(file.toString(), "FILE.jsonl")
                        .replaceAll("'no': .*?\\.jsonl\\)", "'no': ...)"));
    }

    @Test
    void theBudgetOfAllEvaluationsIsOne() throws Exception {
        EvalConfig config = Sums.config(Sums.file(folder, 20), "");
        EvalConfig limited = new EvalConfig(
                config.tasks(), 0, new BudgetConfig(Optional.empty(), Optional.of(1_200L)));
        StageReport report = Sums.run(limited, Calculator.withSlip(0).ofUnits(1, 1), folder.resolve("eval"));
        assertTrue(report.incomplete().orElseThrow().contains("budget.max_tokens: 1200 tokens"),
                report.incomplete()::get);
        assertEquals(Optional.empty(), Sums.run(config, Calculator.withSlip(0).ofUnits(1, 1),
                folder.resolve("eval")).incomplete());
    }

    @Test
    void theLimitStopsBeforeTheNextRowIsRead() throws Exception {
        Path file = Sums.lines(folder, "short.jsonl", List.of(
                "{\"question\": \"What is 1 + 1?\", \"answer\": \"2\"}",
                "{\"question\": \"What is 1 + 2?\", \"answer\": \"3\"}", "no row"));
        StageReport report = Sums.run(Sums.config(file, ", limit: 2"), Calculator.withSlip(0), folder.resolve("eval"));
        assertEquals("in 2 = kept 2 + dropped 0 + failed 0", report.counts().toString());
    }

    @Test
    void aQuestionThatStandsThereTwiceIsAskedTwice() throws Exception {
        Path file = Sums.lines(folder, "twice.jsonl", List.of(
                "{\"question\": \"What is 1 + 1?\", \"answer\": \"2\"}",
                "{\"question\": \"What is 1 + 1?\", \"answer\": \"2\"}"));
        Sums.run(Sums.config(file, ""), Calculator.withSlip(0), folder.resolve("eval"));
        SavedSamples saved = SavedSamples.ofFolder(folder.resolve("eval")).get("sums");
        assertEquals(2, saved.size());
        assertEquals(2, saved.against(saved).n());
    }

    @Test
    void progressHasOneTotalOverAllTasks() throws Exception {
        Path file = Sums.file(folder, 6);
        EvalConfig one = Sums.config(file, ", limit: 2");
        EvalConfig all = Sums.config(file, "");
        EvalConfig both = new EvalConfig(List.of(one.tasks().getFirst(), renamed(all).tasks().getFirst()), 0);
        List<String> notes = new ArrayList<>();
        StageReport report = Sums.run(both, Calculator.withSlip(0), folder.resolve("eval"), new Recorder(notes));
        assertEquals(List.of("total 8", "done 8"), notes(notes));
        assertEquals(8, report.counts().in());
        assertEquals(List.of("more", "sums"), List.copyOf(SavedSamples.ofFolder(folder.resolve("eval")).keySet()));
    }

    @Test
    void theIdsOfTheExamplesStandInTheSamplesAndNoneIsTheQuestionItself() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            lines.add(
                    ("{\"id\": \"x%s\", \"question\": \"What is 3 + %s?\", \"solution\": \"3 + %s = %s\", "
                            + "\"answer\": \"%s\"}").formatted(i, i, i, 3 + i, 3 + i));
        }
        Path examples = Sums.lines(folder, "examples.jsonl", lines);
        EvalConfig config = Sums.config(Sums.file(folder, 6),
                ", prompt: few_shot, few_shot: {examples: \"%s\", k: 3}".formatted(examples));
        Sums.run(config, Calculator.withSlip(0), folder.resolve("eval"));
        int n = 1;
        for (JsonNode sample : samples(folder.resolve("eval"))) {
            assertEquals(3, sample.get("few_shot_ids").size());
            assertFalse(sample.get("few_shot_ids").toString().contains("\"x" + n++ + "\""), sample::toString);
            JsonNode messages = Json.read(sample.at("/arguments/gen_args_0/arg_0").asText(), JsonNode.class, "arg_0");
            assertEquals(7, messages.size());
        }
        JsonNode results = Json.read(folder.resolve("eval/results_2026-11-05T10-15-30.json"), JsonNode.class);
        assertEquals(3, results.at("/n-shot/sums").asInt());
    }

    @Test
    void aPromptThatTakesExamplesNeedsSome() throws IOException {
        EvalConfig config = Sums.config(Sums.file(folder, 2), ", prompt: few_shot");
        ConfigException error = assertThrows(ConfigException.class,
                () -> Sums.run(config, Calculator.withSlip(0), folder.resolve("eval")));
        assertEquals(
                "tasks 'sums'.few_shot: examples for the prompt 'few_shot'; got none; give few_shot: {examples: "
                        + "FILE.jsonl, k: 4}, or use the prompt chain_of_thought",
                error.getMessage());
    }

    @Test
    void answersThatAreCutOffAreTold() throws Exception {
        Path file = Sums.lines(folder, "large.jsonl",
                List.of("{\"question\": \"What is 999 + 2?\", \"answer\": \"1,001\"}"));
        StageReport report = Sums.run(Sums.config(file, ""), Calculator.withSlip(0), folder.resolve("eval"));
        assertEquals(1L, report.notes().get("truncated.sums"));
        assertEquals(1.0, report.notes().get("accuracy.sums"));
        assertEquals("length", samples(folder.resolve("eval")).getFirst().get("finish_reason").asText());
    }

    @Test
    void aModelThatMixesUpItsAnswersIsABug() throws Exception {
        EvalConfig config = Sums.config(Sums.file(folder, 3), "");
        Calculator honest = Calculator.withSlip(0);
        TextModel muddled = new TextModel() {
            @Override
            public ModelCard card() {
                return honest.card();
            }

            @Override
            public List<GenerationOutcome> generate(List<GenerationRequest> requests) throws InterruptedException {
                return honest.generate(requests).reversed();
            }

            @Override
            public List<ContinuationScore> score(List<ScoreRequest> requests) {
                return honest.score(requests);
            }

            @Override
            public void close() {}
        };
        Files.createDirectories(folder.resolve("eval"));
        IllegalStateException error = assertThrows(
                IllegalStateException.class,
                () -> EvalStage.run(config, "muddled", muddled,
                        new StageContext(folder.resolve("eval"), Progress.SILENT, Clock.systemUTC(), 1)));
        assertEquals(
                "a model answers every request, in order; asked [sums/0, sums/1, sums/2], answered [sums/2, sums/1, "
                        + "sums/0]; this is a bug, please report it",
                error.getMessage());
    }

    private static EvalConfig renamed(EvalConfig config) {
        EvalTask t = config.tasks().getFirst();
        return new EvalConfig(List.of(new EvalTask(
                "more", t.questions(), t.prompt(), t.generation(), t.limit(), t.fewShot())), 0);
    }

    private static List<JsonNode> samples(Path eval) throws IOException {
        return Files.readAllLines(eval.resolve(SAMPLES)).stream().map(line -> Json.read(line, JsonNode.class, "sample"))
                .toList();
    }

    /// @return what the recorder heard, the many small `done` as one
    private static List<String> notes(List<String> heard) {
        AtomicLong done = new AtomicLong();
        AtomicLong failed = new AtomicLong();
        List<String> rest = new ArrayList<>();
        for (String line : heard) {
            if (line.startsWith("done ")) {
                done.addAndGet(Long.parseLong(line.substring(5)));
            } else if (line.startsWith("failed ")) {
                failed.addAndGet(Long.parseLong(line.substring(7)));
            } else {
                rest.add(line);
            }
        }
        rest.add("done " + done);
        if (failed.get() > 0) {
            rest.add("failed " + failed);
        }
        return rest;
    }

    private record Recorder(List<String> heard) implements Progress {
        @Override
        public synchronized void total(long items) {
            heard.add("total " + items);
        }

        @Override
        public synchronized void done(long items) {
            heard.add("done " + items);
        }

        @Override
        public void spent(Usage usage) {}

        @Override
        public synchronized void failed(long items) {
            heard.add("failed " + items);
        }

        @Override
        public synchronized void note(String line) {
            heard.add(line);
        }
    }
}
