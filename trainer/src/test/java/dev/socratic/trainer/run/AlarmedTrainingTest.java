package dev.socratic.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.trainer.Notes;
import dev.socratic.trainer.OnPolicyRuns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Trainings whose student never ends an answer: alarms see it, and do what they are told to.
class AlarmedTrainingTest {
    private static final String OBJECTIVE = """
            rollout: {student: {max_new_tokens: 64, temperature: 0.5}}
            terms: [{against: labels, distance: kl}]
            """;

    @TempDir
    static Path folder;
    private static OnPolicyRuns runs;

    @BeforeAll
    static void open() {
        runs = new OnPolicyRuns(folder.resolve("endless"), OnPolicyRuns.noise().alwaysWrites(65));
    }

    private static JsonNode line(String run, int step) {
        return line(runs, run, step);
    }

    private static JsonNode line(OnPolicyRuns runs, String run, int step) {
        return Json.read(runs.metrics(run).get(step - 1), JsonNode.class, "metrics");
    }

    @Test
    void whatIsWrittenStandsInTheLogWithItsEntropyAndTheWayFromTheStart() throws Exception {
        OnPolicyRuns noise = new OnPolicyRuns(folder.resolve("noise"), OnPolicyRuns.noise());
        noise.run(noise.config(OBJECTIVE.replace("64", "12"), "budget: {steps: {n: 2}}\nkl_to_start: true\n"), "told",
                Progress.SILENT);
        JsonNode first = line(noise, "told", 1);
        assertEquals(12, first.path("answer_tokens").asDouble());
        assertEquals(12, first.path("answer_tokens_min").asDouble());
        assertEquals(12, first.path("answer_tokens_max").asDouble());
        assertTrue(first.path("answer_tokens_ended").isMissingNode(), "none ended");
        assertEquals(1, first.path("unfinished_answers").asDouble());
        double entropy = first.path("student_entropy").asDouble();
        assertTrue(entropy > 0 && entropy < Math.log(288), "nats: " + entropy);
        assertEquals(0, first.path("kl_to_start").asDouble(), 1e-9);
        JsonNode second = line(noise, "told", 2);
        assertTrue(second.path("kl_to_start").asDouble() > 1e-4, second.toString());
        String card = Files.readString(noise.folder("told").resolve("README.md"));
        assertTrue(card.contains("| answer tokens, mean of the last 50 written steps | 12.000 |"), card);
        assertTrue(card.contains("| kl to start, mean of the last 50 written steps | "), card);
    }

    @Test
    void anAlarmShortensAnswersAgainAndAgainDownToSixteenTokensAndGoesOnAsIfUndisturbed() throws Exception {
        String alarms = "budget: {steps: {n: 9}}\ncheckpoint_every: 3\nalarms: {steps: 2, cut_off: {then: shorten}}\n";
        Notes notes = new Notes();
        runs.run(runs.config(OBJECTIVE, alarms), "shorter", notes);
        List<Double> lengths = java.util.stream.IntStream.rangeClosed(1, 9)
                .mapToObj(step -> line("shorter", step).path("answer_tokens").asDouble()).toList();
        assertEquals(List.of(64.0, 64.0, 32.0, 32.0, 16.0, 16.0, 16.0, 16.0, 16.0), lengths);
        assertEquals(List.of(
                "100 % of the answers of the last 2 written steps do not end: answers are shortened to "
                        + "max_new_tokens 32",
                "100 % of the answers of the last 2 written steps do not end: answers are shortened to "
                        + "max_new_tokens 16",
                "100 % of the answers of the last 2 written steps do not end, and max_new_tokens is down to 16: raise "
                        + "rollout max_new_tokens where answers are that long; otherwise mix in the data's rows "
                        + "(rollout.student.fraction) or a term against labels"), alarmed(notes));

        Progress interrupting = new Notes() {
            private int lines;

            @Override
            public void state(String line) {
                if (++lines == 5) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        assertThrows(RuntimeException.class, () -> runs.run(runs.config(OBJECTIVE, alarms), "again", interrupting));
        runs.run(runs.config(OBJECTIVE, alarms), "again", Progress.SILENT);
        for (String file : List.of("model.safetensors", "metrics.jsonl")) {
            assertEquals(-1, Files.mismatch(runs.folder("shorter").resolve(file), runs.folder("again").resolve(file)),
                    file);
        }
    }

    private static List<String> alarmed(Notes notes) {
        return notes.lines.stream().filter(line -> line.startsWith("100 %")).toList();
    }

    @Test
    void anAlarmThatStopsEndsTheRunWithACheckpointAndSaysSoAgainWhenItIsRepeated() {
        String alarms = "budget: {steps: {n: 9}}\nalarms: {steps: 3, cut_off: {then: stop}}\n";
        for (int time = 0; time < 2; time++) {
            DataException stopped = assertThrows(DataException.class,
                    () -> runs.run(runs.config(OBJECTIVE, alarms), "stopped", Progress.SILENT));
            assertEquals("step 3: no alarm that stops the run; got 100 % of the answers of the last 3 written steps "
                    + "do not end; change the objective or the learning rate, or write alarms with then: warn; the "
                    + "checkpoint of this step is kept", stopped.getMessage());
            assertTrue(Files.exists(runs.folder("stopped").resolve("checkpoints/step_00000003/state.json")));
            assertEquals(3, runs.metrics("stopped").size());
        }
    }
}
