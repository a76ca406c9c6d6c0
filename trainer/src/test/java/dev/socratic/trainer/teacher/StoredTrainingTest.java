package dev.socratic.trainer.teacher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.run.Progress;
import dev.socratic.core.text.Usage;
import dev.socratic.models.engine.Compute;
import dev.socratic.trainer.Notes;
import dev.socratic.trainer.TrainStage;
import dev.socratic.trainer.config.Bos;
import dev.socratic.trainer.config.LossOn;
import dev.socratic.trainer.config.TooLong;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.Encoding;
import dev.socratic.trainer.logits.Encoding.Tail;
import dev.socratic.trainer.logits.Encoding.Width;
import dev.socratic.trainer.logits.LogitStore;
import dev.socratic.trainer.logits.capture.StoreFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The stage `train` with a store in the place of its teacher.
class StoredTrainingTest {
    private static final String SMALL = """
            name: small
            student: {random: {hidden: 16, layers: 1, heads: 2, kv_heads: 1, intermediate: 32, context: 256}}
            tokenizer: {folder: {path: "%s"}}
            data: {word_problems: {count: 12, seed: 3, form: {worked: {instruction: "Think step by step."}}}}
            objective: "%s"
            store: "%s"
            budget: {steps: {n: 4}}
            batch_tokens: 700
            micro_tokens: 400
            max_seq: 200
            shuffle_buffer: 8
            checkpoint_every: 3
            optimizer: {learning_rate: 0.02}
            """;

    @TempDir
    static Path folder;

    private static Path teacher;

    @BeforeAll
    static void teacher() throws IOException {
        teacher = StoreFixture.teacher(folder.resolve("teacher"), 1);
    }

    private static Path store(String name, Encoding encoding, double temperature) throws IOException {
        return StoreFixture.capture(teacher, folder.resolve(name), StoreFixture.rows(12),
                StoreFixture.config(encoding, temperature, 1));
    }

