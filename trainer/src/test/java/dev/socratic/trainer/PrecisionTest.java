package dev.socratic.trainer;

import static dev.socratic.trainer.TrainStageTest.results;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FloatType;
import dev.socratic.trainer.config.TrainConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// `precision` of a training, through the whole stage.
class PrecisionTest {
    private static final Compute BFLOAT16 =
            new Compute(Device.cpu(), FloatType.BFLOAT16, FloatType.BFLOAT16, true);

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(value = FloatType.class, names = {"BFLOAT16", "FLOAT16"})
    void aTrainingInHalfPrecisionLearnsLikeOneInFloat32AndGoesOnAsIfUndisturbed(FloatType type) {
        String half = TrainStageTest.SMALL + "precision: " + type.label() + "\n";
        Path plain = run(TrainStageTest.SMALL, "plain", Progress.SILENT, Compute.CPU);
        Path calm = run(half, "calm", Progress.SILENT, Compute.CPU);
        List<Double> losses = losses(calm);
        assertEquals(losses(plain).size(), losses.size());
        for (int i = 0; i < losses.size(); i++) {
            assertEquals(losses(plain).get(i), losses.get(i), 0.02, "step " + i);
        }
        assertNotEquals(losses(plain), losses);
        assertThrows(TrainStageTest.Stopped.class,
                () -> run(half, "stopped", new TrainStageTest.StopAfter(7), Compute.CPU));
        assertEquals(results(calm), results(run(half, "stopped", Progress.SILENT, Compute.CPU)));
        assertEquals(type == FloatType.FLOAT16, read(calm.resolve("README.md")).contains("for the scale of the loss"));
    }

    /// What holds everywhere holds where the config says nothing.
    @Test
    void theConfigSaysOrElseTheCommandLine() {
        String written = TrainStageTest.SMALL + "precision: float32\n";
        Path byCommand = run(TrainStageTest.SMALL, "by_command", Progress.SILENT, BFLOAT16);
        Path byConfig = run(TrainStageTest.SMALL + "precision: bfloat16\n", "by_config", Progress.SILENT, Compute.CPU);
        Path neither = run(TrainStageTest.SMALL, "neither", Progress.SILENT, Compute.CPU);
        Path both = run(written, "both", Progress.SILENT, BFLOAT16);
        assertEquals(losses(byConfig), losses(byCommand));
        assertEquals(losses(neither), losses(both));
        assertNotEquals(losses(neither), losses(byConfig));
    }

    /// Teachers in bfloat16 take half the memory beside a student that learns in float32.
    @Test
    void teachersMayBeOfAnotherTypeThanTheirStudent() {
        Path teacher = run(TrainStageTest.SMALL, "teacher", Progress.SILENT, Compute.CPU);
        String taught = TrainStageTest.SMALL.replace("steps: {n: 12}", "steps: {n: 3}").replaceAll("evaluate: .*", "")
                + "objective: forward_kl\nteacher: \"%s\"\n".formatted(teacher);
        Path plain = run(taught, "taught", Progress.SILENT, Compute.CPU);
        Path half = run(taught + "teacher_precision: bfloat16\n", "half_taught", Progress.SILENT, Compute.CPU);
        assertNotEquals(losses(plain), losses(half));
        for (int i = 0; i < losses(plain).size(); i++) {
            assertEquals(losses(plain).get(i), losses(half).get(i), 0.02, "step " + i);
        }
    }

    /// The scale begins so large that the first steps are skipped; they are told and counted.
    @Test
    void aStepWhoseGradientsAreTooLargeIsSkippedAndTold() {
        String wild = TrainStageTest.SMALL.replace("context: 256}", "context: 256, initializer_range: 4}")
                .replaceAll("evaluate: .*", "") + "precision: float16\n";
        Path student = run(wild, "wild", Progress.SILENT, Compute.CPU);
        List<String> skipped = read(student.resolve("metrics.jsonl")).lines()
                .filter(line -> line.contains("skipped")).toList();
        assertFalse(skipped.isEmpty());
        assertTrue(skipped.getFirst().contains(
                "gradients too large for a loss scaled by 65536; now by 32768"), skipped.getFirst());
        assertTrue(read(student.resolve("README.md")).contains(
                "0 not finite, %s for the scale of the loss".formatted(skipped.size())));
    }

    @Test
    void anEncoderInHalfPrecisionIsRefused() throws IOException {
        Path shape = Files.createDirectories(folder.resolve("shape"));
        Files.writeString(shape.resolve("config.json"), """
                {"model_type": "bert", "vocab_size": 300, "hidden_size": 8, "num_hidden_layers": 1,
                 "num_attention_heads": 2, "intermediate_size": 16, "max_position_embeddings": 256}""");
        String encoder = TrainStageTest.SMALL.replaceAll("student: .*",
                "student: {architecture: {path: \"%s\"}}".formatted(shape)) + "precision: bfloat16\n";
        ConfigException refused = assertThrows(ConfigException.class,
                () -> run(encoder, "encoder", Progress.SILENT, Compute.CPU));
        assertEquals("precision: float32, in which encoders are trained; got 'bfloat16'; leave it out",
                refused.getMessage());
        ConfigException everywhere = assertThrows(ConfigException.class,
                () -> run(encoder.replace("precision: bfloat16", ""), "encoder", Progress.SILENT, BFLOAT16));
        assertEquals("dtype: float32, in which the training of an encoder computes; got 'bfloat16'; write float32",
                everywhere.getMessage());
    }

    private Path run(String yaml, String name, Progress progress, Compute compute) {
        try {
            Path stage = Files.createDirectories(folder.resolve(name));
            TrainStage.run(ConfigReader.read(yaml, "config", TrainConfig.class),
                    new StageContext(stage, progress, Clock.systemUTC(), 1), compute);
            return stage;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Double> losses(Path stage) {
        return read(stage.resolve("metrics.jsonl")).lines().filter(line -> line.contains("\"loss\""))
                .map(line -> Double.parseDouble(line.replaceAll(".*\"loss\":([-0-9.E]+).*", "$1"))).toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
