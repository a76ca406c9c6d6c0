package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.cli.recipe.Models;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.models.engine.Compute;
import dev.socratic.trainer.TrainStage;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.Encoding;
import dev.socratic.trainer.logits.Encoding.Tail;
import dev.socratic.trainer.logits.Encoding.Width;
import dev.socratic.trainer.logits.LogitStore;
import dev.socratic.trainer.logits.StoredDistribution;
import dev.socratic.trainer.logits.capture.LogitCapture;
import dev.socratic.trainer.logits.capture.TeacherSource;
import dev.socratic.trainer.run.card.Lineage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A teacher that is served gives the store that the same teacher gives here.
class ServedStoreTest {
    /// A rounded logarithm in half precision: one part in a thousand of a probability of at most 1, for each of two.
    private static final float HALF = 5e-3f;
    private static final float SINGLE = 1e-6f;

    @TempDir
    static Path folder;

    private static Path teacher;
    private static ServedFixture.Server server;

    @BeforeAll
    static void serve() throws IOException {
        teacher = ServedFixture.teacher(folder.resolve("teacher"));
        server = ServedFixture.Server.over(teacher);
    }

    @AfterAll
    static void close() {
        server.close();
    }

    /// Over the wire and without it: the same numbers to the last bit, on any machine. Here and there: other shapes
    /// are multiplied, so what rounds elsewhere on a machine is float32 rounding and no more.
    private static void oneNumber(String name, CaptureConfig config, float rounding) throws Exception {
        Path served = ServedFixture.served(server.address(), teacher, folder.resolve(name + "-served"), config);
        Path asked = folder.resolve(name + "-asked");
        LogitCapture.run(new TeacherSource.Served(server.model(), teacher), ServedFixture.rows(), config,
                ServedFixture.context(asked), Compute.CPU);
        List<String> blocks = blocks(asked);
        assertEquals(4, blocks.size());
        assertEquals(blocks, blocks(served));
        for (String block : blocks) {
            assertArrayEquals(Files.readAllBytes(asked.resolve(block)), Files.readAllBytes(served.resolve(block)),
                    name + " " + block);
        }
        if (config.encoding() instanceof Encoding.Sampled) {
            return; // a draw at the edge between two tokens may fall on the other
        }
        LogitStore here = LogitStore.open(ServedFixture.local(teacher, folder.resolve(name + "-local"), config));
        LogitStore there = LogitStore.open(served);
        assertEquals(here.ids(), there.ids());
        for (int i = 0; i < here.size(); i++) {
            assertArrayEquals(here.sample(i).positions(), there.sample(i).positions());
            for (int position : here.sample(i).positions()) {
                StoredDistribution mine = here.sample(i).at(position, 0);
                assertArrayEquals(mine.mass(), there.sample(i).at(position, 0).mass(), rounding,
                        "%s sample %s position %s".formatted(name, i, position));
                assertEquals(mine.tailMass(), there.sample(i).at(position, 0).tailMass(), rounding);
            }
        }
    }

    private static List<String> blocks(Path store) throws IOException {
        try (Stream<Path> files = Files.list(store)) {
            return files.map(file -> file.getFileName().toString()).filter(file -> file.startsWith("block-")).sorted()
                    .toList();
        }
    }

    @Test
    void theLikeliestAreTheSame() throws Exception {
        oneNumber("bucket", ServedFixture.config(new Encoding.TopK(12, Tail.BUCKET), 1), HALF);
        oneNumber("residual", ServedFixture.config(new Encoding.TopK(12, Tail.RESIDUAL), 1), HALF);
    }

    @Test
    void aTrainingFromTheServedStoreIsTheOneFromTheLiveTeacher() throws Exception {
        CaptureConfig config = ServedFixture.config(new Encoding.Dense(Width.FLOAT), 1);
        Path local = ServedFixture.local(teacher, folder.resolve("train-local"), config);
        Path served = ServedFixture.served(server.address(), teacher, folder.resolve("train-served"), config);
        List<String> fromServed = train("served", "store: \"%s\"".formatted(served));
        List<String> stored = train("stored", "store: \"%s\"".formatted(local));
        List<String> live = train("live", "teacher: \"%s\"".formatted(teacher));
        assertEquals(4, live.size());
        for (int i = 0; i < live.size(); i++) {
            double expected = Double.parseDouble(live.get(i));
            assertEquals(expected, Double.parseDouble(fromServed.get(i)), 1e-5 * expected, "step " + i);
            assertEquals(expected, Double.parseDouble(stored.get(i)), 1e-5 * expected, "step " + i);
        }
    }

    /// Over HTTP, step by step, without a store.
    @Test
    void aTrainingThatAsksTheServerAtEveryStepIsTheOneFromTheLiveTeacher() throws Exception {
        Path plain = Files.writeString(folder.resolve("plain.yaml"), "name: plain\nterms: [{distance: kl}]\n");
        List<String> live = train("live-beside", plain.toString(), "teacher: \"%s\"".formatted(teacher));
        List<String> asked = train("asked", plain.toString(), "served_teacher: {base_url: \"%s\", model: \"%s\", top_k: 2000}".formatted(
                server.address(), teacher.getFileName()));
        assertEquals(4, asked.size());
        for (int i = 0; i < live.size(); i++) {
            double expected = Double.parseDouble(live.get(i));
            assertEquals(expected, Double.parseDouble(asked.get(i)), 1e-4 * expected, "step " + i);
        }
        assertTrue(Files.readString(folder.resolve("run-asked/teacher_use.json")).contains("\"requests\""));
    }

    /// @return the loss of each step as it is written
    private static List<String> train(String name, String teacher) throws Exception {
        return train(name, "word_kd", teacher);
    }

    private static List<String> train(String name, String objective, String teacher) throws Exception {
        String yaml = """
                name: small
                student: {random: {hidden: 16, layers: 1, heads: 2, kv_heads: 1, intermediate: 32, context: 256}}
                tokenizer: {folder: {path: "%s"}}
                data: {word_problems: {count: 14, seed: 3, form: {worked: {instruction: "Think step by step."}}}}
                objective: "%s"
                %s
                budget: {steps: {n: 4}}
                batch_tokens: 700
                micro_tokens: 400
                max_seq: 200
                optimizer: {learning_rate: 0.02}
                """.formatted(ServedStoreTest.teacher, objective, teacher);
        Path stage = folder.resolve("run-" + name);
        TrainStage.run(ConfigReader.read(yaml, "config", TrainConfig.class), ServedFixture.context(stage),
                Lineage.NONE, Compute.CPU, asked -> Models.distributions(asked, Map.of(), 1));
        return Files.readAllLines(stage.resolve("metrics.jsonl")).stream()
                .filter(line -> line.contains("\"loss\""))
                .map(line -> line.replaceAll(".*\"loss\":([-0-9.E]+).*", "$1"))
                .toList();
    }

    @Test
    void aWholeVocabularyIsTheSameAndIsDrawnFromHere() throws Exception {
        oneNumber("dense", ServedFixture.config(new Encoding.Dense(Width.FLOAT), 1), SINGLE);
        oneNumber("sampled", ServedFixture.config(new Encoding.Sampled(50), 1), SINGLE);
    }
}
