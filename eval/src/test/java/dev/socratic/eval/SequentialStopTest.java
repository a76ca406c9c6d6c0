package dev.socratic.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.StageReport;
import dev.socratic.eval.stats.ConfidenceSequence;
import dev.socratic.eval.stats.Interval;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A task that asks no more than it takes, through the stage and its files.
class SequentialStopTest {
    @TempDir
    Path folder;

    @Test
    void askingEndsWhenTheScoreIsKnownAndTheRestIsCounted() throws Exception {
        EvalConfig config = Sums.config(Sums.file(folder, 400), ", stop_early: {half_width: 0.1, batch: 20}");
        Calculator model = Calculator.withSlip(5);
        StageReport report = Sums.run(config, model, folder.resolve("e"));
        int asked = model.asked().get();
        assertTrue(asked >= 60 && asked <= 240 && asked % 20 == 0, "asked " + asked);
        assertEquals("in 400 = kept %s + dropped %s (not_needed %s) + failed 0".formatted(asked, 400 - asked,
                400 - asked), report.counts().toString());
        SavedSamples saved = SavedSamples.ofFolder(folder.resolve("e")).get("sums");
        long right = saved.rows().stream().filter(Sample::correct).count();
        Interval interval = ConfidenceSequence.ci95(right, asked);
        assertEquals(interval, saved.ci95(), "the interval that holds at every look");
        assertTrue(interval.high() - interval.low() <= 0.2);
        JsonNode file = Json.read(folder.resolve("e/results_2026-11-05T10-15-30.json"), JsonNode.class);
        assertEquals("{\"half_width\":0.1,\"asked\":%s,\"spared\":%s}".formatted(asked, 400 - asked),
                file.at("/sequential_stop/sums").toString());
        assertEquals(interval.low(), file.at("/ci95/sums/exact_match,final_answer/0").asDouble(), 1e-15);
        assertTrue(saved.rows().stream().mapToInt(Sample::docId).max().orElseThrow() > asked,
                "in a drawn order, not the first ones");
        Calculator again = Calculator.withSlip(5);
        Sums.run(config, again, folder.resolve("e"));
        assertEquals(0, again.asked().get(), "a second time nothing is asked");
    }

    @Test
    void whereTheScoreIsNeverKnownWellEnoughEveryQuestionIsAsked() throws Exception {
        EvalConfig config = Sums.config(Sums.file(folder, 30), ", stop_early: {half_width: 0.01, batch: 7}");
        Calculator model = Calculator.withSlip(5);
        assertEquals("in 30 = kept 30 + dropped 0 + failed 0",
                Sums.run(config, model, folder.resolve("e")).counts().toString());
        assertEquals(30, model.asked().get());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        ", stop_early: {half_width: 0.5}|half_width: above 0 and below 0.5; got 0.5; 0.03 is plus or minus 3 points",
        ", stop_early: {half_width: 0.1, batch: 0}|batch: at least 1; got 0",
        ", cluster: text, stop_early: {half_width: 0.1}|stop_early: questions that are drawn one by one; got a task "
                + "whose questions hang together (cluster); leave one of the two out"
    })
    void whatCannotBeIsRefusedByName(String more, String problem) {
        ConfigException error = assertThrows(ConfigException.class,
                () -> Sums.config(folder.resolve("q.jsonl"), more));
        assertTrue(error.getMessage().contains(problem), error.getMessage());
    }
}