    /// @return an objective file
    private static Path objective(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name + ".yaml"), "name: " + name + "\n" + content);
    }

    private static Path kl(double tau) throws IOException {
        return objective("kl_" + tau, "terms: [{views: [{temperature: {tau: %s}}], distance: kl}]".formatted(tau));
    }

    private static Path run(String yaml, String name, Progress progress) throws IOException {
        Path stage = folder.resolve(name);
        TrainStage.run(ConfigReader.read(yaml, "config", TrainConfig.class), StoreFixture.context(stage, progress),
                Compute.CPU);
        return stage;
    }

    private static List<Double> losses(Path stage) throws IOException {
        return Files.readAllLines(stage.resolve("metrics.jsonl")).stream()
                .filter(line -> line.contains("\"loss\""))
                .map(line -> Double.parseDouble(line.replaceAll(".*\"loss\":([-0-9.E]+).*", "$1")))
                .toList();
    }

    private static SortedMap<String, String> results(Path stage) throws IOException {
        SortedMap<String, String> all = new TreeMap<>();
        try (Stream<Path> list = Files.list(stage)) {
            list.filter(Files::isRegularFile).filter(file -> !file.endsWith("timings.jsonl"))
                    .forEach(file -> all.put(file.getFileName().toString(), Hashes.ofFile(file)));
        }
        assertTrue(all.size() >= 7, all.toString());
        return all;
    }

    @Test
    void aShortTrainingFromAStoreLowersItsLossWhateverTheEncoding() throws IOException {
        for (Encoding encoding : List.of(new Encoding.Sampled(50), new Encoding.TopK(12, Tail.RENORMALISE),
                new Encoding.Dense(Width.HALF))) {
            String name = encoding.getClass().getSimpleName();
            Path store = store("store-" + name, encoding, 2);
            Notes notes = new Notes();
            List<Double> losses =
                    losses(run(SMALL.formatted(teacher, kl(2), store).replace("n: 4", "n: 8"), "learns-" + name,
                            notes));
            assertEquals(
                    encoding instanceof Encoding.TopK
                            ? List.of("the store's top_k with renormalise makes the target surer than the teacher; "
                                    + "below k = 50 it was found worse than no teacher")
                            : List.of(),
                    notes.lines);
            assertEquals(8, losses.size());
            assertTrue(losses.getLast() < 0.985 * losses.getFirst(), name + " " + losses);
        }
    }

    @Test
    void aDenseStoreTrainsTheStudentOfTheLiveTeacher() throws IOException {
        Path store = store("dense", new Encoding.Dense(Width.FLOAT), 1);
        List<Double> stored = losses(run(SMALL.formatted(teacher, kl(2), store), "from-store", Progress.SILENT));
        String live = SMALL.formatted(teacher, kl(2), store)
                .replaceAll("store: .*", "teacher: \"%s\"".formatted(teacher));
        List<Double> asked = losses(run(live, "from-teacher", Progress.SILENT));
        for (int i = 0; i < asked.size(); i++) {
            assertEquals(asked.get(i), stored.get(i), 1e-3 * asked.get(i), "step " + i);
        }
    }

    @Test
    void aRunStoppedAndRepeatedEndsAsAnUndisturbedOne() throws IOException {
        String yaml = SMALL.formatted(teacher, kl(1), store("again", new Encoding.Sampled(50), 1))
                .replace("n: 4", "n: 6");
        Path calm = run(yaml, "calm", Progress.SILENT);
        assertThrows(IllegalStateException.class, () -> run(yaml, "stopped", new StopAfter(4)));
        assertEquals(results(calm), results(run(yaml, "stopped", Progress.SILENT)));
    }

    @Test
    void aStoreCapturedAnewBeginsTheTrainingAnew() throws IOException {
        Path store = folder.resolve("exchanged");
        StoreFixture.capture(teacher, store, StoreFixture.rows(12),
                StoreFixture.config(new Encoding.Sampled(50), 1, 1));
        String yaml = SMALL.formatted(teacher, kl(1), store);
        run(yaml, "exchanging", Progress.SILENT);
        try (Stream<Path> files = Files.list(store)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        StoreFixture.capture(teacher, store, StoreFixture.rows(12),
                StoreFixture.config(new Encoding.Sampled(50), 1, 2));
        Notes notes = new Notes();
        run(yaml, "exchanging", notes);
        assertTrue(notes.lines.getFirst().contains("training begins anew"), notes.lines.toString());
    }

    @Test
    void everythingAStoreCannotGiveIsSaidAtOnceBeforeTheFirstStep() throws IOException {
        Path mixed = objective("mixed", """
                rollout: {student: {fraction: 0.5}}
                terms:
                  - {tap: hidden, views: [project], layers: last, distance: mse}
                  - {distance: {kl: {direction: reverse}}}
                  - {views: [{top_k: {k: 4}}], distance: kl}
                  - {views: [{temperature: {tau: 3}}], distance: kl}
                  - {against: {blend: {teacher_weight: 0.5}}, distance: kl}
                  - {against: teachers, distance: kl}
                  - {views: [{temperature: {tau: 2}}], distance: kl, tokens: teacher_entropy}
                  - {views: [{temperature: {tau: 2}}], distance: kl}
                  - {against: labels, distance: kl}
                """);
        Path store = store("part", new Encoding.Sampled(50), 2);
        ConfigException refused = assertThrows(ConfigException.class,
                () -> run(SMALL.formatted(teacher, mixed, store), "mixed", Progress.SILENT));
        String dense = "capture with --encoding dense, or name the teacher's folder instead of a store";
        assertEquals(
                List.of(
                        "more_stores: stores of further teachers, which objective 'mixed' compares with; got none; "
                                + "add more_stores: [<folder>], one for each teacher "
                                + "from the smallest up, or name the teachers' folders instead of a store",
                        "objective 'mixed'.rollout: the rows of the data, which are all a store has; got student; "
                                + "write rollout: data, or name the teacher's folder instead of a store",
                        "objective 'mixed'.terms[0]: a term over logits, all that stored ones can give; got 'hidden "
                                + "[project {\"name\":\"\",\"width\":0}] at last -> mse "
                                + "{\"reduce\":\"mean\"} against teacher'; name the teacher's folder instead of a "
                                + "store, or remove the term",
                        "objective 'mixed'.terms[1].distance: forward kl without skew, all that a store of "
                                + "'sampled' can give; got kl {\"direction\":\"reverse\",\"skew\":0.0,"
                                + "\"fixed_mixture\":false,\"estimate\":\"dense\"}; " + dense,
                        "objective 'mixed'.terms[1].views: a temperature of 2, the one the store was captured at; "
                                + "got 1; "
                                + "write views: [{temperature: {tau: 2}}], or capture with --set temperature=1",
                        "objective 'mixed'.terms[2].views: no view but temperature, for a store of 'sampled' has no "
                                + "whole distribution to look at; got top_k; " + dense,
                        "objective 'mixed'.terms[3].views: a temperature of 2, the one the store was captured at; "
                                + "got 3; "
                                + "write views: [{temperature: {tau: 2}}], or capture with --set temperature=3",
                        "objective 'mixed'.terms[4].against: teacher, the only side a store of 'sampled' can give; "
                                + "got blend; " + dense,
                        "objective 'mixed'.terms[5].views: a temperature of 2, the one the store was captured at; "
                                + "got 1; "
                                + "write views: [{temperature: {tau: 2}}], or capture with --set temperature=1",
                        "objective 'mixed'.terms[6].tokens: weights that need no whole distribution, of which a "
                                + "store of 'sampled' has a part; got teacher_entropy; " + dense),
                refused.getMessage().lines().toList());
        assertFalse(Files.exists(folder.resolve("mixed/metrics.jsonl")));
    }

    @Test
    void aChangeThatBringsInTheTeachersLayersIsRefused() throws IOException {
        Path module = objective("module", "edit: replace\nterms: [{against: labels, distance: kl}]");
        Path store = store("layers", new Encoding.Dense(Width.HALF), 1);
        assertEquals(
                "objective 'module'.edit: nothing that runs the teacher's layers, for stored logits; got 'replace'; "
                        + "name the teacher's folder instead of a store",
                assertThrows(ConfigException.class,
                        () -> run(SMALL.formatted(teacher, module, store), "module-run", Progress.SILENT))
                                .getMessage());
    }

    @Test
    void theRemediesMend() throws IOException {
        Path mended = objective("mended", """
                terms:
                  - {distance: {kl: {direction: reverse}}}
                  - {views: [{top_k: {k: 4}}], distance: kl}
                  - {views: [{temperature: {tau: 3}}], distance: kl}
                  - {against: {blend: {teacher_weight: 0.5}}, distance: kl}
                  - {distance: kl, tokens: teacher_entropy}
                """);
        Path store = store("mending", new Encoding.Dense(Width.HALF), 2);
        assertEquals(4, losses(run(SMALL.formatted(teacher, mended, store), "mended", Progress.SILENT)).size());
    }

    @Test
    void aDistanceThatReadsTheLevelOfTheLogitsIsRefused() throws IOException {
        Path level = objective("level",
                "terms: [{distance: mse}, {views: [as_vectors], distance: cosine}, {views: [standardise], distance: "
                        + "mse}, {views: [softmax], distance: l1}]");
        Path store = store("level", new Encoding.Dense(Width.FLOAT), 1);
        ConfigException refused = assertThrows(ConfigException.class,
                () -> run(SMALL.formatted(teacher, level, store), "level-run", Progress.SILENT));
        String rest = "put 'standardise' or 'softmax' among the views, or name the teacher's folder instead of a store";
        assertEquals(
                List.of(
                        "objective 'level'.terms[0].distance: a distance that a constant added to the logits does "
                                + "not change, for stored probabilities have lost it; got mse; " + rest,
                        "objective 'level'.terms[1].distance: a distance that a constant added to the logits does "
                                + "not change, for stored probabilities have lost it; got cosine; " + rest),
                refused.getMessage().lines().toList());
    }

    @Test
    void aStoreOfAnotherTeacherTokenizerOrTemplateIsRefusedWithWhatIsAmiss() throws IOException {
        Path store = store("own", new Encoding.Sampled(50), 1);
        Path other = StoreFixture.teacher(folder.resolve("other"), 2);
        Files.writeString(other.resolve("tokenizer.json"), Files.readString(other.resolve("tokenizer.json")) + " ");
        Files.writeString(other.resolve("chat_template.jinja"), "{{ messages }}");
        String yaml = SMALL.formatted(other, kl(1), store) + "teacher: \"%s\"\n".formatted(other);
        List<String> lines = assertThrows(ConfigException.class, () -> run(yaml, "other-run", Progress.SILENT))
                .getMessage().lines().toList();
        String mine =
                "capture a new store with it, or give the student the teacher's: tokenizer: {folder: {path: "
                        + "<teacher>}}";
        assertEquals(3, lines.size(), lines.toString());
        assertTrue(lines.get(0).startsWith(store + ": tokenizer: the one the store was made with, ")
                && lines.get(0).endsWith(mine), lines.get(0));
        assertTrue(lines.get(1).startsWith(store + ": template: the one the store was made with, ")
                && lines.get(1).endsWith(mine), lines.get(1));
        assertTrue(lines.get(2).startsWith(store + ": teacher: the one the store was made with, ")
                && lines.get(2)
                        .endsWith("name that teacher or none, or capture a new store into another folder"),
                                lines.get(2));
    }

    @Test
    void rowsTheStoreLacksAreNamedBeforeTheFirstStep() throws IOException {
        Path store = store("short", new Encoding.Sampled(50), 1);
        String more = SMALL.formatted(teacher, kl(1), store).replace("count: 12", "count: 14");
        String message = assertThrows(DataException.class, () -> run(more, "more", Progress.SILENT)).getMessage();
        assertTrue(message.matches(
                ("data: rows that the store \\Q%s\\E was captured from; got \\d+ of 14 that it lacks, the first row "
                        + "#\\d+ of \\d+ tokens, of which \\d+ are in the loss; ").formatted(store)
                + "capture from this data with --set max_seq=200 --set too_long=drop --set loss_on=assistant \\(the "
                + "store has 200, drop and assistant\\)"), message);
        assertFalse(Files.exists(folder.resolve("more/metrics.jsonl")));
        String all = SMALL.formatted(teacher, kl(1), store) + "loss_on: all\n";
        String other = assertThrows(DataException.class, () -> run(all, "all", Progress.SILENT)).getMessage();
        assertTrue(other.contains("got 12 of 12 that it lacks, the first row #0 of "), other);
    }

    @Test
    void aStoreThatIsNotWholeAndAFolderThatIsNoneAreRefused() throws IOException {
        Path store = store("torn", new Encoding.Sampled(50), 1);
        Files.delete(store.resolve("index.bin"));
        SocraticException torn = assertThrows(DataException.class,
                () -> run(SMALL.formatted(teacher, kl(1), store), "torn-run", Progress.SILENT));
        assertEquals(
                store + ": a store that is whole; got one without index.bin; run the same socratic logits command "
                        + "again: it goes on where it stopped", torn.getMessage());
        SocraticException none = assertThrows(DataException.class,
                () -> run(SMALL.formatted(teacher, kl(1), teacher), "none-run", Progress.SILENT));
        assertEquals(teacher + ": a store of teacher distributions; got a folder without header.json; "
                + "make one with: socratic logits --teacher MODEL --data FILE --out " + teacher, none.getMessage());
    }

    @Test
    void dataWithNothingToLearnIsSaidByTheDataAndNotByTheStore() throws IOException {
        CaptureConfig cut = new CaptureConfig(new Encoding.Sampled(50), 1, 1, Optional.of(2), TooLong.TRUNCATE,
                Bos.TOKENIZER, LossOn.ASSISTANT, 512, 4); // no answer begins so soon
        Path store = StoreFixture.capture(teacher, folder.resolve("masked"), StoreFixture.rows(3), cut);
        assertEquals(0, LogitStore.open(store).size());
        String yaml = SMALL.formatted(teacher, kl(1), store).replace("count: 12", "count: 3")
                .replace("max_seq: 200", "max_seq: 2") + "too_long: truncate\n";
        DataException refused = assertThrows(DataException.class, () -> run(yaml, "masked-run", Progress.SILENT));
        assertEquals("data: at least one row to learn from; got 3 rows, all dropped: {cut_before_the_answer=3}; "
                + "raise max_seq: the prompts alone are as long, and 'too_long: truncate' cuts behind them",
                        refused.getMessage());
    }

    @Test
    void anObjectiveWithoutATeacherReadsNoStore() throws IOException {
        String yaml = SMALL.formatted(teacher, "sft", folder.resolve("nowhere"));
        assertEquals(4, losses(run(yaml, "alone", Progress.SILENT)).size());
    }

    @Test
    void aStoreOfARecipeIsNoneOutsideOfOneAndOneIsEnough() throws IOException {
        String named = SMALL.formatted(teacher, kl(1), "x").replaceAll("store: .*", "captured: sampled");
        assertEquals(
                "captured: a recipe that captures this store before; got 'sampled' outside of one; name its folder: "
                        + "store: <folder>",
                assertThrows(ConfigException.class, () -> run(named, "named", Progress.SILENT)).getMessage());
        String both = assertThrows(ConfigException.class, () -> run(named + "store: /x\n", "both", Progress.SILENT))
                .getMessage();
        assertTrue(both.contains("captured: one store; got 'sampled' and store '/x'; write one of the two"), both);
    }

    /// Ends the run the hard way after so many steps.
    private static final class StopAfter extends Notes {
        private int left;

        StopAfter(int steps) {
            this.left = steps;
        }

        @Override
        public void spent(Usage usage) {
            if (--left == 0) {
                throw new IllegalStateException("stopped by the test");
            }
        }
    }
}
