package dev.socratic.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.trainer.Notes;
import dev.socratic.trainer.SmallRuns;
import dev.socratic.trainer.config.EarlyStop;
import dev.socratic.trainer.run.checkpoint.Selection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A training whose loss rises again from some step on: the learning rate is far too high, and does not fall.
class KeepBestTest {
    private static final String RISING = "optimizer: {learning_rate: 0.2, warmup: {steps: {n: 6}}, decay: constant}\n"
            + "dtype: float32\nevaluate: {source: {word_problems: {count: 4, seed: 2, form: direct}}, every: 1}\n";

    @TempDir
    Path folder;

    private SmallRuns runs() {
        return new SmallRuns(folder);
    }

    private static double number(String line, String field) throws IOException {
        return Json.mapper().readTree(line).get(field).asDouble();
    }

    @Test
    void theStudentIsTheBestOfItsEvaluationsHoweverOftenTheRunWasStopped() throws IOException {
        Notes notes = new Notes();
        Path calm = runs().run("calm", RISING + "keep_best: {}", notes);
        String last = SmallRuns.metrics(calm, "eval_loss").getLast();
        long best = (long) number(last, "best_step");
        assertTrue(best < 6 && number(last, "eval_loss") > number(last, "best"), last);
        assertTrue(notes.lines.getLast().startsWith("the student is that of step %s, whose held_out_loss is the best: "
                .formatted(best)), notes.lines.toString());
        Path until = runs().run("until", RISING.replace("dtype", "# dtype") + "dtype: float32\nbudget: {steps: {n: %s}}"
                .formatted(best), Progress.SILENT);
        assertEquals(SmallRuns.results(until).get("model.safetensors"),
                SmallRuns.results(calm).get("model.safetensors"));
        String card = Files.readString(calm.resolve("README.md"));
        assertTrue(card.contains("| weights | of step %s, the best of the evaluations by held_out_loss: ".formatted(
                best)), card);
        assertTrue(card.contains("| held-out loss | %.4f nats a token |".formatted(number(last, "best"))), card);

        assertThrows(SmallRuns.Stopped.class,
                () -> runs().run("stopped", RISING + "keep_best: {}", new SmallRuns.StopAfter(6)));
        assertEquals(SmallRuns.results(calm),
                SmallRuns.results(runs().run("stopped", RISING + "keep_best: {}", Progress.SILENT)));
    }

    @Test
    void aRunEndsWhereItsEvaluationsGetNoBetterAndABestThatIsDamagedIsMadeAgain() throws IOException {
        String early = RISING + "keep_best: {}\nearly_stop: {patience: 1}";
        Notes notes = new Notes();
        Path student = runs().run("early", early, notes);
        String last = SmallRuns.metrics(student, "eval_loss").getLast();
        long best = (long) number(last, "best_step");
        assertEquals(best + 1, (long) number(last, "step"));
        assertTrue(last.contains("\"stopped\":\"no better evaluation in 1\""), last);
        assertTrue(notes.lines.contains("training ends behind step %s: 1 evaluations in a row without a better "
                .formatted(best + 1) + "held_out_loss"), notes.lines.toString());
        var results = SmallRuns.results(student);

        Path weights = student.resolve("checkpoints/step_0000000%s/weights.safetensors".formatted(best));
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length / 2] ^= 1;
        Files.write(weights, bytes);
        Notes again = new Notes();
        runs().run("early", early, again);
        assertTrue(again.lines.getFirst().contains("step_0000000%s names step_0000000%s as the best of the run, which "
                .formatted(best + 1, best) + "is damaged, and was put aside as damaged_step_0000000" + (best + 1)),
                again.lines.toString());
        assertEquals(results, SmallRuns.results(student));
    }

    /// The student is its own teacher and hardly moves.
    @Test
    void bothSidesAreMeasuredOnTheSameRows() throws IOException {
        String short1 = "budget: {steps: {n: 1}}\ndtype: float32\n";
        Path teacher = runs().run("teacher", short1, Progress.SILENT);
        String line = SmallRuns.metrics(runs().run("self", short1 + """
                student: {folder: {path: "%s"}}
                teacher: "%s"
                objective: forward_kl
                optimizer: {learning_rate: 1.0e-9}
                evaluate: {source: {word_problems: {count: 4, seed: 2, form: direct}}, both_sides: true}
                """.formatted(teacher, teacher), Progress.SILENT), "eval_loss").getLast();
        assertEquals(number(line, "eval_loss"), number(line, "eval_teacher_loss"), 1e-5);
        assertEquals(0, number(line, "eval_objective_loss"), 1e-5);
    }

    @Test
    void whatCannotBeJudgedByIsRefusedByName() {
        assertEquals("evaluate: held-out rows, by which keep_best and early_stop judge; got nothing; add evaluate: "
                + "{source: ...}, or leave them out",
                assertThrows(ConfigException.class, () -> runs().run("none", "early_stop: {}\n# evaluate:",
                        Progress.SILENT)).getMessage());
        assertEquals("keep_best.by: a measure, or one of evaluate.tasks; got 'held_out_los'; write 'held_out_loss'",
                assertThrows(ConfigException.class,
                        () -> runs().run("other", "keep_best: {by: held_out_los}", Progress.SILENT)).getMessage());
    }

    @Test
    void patienceCountsWhatIsNotBetterByEnough() {
        Optional<EarlyStop> stop = Optional.of(new EarlyStop(2, 0.1));
        Selection first = Selection.NONE.after(1, 1.0, true, stop);
        Selection little = first.after(2, 0.95, true, stop);
        assertEquals(Optional.of(new Selection.Best(2, 0.95)), little.best(), "better, but not by enough to go on");
        assertFalse(little.stopped());
        assertTrue(little.after(3, 0.91, true, stop).stopped());
        assertFalse(little.after(3, 0.89, true, stop).stopped());
        assertEquals(1, Selection.NONE.after(1, Double.NaN, true, stop).without(), "no number is no best");
        assertEquals(Optional.of(new Selection.Best(1, 0.5)),
                Selection.NONE.after(1, 0.5, false, stop).after(2, 0.4, false, stop).best(), "scores: the largest");
    }
}
