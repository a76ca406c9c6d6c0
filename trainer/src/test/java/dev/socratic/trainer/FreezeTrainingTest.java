package dev.socratic.trainer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.models.checkpoint.Safetensors;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.trainer.config.TrainConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Trainings of which `freeze` keeps some weights as they are.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FreezeTrainingTest {
    private static final String REST = """
            data: {word_problems: {count: 24, seed: 1, form: direct}}
            budget: {steps: {n: 4}}
            batch_tokens: 400
            micro_tokens: 256
            max_seq: 200
            shuffle_buffer: 16
            checkpoint_every: 2
            optimizer: {learning_rate: 0.02}
            dtype: float32
            """;

    @TempDir
    static Path folder;

    private Path base;

    @BeforeAll
    void aBase() {
        base = folder.resolve("base");
        run("""
                name: base
                student: {random: {hidden: 16, layers: 2, heads: 2, kv_heads: 1, width: 32, context: 200,
                    tied_head: false}}
                tokenizer: {train_bpe: {vocab: 300, source: {word_problems: {count: 20}}, rows: 20}}
                """ + REST, base, Progress.SILENT);
    }

    private String frozen(String patterns) {
        return "name: cold\nstudent: {folder: {path: \"%s\"}}\nfreeze: %s\n".formatted(base, patterns) + REST;
    }

    private static StageReport run(String yaml, Path stage, Progress progress) {
        try {
            StageContext context = new StageContext(Files.createDirectories(stage), progress, Clock.systemUTC(), 1);
            return TrainStage.run(ConfigReader.read(yaml, "config", TrainConfig.class), context, Compute.CPU);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// @return names of the weights that are not what they were
    private Set<String> changed(Path stage) {
        Set<String> changed = new TreeSet<>();
        try (NDManager manager = Engines.manager();
                Safetensors before = Safetensors.open(base.resolve("model.safetensors"));
                Safetensors after = Safetensors.open(stage.resolve("model.safetensors"))) {
            before.tensors().keySet().stream().filter(name -> !Arrays.equals(
                    before.read(name, manager).toFloatArray(), after.read(name, manager).toFloatArray()))
                    .forEach(changed::add);
        }
        return changed;
    }

    @Test
    void whatAPatternIsFoundInStaysAsItIsAndHasNoStateAndARunGoesOn() throws IOException {
        String yaml = frozen("[embed_tokens, 'layers\\.0\\.', norm]");
        Path calm = folder.resolve("calm");
        StageReport report = run(yaml, calm, Progress.SILENT);
        Set<String> changed = changed(calm);
        assertTrue(changed.contains("lm_head.weight") && changed.contains("model.layers.1.mlp.up_proj.weight"));
        assertFalse(changed.stream().anyMatch(name -> name.matches(".*(embed_tokens|layers\\.0\\.|norm).*")));
        try (Safetensors weights = Safetensors.open(calm.resolve("checkpoints/step_00000004/weights.safetensors"))) {
            assertEquals(changed, new TreeSet<>(weights.tensors().keySet()));
        }
        // of layer 1: q and o 16 to 16, k and v 16 to 8, three of 16 to 32; and the head
        long learned = 2 * 256 + 2 * 128 + 3 * 512 + 300 * 16;
        assertEquals(learned, report.notes().get("trainable_parameters"));
        assertTrue(Files.readString(calm.resolve("README.md")).contains(
                "| frozen | 13 weights (embed_tokens, layers\\.0\\., norm): "));
        Path stage = folder.resolve("stopped");
        assertThrows(TrainStageTest.Stopped.class, () -> run(yaml, stage, new TrainStageTest.StopAfter(3)));
        run(yaml, stage, Progress.SILENT);
        assertEquals(TrainStageTest.results(calm), TrainStageTest.results(stage));
        Path again = folder.resolve("again");
        run(yaml + "memory: {recompute: layers}\n", again, Progress.SILENT);
        assertArrayEquals(Files.readAllBytes(calm.resolve("model.safetensors")),
                Files.readAllBytes(again.resolve("model.safetensors")));
    }

    @Test
    void theHeadLearnsAlone() {
        Path stage = folder.resolve("head");
        run(frozen("['^model']"), stage, Progress.SILENT);
        assertEquals(Set.of("lm_head.weight"), changed(stage));
    }

    @Test
    void aPatternThatIsFoundNowhereIsRefusedAndSoIsFreezingAll() {
        assertEquals("freeze[1]: a regular expression found in a weight's name; got 'q_prj', found in none; write "
                + "'q_proj'", refused("[norm, q_prj]"));
        assertEquals("freeze: some weights that learn; got patterns that freeze all 21; leave one out", refused("[.]"));
        assertEquals("config:3:9: freeze: regular expressions; got '('; Unclosed group", refused("['(']"));
        assertEquals("freeze: a decoder that is trained whole; got an adapter, under which all weights are frozen; "
                + "leave it out", refused("[norm]\nadapter: {lora: {}}"));
    }

    private String refused(String patterns) {
        return assertThrows(ConfigException.class,
                () -> run(frozen(patterns), folder.resolve("refused"), Progress.SILENT)).problems().getFirst()
                .toString();
    }
}
