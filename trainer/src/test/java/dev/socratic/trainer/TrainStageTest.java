package dev.socratic.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.Usage;
import dev.socratic.models.engine.Compute;
import dev.socratic.trainer.config.TrainConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class TrainStageTest {
    /// Windows of 16 rows and 48 rows in all, so that twelve steps cross windows and passes.
    static final String SMALL = """
            name: small
            student: {random: {hidden: 16, layers: 2, heads: 2, kv_heads: 1, intermediate: 32, context: 256}}
            tokenizer: {train_bpe: {vocab: 300, source: {word_problems: {count: 20}}, rows: 20}}
            data: {word_problems: {count: 48, seed: 1, form: direct}}
            budget: {steps: {n: 12}}
            batch_tokens: 800
            micro_tokens: 512
            max_seq: 256
            shuffle_buffer: 16
            checkpoint_every: 4
            optimizer: {learning_rate: 0.01}
            evaluate: {source: {word_problems: {count: 8, seed: 2, form: direct}}, every: 5}
            """;

    @TempDir
    Path folder;

    @Test
    void aRunStoppedAtAnyStepAndRepeatedEndsAsAnUndisturbedOne() {
        Path calm = run(SMALL, "calm", Progress.SILENT);
        for (int stop : new int[] {2, 7, 11}) {
            assertThrows(Stopped.class, () -> run(SMALL, "stopped_" + stop, new StopAfter(stop)));
            Notes notes = new Notes();
            Path again = run(SMALL, "stopped_" + stop, notes);
            assertEquals(stop < 4, notes.lines.isEmpty(), notes.lines.toString());
            assertEquals(results(calm), results(again), "stopped after step " + stop);
        }
    }

    @Test
    void aPackedRunStoppedAndRepeatedEndsAsAnUndisturbedOne() {
        String packed = SMALL.replace("micro_tokens: 512", "micro_tokens: 512\npacking: bfd");
        Path calm = run(packed, "packed", Progress.SILENT);
        assertThrows(Stopped.class, () -> run(packed, "packed_stopped", new StopAfter(7)));
        assertEquals(results(calm), results(run(packed, "packed_stopped", Progress.SILENT)));
    }

    @Test
    void aFinishedRunRepeatedTrainsNoStepAndLeavesTheSameFiles() {
        Path once = run(SMALL, "once", Progress.SILENT);
        SortedMap<String, String> before = results(once);
        assertEquals(before, results(run(SMALL, "once", new StopAfter(1))));
    }

    @Test
    void theFolderIsAHuggingFaceModelWithLogsAndACard() throws IOException {
        Path student = run(SMALL, "whole", Progress.SILENT);
        for (String name : List.of("config.json", "generation_config.json", "model.safetensors", "tokenizer.json",
                "tokenizer_config.json",
                "README.md", "metrics.jsonl", "timings.jsonl", "tensorboard/events.out.tfevents.socratic",
                "checkpoints/step_00000012/state.json")) {
            assertTrue(Files.isRegularFile(student.resolve(name)), name);
        }
        assertFalse(Files.exists(student.resolve("checkpoints/step_00000004")), "only the newest two are kept");
        String card = Files.readString(student.resolve("README.md"));
        assertTrue(card.contains("| optimiser steps | 12 |"), card);
        assertTrue(card.contains("sha256 "), card);
        assertFalse(card.contains(folder.toString()), card);
    }

    @Test
    void anotherConfigInTheSameFolderBeginsAnewAndKeepsTheOldCheckpoints() throws IOException {
        run(SMALL, "reused", Progress.SILENT);
        Notes notes = new Notes();
        Path again = run(SMALL.replace("learning_rate: 0.01", "learning_rate: 0.02"), "reused", notes);
        Path fresh = run(SMALL.replace("learning_rate: 0.01", "learning_rate: 0.02"), "fresh", Progress.SILENT);
        assertEquals(results(fresh), results(again));
        assertTrue(notes.lines.getFirst().contains("training begins anew"), notes.lines.toString());
        try (Stream<Path> list = Files.list(again)) {
            assertTrue(list.anyMatch(path -> path.getFileName().toString().startsWith("checkpoints_of_")));
        }
    }

    @Test
    void aStudentLearnsATeachersDistribution() {
        Path teacher = run(SMALL, "teacher", Progress.SILENT);
        String distil = SMALL.replaceAll("tokenizer: .*", "tokenizer: {folder: {path: \"%s\"}}".formatted(teacher))
                + "seed: 5\nobjective: word_kd\nteacher: \"%s\"\n".formatted(teacher);
        Path student = folder.resolve("distilled");
        StageReport report = TrainStage.run(config(distil), context(student, Progress.SILENT), Compute.CPU);
        assertEquals(12L, report.notes().get("steps"));
        String metrics = read(student.resolve("metrics.jsonl"));
        double first = teacherTerm(metrics.lines().findFirst().orElseThrow());
        double last = teacherTerm(metrics.lines().filter(line -> line.contains("\"terms\"")).reduce((a, b) -> b)
                .orElseThrow());
        assertTrue(last < 0.7 * first, "KL from the teacher: %s, then %s".formatted(first, last));
    }

    @Test
    void aRunOnTheStudentsOwnTextWithALearnedMapGoesOnFromItsCheckpointAsIfUndisturbed() throws IOException {
        Path teacher = run(SMALL, "writer", Progress.SILENT);
        Path objective = Files.writeString(folder.resolve("mine.yaml"), """
                name: mine
                rollout: {student: {fraction: 0.7, max_new_tokens: 12}}
                terms:
                  - {distance: {kl: {direction: reverse}}}
                  - {tap: hidden, views: [project], layers: last, distance: mse}
                """);
        String distil = SMALL.replaceAll("tokenizer: .*", "tokenizer: {folder: {path: \"%s\"}}".formatted(teacher))
                .replace("hidden: 16", "hidden: 8")
                        + "seed: 5\nobjective: \"%s\"\nteacher: \"%s\"\n".formatted(objective, teacher);
        Path calm = run(distil, "calm_rollout", Progress.SILENT);
        assertThrows(Stopped.class, () -> run(distil, "stopped_rollout", new StopAfter(7)));
        assertEquals(results(calm), results(run(distil, "stopped_rollout", Progress.SILENT)));
    }

    @Test
    void runsThatChangeTheModelsInsideGoOnFromTheirCheckpointsAsIfUndisturbed() {
        Path teacher = run(SMALL, "changed", Progress.SILENT);
        for (String objective : List.of("theseus", "lrc_bert", "diito")) {
            String distil = SMALL.replaceAll("tokenizer: .*", "")
                    .replace("evaluate:",
                            "seed: 5\nobjective: %s\nteacher: \"%s\"\nevaluate:".formatted(objective, teacher))
                    .replaceAll("student: .*",
                            "student: {layers_of: {path: \"%s\", keep: {first: {n: 1}}}}".formatted(teacher));
            Path calm = run(distil, "calm_" + objective, Progress.SILENT);
            assertThrows(Stopped.class, () -> run(distil, "stopped_" + objective, new StopAfter(7)));
            assertEquals(results(calm), results(run(distil, "stopped_" + objective, Progress.SILENT)), objective);
        }
    }

    @Test
    void aStudentLearnsPreferencesFromAFileOfPairsAndGoesOnAsIfUndisturbed() throws IOException {
        Path start = run(SMALL, "start", Progress.SILENT);
        StringBuilder rows = new StringBuilder("{\"prompt\": \"2 + 2?\", \"chosen\": \"4\", \"rejected\": \"4\"}\n");
        for (int i = 0; i < 24; i++) {
            rows.append(
                    ("{\"prompt\": \"%s + 1?\", \"chosen\": \"The answer is %s.\", \"rejected\": \"The answer is "
                            + "%s.\"}\n").formatted(i, i + 1, i + 11));
        }
        Path pairs = Files.writeString(folder.resolve("pairs.jsonl"), rows);
        String dpo = SMALL.replaceAll("student: .*", "student: {folder: {path: \"%s\"}}".formatted(start))
                .replaceAll("tokenizer: .*\n", "")
                .replaceAll("data: .*", "data: {file: {path: \"%s\"}}".formatted(pairs))
                .replaceAll("evaluate: .*", "") + "objective: dpo\n";
        Path calm = run(dpo, "dpo", Progress.SILENT);
        List<String> lines = Files.readAllLines(calm.resolve("metrics.jsonl"));
        assertEquals(Math.log(2), number(lines.getFirst(), "loss"), 1e-5);
        assertTrue(number(lines.getLast(), "loss") < 0.65, lines.getLast());
        assertTrue(number(lines.getLast(), "preference_accuracy") > 0.6, lines.getLast());
        Path measured = run(dpo + "evaluate: {source: {file: {path: \"%s\"}}, every: 5}\n".formatted(pairs),
                "dpo_measured", Progress.SILENT);
        List<String> heldOut = read(measured.resolve("metrics.jsonl")).lines()
                .filter(line -> line.contains("eval_loss")).toList();
        assertEquals(3, heldOut.size());
        assertTrue(number(heldOut.getLast(), "eval_preference_accuracy") > 0.6
                && number(heldOut.getLast(), "eval_preference_margin") > 0, heldOut.getLast());
        assertEquals(results(calm).get("model.safetensors"), results(measured).get("model.safetensors"),
                "to measure changes nothing");
        assertTrue(read(calm.resolve("quarantine.jsonl"))
                .contains("rejected: an answer other than the chosen one; got the same"));
        assertThrows(Stopped.class, () -> run(dpo, "dpo_stopped", new StopAfter(7)));
        assertEquals(results(calm), results(run(dpo, "dpo_stopped", Progress.SILENT)));
        DataException single = assertThrows(DataException.class,
                () -> run(SMALL + "objective: simpo\n", "single", Progress.SILENT));
        assertEquals(
                "data: at least one row to learn from; got 48 rows, all dropped: {no_pair=48}; the objective "
                        + "compares two answers: give rows with prompt, chosen "
                        + "and rejected, or take another objective",
                single.getMessage());
        DataException double_ = assertThrows(DataException.class,
                () -> run(dpo.replace("objective: dpo", "objective: sft"), "double", Progress.SILENT));
        assertTrue(double_.getMessage().endsWith("take one, or map fields: {user: prompt, assistant: chosen}"),
                double_.getMessage());
    }

    @Test
    void aDrivenShareAndKeptAnswersAreInTheCheckpoint() throws IOException {
        Path teacher = run(SMALL, "driver", Progress.SILENT);
        Path objective = Files.writeString(folder.resolve("driven.yaml"), """
                name: mine
                rollout: {student: {fraction: {driven: {from: 0.5, by: 0.1, tolerance: 0}}, max_new_tokens: 8,
                          replay: {capacity: 12, fresh_fraction: 0.3}}}
                terms:
                  - {distance: {kl: {skew: 0.1, curriculum: {steps: 3}}}}
                """);
        String distil = SMALL.replaceAll("tokenizer: .*", "tokenizer: {folder: {path: \"%s\"}}".formatted(teacher))
                .replace("every: 5", "every: 1")
                        + "seed: 5\nobjective: \"%s\"\nteacher: \"%s\"\n".formatted(objective, teacher);
        Path calm = run(distil, "calm_driven", Progress.SILENT);
        assertThrows(Stopped.class, () -> run(distil, "stopped_driven", new StopAfter(7)));
        assertEquals(results(calm), results(run(distil, "stopped_driven", Progress.SILENT)));
        assertTrue(read(calm.resolve("metrics.jsonl")).contains("\"student_share\":0.5"));
        assertTrue(read(calm.resolve("metrics.jsonl")).contains("\"replayed_answers\":12.0"));
        ConfigException refused = assertThrows(ConfigException.class,
                () -> run(distil.replaceAll("evaluate: .*", ""), "blind", Progress.SILENT));
        assertEquals(
                "evaluate: held-out rows, whose loss drives the fraction of objective 'mine'; got nothing; "
                        + "add evaluate: {source: ...}, or give rollout.student.fraction another schedule",
                refused.getMessage());
    }

    /// What was written is part of the checkpoint: here it is read after the first of three updates, and a pass ends
    /// with the third.
    @Test
    void severalUpdatesOnWhatWasWrittenGoOnFromACheckpointAsIfUndisturbed() throws IOException {
        Path teacher = run(SMALL.replace("n: 12", "n: 2"), "adviser", Progress.SILENT);
        Path objective = Files.writeString(folder.resolve("thrice.yaml"), """
                name: thrice
                rollout: {student: {keep_data: true, teacher_mix: 0.2, updates: 3, max_new_tokens: 8}}
                terms:
                  - {on: on_policy, distance: {kl: {direction: reverse,
                            estimate: {sampled: {discount: 1, whiten: true, clip: 0.2}}}}}
                  - {against: labels, distance: kl, weight: 0.5}
                """);
        String distil = SMALL.replaceAll("tokenizer: .*", "tokenizer: {folder: {path: \"%s\"}}".formatted(teacher))
                .replace("steps: {n: 12}", "epochs: {n: 1}")
                .replace("count: 48", "count: 24")
                        .replaceAll("evaluate: .*", "")
                                + "seed: 5\nobjective: \"%s\"\nteacher: \"%s\"\n".formatted(objective, teacher);
        Path calm = run(distil, "calm_thrice", Progress.SILENT);
        assertThrows(Stopped.class, () -> run(distil, "stopped_thrice", new StopAfter(5)));
        assertEquals(results(calm), results(run(distil, "stopped_thrice", Progress.SILENT)));
        List<Double> counted = read(calm.resolve("metrics.jsonl")).lines().filter(line -> line.contains("outside_clip"))
                .map(line -> number(line, "counted")).toList();
        assertTrue(counted.size() > 3 && counted.size() % 3 == 0, counted.toString());
        for (int step = 2; step < counted.size(); step += 3) {
            assertEquals(counted.get(step) - counted.get(step - 1), counted.get(step - 1) - counted.get(step - 2),
                    "the same rows");
        }
    }

    private static double number(String line, String field) {
        return Double.parseDouble(line.replaceAll(".*\"%s\":([-0-9.Ee]+).*".formatted(field), "$1"));
    }

    @Test
    void aStudentLearnsFromSeveralTeachersAndSaysWhereThereIsOne() {
        Path teacher = run(SMALL, "large_teacher", Progress.SILENT);
        Path assistant = run(SMALL.replaceAll("tokenizer: .*", "tokenizer: {folder: {path: \"%s\"}}".formatted(teacher))
                .replace("hidden: 16", "hidden: 8"),
                "small_teacher", Progress.SILENT);
        String distil = SMALL.replaceAll("tokenizer: .*", "tokenizer: {folder: {path: \"%s\"}}".formatted(teacher))
                + "seed: 5\nobjective: uncertainty\nteacher: \"%s\"\n".formatted(teacher);
        ConfigException refused = assertThrows(ConfigException.class, () -> run(distil, "alone", Progress.SILENT));
        assertEquals(
                "more_teachers: folders of further teachers, which objective 'uncertainty' compares with; got none; "
                        + "add more_teachers: [<folder>], from the smallest up, or an objective with one teacher",
                refused.getMessage());
        run(distil + "more_teachers: [\"%s\"]\n".formatted(assistant), "taught_by_two", Progress.SILENT);
        List<Double> losses = read(folder.resolve("taught_by_two/metrics.jsonl")).lines()
                .filter(line -> line.contains("\"loss\""))
                .map(line -> Double.parseDouble(line.replaceAll(".*\"loss\":([-0-9.E]+).*", "$1")))
                .toList();
        assertEquals(12, losses.size());
        assertTrue(losses.getLast() < 0.9 * losses.getFirst(), losses.toString());
        String chosen = distil.replace("objective: uncertainty", "objective: rl_kd")
                + "more_teachers: [\"%s\"]\n".formatted(assistant);
        Path calm = run(chosen, "chosen_by_policy", Progress.SILENT);
        assertThrows(Stopped.class, () -> run(chosen, "stopped_policy", new StopAfter(7)));
        assertEquals(results(calm), results(run(chosen, "stopped_policy", Progress.SILENT)));
        assertFalse(raw(calm.resolve("model.safetensors")).contains("objective.policy"),
                "the policy is no part of the student");
    }

    @Test
    void anInterruptEndsTheRunAfterItsStepAndLosesNothing() {
        Path calm = run(SMALL, "calm", Progress.SILENT);
        Progress interrupting = new StopAfter(6) {
            @Override
            protected void stop() {
                Thread.currentThread().interrupt();
            }
        };
        RetryLaterException stopped = assertThrows(RetryLaterException.class,
                () -> run(SMALL, "interrupted", interrupting));
        assertEquals("training: to reach the end of its budget; got an interrupt after step 6 (6 of 12 "
                + "steps), which is kept; run the same command: it goes on from there, nothing is lost",
                        stopped.getMessage());
        assertTrue(Files.exists(folder.resolve("interrupted/checkpoints/step_00000006")));
        assertEquals(results(calm), results(run(SMALL, "interrupted", Progress.SILENT)));
    }

    @Test
    void progressIsToldInTheBudgetsUnitAlsoInsideAPass() {
        String epochs = SMALL.replace("steps: {n: 12}", "epochs: {n: 2}")
                .replace("shuffle_buffer: 16", "shuffle_buffer: 4096");
        for (String[] told : new String[][] {{epochs, "rows", "96"}, {SMALL, "steps", "12"},
                {SMALL.replace("steps: {n: 12}", "tokens: {n: 5000}"), "tokens", "5000"}}) {
            Heard inputs = new Heard();
            TrainStage.run(config(told[0]), context(folder.resolve("told_" + told[1]), inputs), Compute.CPU);
            assertEquals(told[1], inputs.unit);
            assertEquals(Long.parseLong(told[2]), inputs.total);
            assertEquals(inputs.total, inputs.done.getLast());
            assertTrue(inputs.done.stream().distinct().count() >= 6, "it moves with every step: " + inputs.done);
            assertTrue(inputs.state.matches("loss [0-9.]+  lr [0-9.]+e-[0-9]+  [0-9,]+ tokens/s"), inputs.state);
        }
    }

    /// How far a run says it is.
    private static final class Heard extends Notes {
        private final List<Long> done = new ArrayList<>(List.of(0L));
        private long total;
        private String unit = "";
        private String state = "";

        @Override
        public void total(long items) {
            total = items;
        }

        @Override
        public void done(long items) {
            done.add(done.getLast() + items);
        }

        @Override
        public void unit(String name) {
            unit = name;
        }

        @Override
        public void state(String now) {
            state = now;
        }
    }

    @Test
    void aTeacherThatIsItselfTheStudentIsAtDistanceZero() {
        Path teacher = run(SMALL.replace("name: small", "name: small\ndtype: float32"), "teacher", Progress.SILENT);
        String same = SMALL.replaceAll("student: .*", "student: {folder: {path: \"%s\"}}".formatted(teacher))
                .replaceAll("tokenizer: .*\n", "")
                .replace("steps: {n: 12}", "steps: {n: 1}")
                + "objective: forward_kl\nteacher: \"%s\"\n".formatted(teacher);
        Path student = folder.resolve("same");
        TrainStage.run(config(same), context(student, Progress.SILENT), Compute.CPU);
        String line = read(student.resolve("metrics.jsonl")).lines().findFirst().orElseThrow();
        double loss = Double.parseDouble(line.replaceAll(".*\"loss\":([^,}]*).*", "$1"));
        assertEquals(0, loss, 1e-6);
    }

    @Test
    void aRunThatDivergesSkipsTheStepsAndStopsWithWhatToChange() {
        String wild = SMALL.replace("learning_rate: 0.01", "learning_rate: 1e30, warmup: {steps: {n: 0}}")
                + "max_non_finite_steps: 3\n";
        DataException stopped = assertThrows(DataException.class, () -> run(wild, "wild", Progress.SILENT));
        assertEquals(
                "step 4: a finite loss and gradient; got 3 steps in a row without; lower optimizer.learning_rate, "
                        + "lengthen optimizer.warmup, "
                        + "and look for damaged rows; the last checkpoint is kept",
                stopped.getMessage());
        assertEquals(3,
                read(folder.resolve("wild/metrics.jsonl")).lines().filter(line -> line.contains("\"skipped\""))
                        .count());
    }

    @Test
    void aBudgetOfTwoEpochsReadsEveryTokenTwice() {
        String epochs = SMALL.replaceAll("evaluate: .*", "").replace("steps: {n: 12}", "epochs: {n: %s}")
                .replace("count: 48", "count: 20");
        long once = tokens(epochs.formatted(1), "once");
        assertEquals(2 * once, tokens(epochs.formatted(2), "twice"));
    }

    private long tokens(String yaml, String name) {
        return (long) TrainStage.run(config(yaml), context(folder.resolve(name), Progress.SILENT), Compute.CPU).notes()
                .get("tokens");
    }

    @Test
    void anObjectiveThatNeedsATeacherSaysSoBeforeAnythingIsRead() {
        ConfigException refused = assertThrows(
                ConfigException.class, () -> run(SMALL + "objective: forward_kl\n", "lonely", Progress.SILENT));
        assertEquals(
                "teacher: the folder of a teacher, which objective 'forward_kl' compares with; got nothing; "
                        + "add teacher: <folder>, or take the objective sft",
                refused.getMessage());
    }

    @Test
    void aTokenizerLargerThanTheEmbeddingIsRefused() {
        Path small = run(SMALL, "small", Progress.SILENT);
        String larger = SMALL.replaceAll("student: .*", "student: {folder: {path: \"%s\"}}".formatted(small))
                .replace("vocab: 300", "vocab: 320");
        DataException refused = assertThrows(DataException.class, () -> run(larger, "larger", Progress.SILENT));
        assertTrue(
                refused.getMessage()
                        .startsWith("tokenizer: at most as many tokens as the student's embedding has rows, 300; got "),
                refused.getMessage());
        assertTrue(refused.getMessage().endsWith("use the tokenizer of the student's own folder"),
                refused.getMessage());
    }

    @Test
    void weightsThatCannotBeReadAreNamed() throws IOException {
        Path small = run(SMALL, "small", Progress.SILENT);
        byte[] weights = Files.readAllBytes(small.resolve("model.safetensors"));
        Files.write(small.resolve("model.safetensors"), java.util.Arrays.copyOf(weights, weights.length / 2));
        String broken = SMALL.replaceAll("student: .*", "student: {folder: {path: \"%s\"}}".formatted(small))
                .replaceAll("tokenizer: .*\n", "");
        DataException refused = assertThrows(DataException.class, () -> run(broken, "broken", Progress.SILENT));
        assertTrue(refused.getMessage().contains("model.safetensors"), refused.getMessage());
    }

    private Path run(String yaml, String name, Progress progress) {
        return run(yaml, folder.resolve(name), progress);
    }

    /// @return the folder
    static Path run(String yaml, Path stage, Progress progress) {
        return run(yaml, stage, progress, Compute.CPU);
    }

    static Path run(String yaml, Path stage, Progress progress, Compute compute) {
        TrainStage.run(config(yaml), context(stage, progress), compute);
        return stage;
    }

    private static TrainConfig config(String yaml) {
        return ConfigReader.read(yaml, "config", TrainConfig.class);
    }

    private static StageContext context(Path stage, Progress progress) {
        try {
            return new StageContext(Files.createDirectories(stage), progress, Clock.systemUTC(), 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The files that two runs must agree on, by name, with their content.
    static SortedMap<String, String> results(Path stage) {
        SortedMap<String, String> all = new TreeMap<>();
        try (Stream<Path> list = Files.list(stage)) {
            list.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("timings.jsonl"))
                    .forEach(file ->
                            all.put(file.getFileName().toString(), dev.socratic.core.json.Hashes.ofFile(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertTrue(all.size() >= 7, all.toString());
        return all;
    }

    private static double teacherTerm(String line) {
        return Double.parseDouble(line.replaceAll(".*\"terms\":\\[([^,]*),.*", "$1"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String raw(Path file) {
        try {
            return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends the run the hard way after so many steps.
    public static class StopAfter extends Notes {
        private final int steps;
        private int seen;

        public StopAfter(int steps) {
            this.steps = steps;
        }

        @Override
        public void spent(Usage usage) {
            if (++seen == steps) {
                stop();
            }
        }

        protected void stop() {
            throw new Stopped();
        }
    }

    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
