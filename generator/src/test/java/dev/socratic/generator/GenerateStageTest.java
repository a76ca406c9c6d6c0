package dev.socratic.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Counts;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Usage;
import dev.socratic.datasets.row.RowMapper;
import dev.socratic.datasets.row.Trace;
import dev.socratic.generator.teacher.TeacherConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateStageTest {
    @TempDir
    Path folder;

    @Test
    void everyWantedAnswerEndsInOneOfTheFiles() throws Exception {
        Path questions = Runs.questions(folder, List.of(
                "{\"question\": \"What is 1 + 2?\", \"answer\": \"3\"}",
                "{\"question\": \"unspeakable\", \"answer\": \"3\"}",
                "{\"question\": \"What is the meaning of life?\"}",
                "{\"question\": \"What is 1 + 2?\", \"answer\": \"3\"}",
                "{\"query\": \"no question\"}",
                "{\"question\": \"What is 30 + 4?\"}"));
        StageReport report = GenerateStage.run(Runs.config(questions, 20), new Adder(3, 2),
                Runs.context(folder.resolve("run")));

        Map<String, Long> dropped = new TreeMap<>(report.counts().dropped());
        assertEquals(20, dropped.remove("refusal"));
        assertEquals(20, dropped.remove("repeated_question"));
        assertEquals(40, report.counts().failed()); // 20 unspeakable, 20 of the row without a question
        assertEquals(List.of("final_answer", "repetition", "truncated"), List.copyOf(dropped.keySet()));
        assertEquals(120, report.counts().in());

        Map<String, String> files = Runs.files(folder.resolve("run"));
        assertEquals(report.counts().kept(), files.get("answers.jsonl").lines().count());
        assertEquals(20 + dropped.values().stream().mapToLong(n -> n).sum(),
                files.get("rejected.jsonl").lines().count());
        assertEquals(20, files.get("failed.jsonl").lines().count());
        assertEquals(1, Files.readAllLines(folder.resolve("run/quarantine.jsonl")).size());
    }

    @Test
    void anAnswerSaysWhereItCameFrom() throws Exception {
        Path questions = Runs.questions(folder, List.of("{\"question\": \"What is 1 + 2?\", \"answer\": \"3\"}"));
        GenerateStage.run(Runs.config(questions, 8), new Adder(1, 1), Runs.context(folder.resolve("run")));
        Trace first = traces("answers.jsonl").getFirst();
        assertEquals(
                List.of(ChatMessage.user("What is 1 + 2?"),
                        ChatMessage.assistant("<think>\n1 + 2 = 3\n</think>\nThe answer is 3.")),
                first.messages());
        assertEquals(Optional.of("1 + 2 = 3"), first.reasoning());
        assertEquals("The answer is 3.", first.answerText());
        assertEquals(Optional.of("3"), first.finalAnswer());
        assertEquals(new Trace.Teacher("adder", "weights:adder", "1"), first.teacher());
        assertEquals("plain", first.prompt().template());
        assertEquals(Optional.empty(), first.created());
        assertEquals(
                List.of("truncated", "refusal", "repetition", "format", "final_answer"),
                first.verdicts().stream().map(Trace.Verdict::check).toList());
        assertEquals(8, new HashSet<>(seeds()).size(), "two samples share a seed");
    }

    private List<Long> seeds() throws Exception {
        List<Trace> all = new ArrayList<>(traces("answers.jsonl"));
        all.addAll(traces("rejected.jsonl"));
        return all.stream().map(t -> t.sampling().seed()).toList();
    }

    private List<Trace> traces(String file) throws Exception {
        List<Trace> traces = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("run").resolve(file))) {
            traces.add(RowMapper.trace(Json.mapper().readTree(line)));
        }
        return traces;
    }

    @Test
    void theFilesDoNotDependOnHowManyAreAskedAtOnce() throws Exception {
        GenerateConfig config = Runs.config(Runs.sums(folder, 40), 3);
        GenerateStage.run(config, new Adder(1, 1), Runs.context(folder.resolve("one")));
        GenerateStage.run(config, new Adder(1, 32), Runs.context(folder.resolve("many")));
        assertEquals(Runs.files(folder.resolve("one")), Runs.files(folder.resolve("many")));
    }

    @Test
    void aRunThatIsDoneAsksNothingMoreAndWritesTheSameFiles() throws Exception {
        GenerateConfig config = Runs.config(Runs.sums(folder, 10), 2);
        GenerateStage.run(config, new Adder(4, 2), Runs.context(folder.resolve("run")));
        Map<String, String> before = Runs.files(folder.resolve("run"));
        Adder second = new Adder(4, 2);
        StageReport report = GenerateStage.run(config, second, Runs.context(folder.resolve("run")));
        assertEquals(0, second.calls());
        assertEquals(before, Runs.files(folder.resolve("run")));
        assertTrue(report.usage().completionTokens() > 0, "what earlier runs spent is counted");
    }

    @Test
    void moreSamplesAskOnlyForTheNewOnes() throws Exception {
        Path questions = Runs.sums(folder, 10);
        GenerateStage.run(Runs.config(questions, 2), new Adder(1, 4), Runs.context(folder.resolve("run")));
        Adder more = new Adder(1, 4);
        GenerateStage.run(Runs.config(questions, 5), more, Runs.context(folder.resolve("run")));
        assertEquals(30, more.calls());
        GenerateStage.run(Runs.config(questions, 5), new Adder(1, 4), Runs.context(folder.resolve("fresh")));
        assertEquals(Runs.files(folder.resolve("fresh")), Runs.files(folder.resolve("run")));
    }

    @Test
    void temporaryFailuresAreAskedAgainByTheNextRunAndFailuresForGoodAreNot() throws Exception {
        Path questions = Runs.questions(folder, List.of(
                "{\"question\": \"What is 1 + 2?\"}", "{\"question\": \"unspeakable\"}",
                "{\"question\": \"What is 3 + 4?\"}"));
        GenerateConfig config = Runs.config(questions, 1);
        Flaky flaky = new Flaky("3 + 4");
        StageReport first = GenerateStage.run(config, flaky, Runs.context(folder.resolve("run")));
        assertEquals(2, first.counts().failed());
        assertEquals(1L, first.notes().get("temporary_failures"));
        assertEquals(
                Optional.of("1 of 3 requests without an answer: the first: flaky: an answer; got none;"
                        + " everything answered is kept: run the same command again to ask the rest"),
                first.incomplete());

        Flaky well = new Flaky("nothing");
        StageReport second = GenerateStage.run(config, well, Runs.context(folder.resolve("run")));
        assertEquals(List.of("What is 3 + 4?"), well.questions);
        assertEquals(1, second.counts().failed());
        assertEquals(0L, second.notes().get("temporary_failures"));
        assertEquals(Optional.empty(), second.incomplete());
    }

    @Test
    void aTeacherThatNeverAnswersStopsTheStageAndFillsNoJournal() throws Exception {
        GenerateConfig config = Runs.config(Runs.sums(folder, 100), 1);
        Flaky gone = new Flaky("What");
        StageReport none = GenerateStage.run(config, gone, Runs.context(folder.resolve("run")));
        assertEquals(
                Optional.of("100 of 100 requests without an answer:"
                        + " 32 failures in a row, the last: flaky: an answer; got none;"
                        + " everything answered is kept: run the same command again to ask the rest"),
                none.incomplete());
        assertEquals(32, gone.questions.size());

        Path unspeakable = Runs.questions(folder, IntStream.range(0,
                50).mapToObj("{\"question\": \"unspeakable %s\"}"::formatted).toList());
        GenerateStage.run(Runs.config(unspeakable, 1), new Adder(1, 1), Runs.context(folder.resolve("run")));
        Adder again = new Adder(1, 1);
        StageReport second = GenerateStage.run(Runs.config(unspeakable, 1), again, Runs.context(folder.resolve("run")));
        assertEquals(32, again.calls(), "a failure that nothing vouched for was believed");
        assertTrue(second.incomplete().isPresent());
    }

    /// One question of many that a teacher refuses says nothing about the teacher, however many come in a row.
    @Test
    void refusalsOfATeacherThatDoesAnswerNeverStopTheStage() throws Exception {
        List<String> rows = new ArrayList<>(List.of("{\"question\": \"What is 1 + 2?\"}"));
        IntStream.range(0, 70).forEach(i -> rows.add("{\"question\": \"unspeakable %s\"}".formatted(i)));
        rows.add("{\"question\": \"What is 3 + 4?\"}");
        StageReport report = GenerateStage.run(
                Runs.config(Runs.questions(folder, rows), 1), new Adder(1, 1), Runs.context(folder.resolve("run")));
        assertEquals(70, report.counts().failed());
        assertEquals(Optional.empty(), report.incomplete());
        assertEquals("adder: a question it can take; got another; leave it out", report.notes().get("first_problem"));
    }

    @Test
    void stopsBeforeTheBudgetIsPassedAndGoesOnWithALargerOne() throws Exception {
        Path questions = Runs.sums(folder, 30);
        TeacherConfig priced = new TeacherConfig.Endpoint(
                "http://localhost:1/v1", "m", Optional.empty(), 4, Optional.empty(), Optional.empty(), 1, 0, 1, 2,
                false);
        Adder adder = new Adder(1, 4);
        StageReport stopped = GenerateStage.run(
                Runs.config(questions, 1, priced, new BudgetConfig(Optional.empty(), Optional.of(1_500L))), adder,
                Runs.context(folder.resolve("run")));
        String why = stopped.incomplete().orElseThrow();
        assertTrue(why.contains(" of 30 requests without an answer:"
                + " budget.max_tokens: 1500 tokens: room for one more request;"
                + " got 0.0000 USD and "), why);
        assertTrue(why.endsWith("; everything answered is kept: raise the budget and run the same command again"), why);
        assertTrue(adder.calls() > 5 && adder.calls() < 30, adder.calls() + " calls");
        assertEquals(adder.calls(), stopped.counts().kept() + stopped.counts().droppedInAll(),
                "what was answered is there");

        Adder rest = new Adder(1, 4);
        StageReport report = GenerateStage.run(
                Runs.config(questions, 1, priced, new BudgetConfig(Optional.of(1.0), Optional.of(50_000L))), rest,
                Runs.context(folder.resolve("run")));
        assertEquals(30, adder.calls() + rest.calls(), "nothing is asked twice");
        assertEquals(30, report.counts().in());
        GenerateStage.run(Runs.config(questions, 1, priced, BudgetConfig.NONE), new Adder(1, 4),
                Runs.context(folder.resolve("undisturbed")));
        assertEquals(Runs.files(folder.resolve("undisturbed")), Runs.files(folder.resolve("run")));
    }

    @Test
    void saysWhenThereIsNothingToAsk() throws Exception {
        Path none = Runs.questions(folder, List.of("{\"query\": \"?\"}"));
        ConfigException e = assertThrows(
                ConfigException.class, () ->
                        GenerateStage.run(Runs.config(none, 1), new Adder(1, 1), Runs.context(folder.resolve("run"))));
        assertEquals("questions: at least one question; got none; check the source and its field names",
                e.getMessage());
    }

    @Test
    void countsAShareOfLostRowsAboveTheLimit() throws Exception {
        Path questions = Runs.questions(folder, List.of("{\"question\": \"What is love?\"}"));
        GenerateConfig strict = Runs.config(questions, 1);
        GenerateConfig config = new GenerateConfig(
                strict.questions(), strict.prompt(), strict.fewShot(), strict.teacher(), 1, strict.sampling(),
                strict.checks(), strict.limit(),
                strict.budget(), 0.5, 1);
        StageReport report = GenerateStage.run(config, new Adder(1, 1), Runs.context(folder.resolve("run")));
        assertEquals(Counts.of(1, 0, Map.of("refusal", 1L), 0), report.counts());
        assertEquals(1.0, report.notes().get("reject_share"));
        assertEquals(new Usage(12, 9, 0), report.usage());
    }

    /// An adder that is out of reach whenever the question contains a word.
    private static final class Flaky extends DelegatingModel {
        private final String word;
        private final List<String> questions = new ArrayList<>();

        Flaky(String word) {
            super(new Adder(1, 1));
            this.word = word;
        }

        @Override
        public List<GenerationOutcome> generate(List<GenerationRequest> requests) throws InterruptedException {
            String question = requests.getFirst().messages().getLast().content();
            questions.add(question);
            return question.contains(word)
                    ? List.of(new Failure(requests.getFirst().id(), "flaky: an answer; got none", true))
                    : super.generate(requests);
        }
    }
}
