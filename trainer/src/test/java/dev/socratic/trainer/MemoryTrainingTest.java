package dev.socratic.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FloatType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Trainings that keep less in memory end with the student that others end with, also where they were stopped.
class MemoryTrainingTest {
    private static final String STEPS = TrainStageTest.SMALL.replace("steps: {n: 12}", "steps: {n: 5}")
            .replace("checkpoint_every: 4", "checkpoint_every: 2");

    @TempDir
    Path folder;

    @Test
    void layersThatRunAgainMakeTheSameStudentWhereverTheirStreamsWait() {
        SortedMap<String, String> usual = results(run("", "usual", Progress.SILENT));
        assertStopsAndEndsAs(usual, "memory: {recompute: layers}\n", "recomputed");
        for (String place : List.of("memory", "disk")) {
            Path student = run("memory: {recompute: layers, activations: %s}\n".formatted(place), place,
                    Progress.SILENT);
            assertEquals(usual, results(student), place);
            assertFalse(Files.exists(student.resolve("streams")), place);
        }
    }

    @Test
    void layersThatChangeOnTheWayBackAndStateOnDiskMakeTheSameStudent() throws IOException {
        String unclipped = "optimizer: {learning_rate: 0.01, max_grad_norm: 0}\n";
        String usual = Hashes.ofFile(run(unclipped, "unclipped", Progress.SILENT).resolve("model.safetensors"));
        String memory = unclipped + "memory: {recompute: layers, activations: disk, step: in_backward, "
                + "optimizer_state: disk}\n";
        assertThrows(TrainStageTest.Stopped.class, () -> run(memory, "early", new TrainStageTest.StopAfter(3)));
        Path student = run(memory, "early", Progress.SILENT);
        assertEquals(usual, Hashes.ofFile(student.resolve("model.safetensors")));
        assertFalse(Files.exists(student.resolve("paged")));
        assertEquals(norm(folder.resolve("unclipped")), norm(student), 1e-5, "the norm of all gradients");
    }

    private static double norm(Path student) throws IOException {
        return Json.read(Files.readAllLines(student.resolve("metrics.jsonl")).getFirst(), JsonNode.class, "metrics")
                .get("gradient_norm").asDouble();
    }

    @Test
    void aTeacherWhoseLayersStayOnDiskTeachesTheSame() {
        Path teacher = run("", "teacher", Progress.SILENT);
        String taught = "objective: pkd\nteacher: \"%s\"\n".formatted(teacher);
        SortedMap<String, String> usual = results(run(taught, "taught", Progress.SILENT));
        assertStopsAndEndsAs(usual, taught + "memory: {teacher: streamed}\n", "streamed");
    }

    /// Two devices that are both the processor: shares, copies and the order of sums are those of two GPUs.
    @Test
    void twoDevicesShareAStepAndGiveTheSameStudentEachTime() throws IOException {
        Compute two = new Compute(Compute.CPU.device(), FloatType.FLOAT32, FloatType.FLOAT32, true,
                List.of(Compute.CPU.device()));
        Path teacher = run("", "teacher", Progress.SILENT);
        String taught = STEPS + "objective: pkd\nteacher: \"%s\"\n".formatted(teacher);
        Path one = TrainStageTest.run(taught, folder.resolve("one"), Progress.SILENT, Compute.CPU);
        Path both = TrainStageTest.run(taught, folder.resolve("both"), Progress.SILENT, two);
        assertThrows(TrainStageTest.Stopped.class, () ->
                TrainStageTest.run(taught, folder.resolve("again"), new TrainStageTest.StopAfter(3), two));
        assertEquals(results(both), results(TrainStageTest.run(taught, folder.resolve("again"), Progress.SILENT, two)));
        assertNotEquals(results(one), results(both), "gradients are added in another order");
        List<JsonNode> alone = metrics(one);
        List<JsonNode> shared = metrics(both);
        assertEquals(alone.size(), shared.size());
        for (int i = 0; i < alone.size(); i++) {
            assertEquals(alone.get(i).path("loss").asDouble(), shared.get(i).path("loss").asDouble(), 1e-4);
            assertEquals(alone.get(i).path("gradient_norm").asDouble(), shared.get(i).path("gradient_norm").asDouble(),
                    1e-3 * alone.get(i).path("gradient_norm").asDouble());
        }
        ConfigException refused = assertThrows(ConfigException.class, () ->
                TrainStageTest.run(taught.replace("pkd", "gkd"), folder.resolve("gkd"), Progress.SILENT, two));
        assertEquals("device: one device, or an objective over the data's rows, with live teachers or none, whose "
                + "micro-batches can be shared out; got 'gkd', which writes; write one device", refused.getMessage());
        ConfigException itself = assertThrows(ConfigException.class, () -> TrainStageTest.run(STEPS
                + "objective: forward_kl\nteacher: {self: {weights: ema}}\n", folder.resolve("self"), Progress.SILENT,
                two));
        assertEquals("device: one device, or an objective over the data's rows, with live teachers or none, whose "
                + "micro-batches can be shared out; got the student as its teacher; write one device",
                itself.getMessage());
    }

    private static List<JsonNode> metrics(Path student) throws IOException {
        return Files.readAllLines(student.resolve("metrics.jsonl")).stream()
                .map(line -> Json.read(line, JsonNode.class, "metrics")).toList();
    }

    @Test
    void whatCannotBeIsRefusedByName() {
        assertEquals("config:13:23: memory.activations: what enters each layer waits elsewhere where that is all that "
                + "is kept; got disk and recompute: none; write recompute: layers too",
                refused("memory: {activations: disk}\n"));
        assertEquals("config:13:16: memory.step: in_backward, layer by layer, where layers go back one by one; got "
                + "recompute: none; write recompute: layers too", refused("memory: {step: in_backward}\n"));
        assertEquals("memory.step: gradients that are not clipped by the norm of all of them, for layers change before "
                + "it is known; got optimizer: {max_grad_norm: 1.0}; write max_grad_norm: 0, or step: after_backward",
                refused("memory: {recompute: layers, step: in_backward}\n"));
        for (String[] each : new String[][] {{"objective: sft", "'sft', which asks none"},
                {"objective: theseus\nteacher: x", "'theseus', in which its layers run in the student"},
                {"objective: forward_kl\nstore: x", "a store in its place"},
                {"objective: minillm\nteacher: x", "'minillm', in which it writes token by token"}}) {
            assertEquals("memory.teacher: a live teacher that only reads what the student reads, where its layers stay "
                    + "on disk; got " + each[1] + "; write teacher: loaded",
                    refused("memory: {teacher: streamed}\n" + each[0] + "\n"));
        }
    }

    private String refused(String memory) {
        return assertThrows(ConfigException.class, () -> run(memory, "refused", Progress.SILENT)).getMessage();
    }

    private void assertStopsAndEndsAs(SortedMap<String, String> usual, String memory, String name) {
        assertThrows(TrainStageTest.Stopped.class, () -> run(memory, name, new TrainStageTest.StopAfter(3)));
        assertEquals(usual, results(run(memory, name, Progress.SILENT)));
    }

    /// The card shows the config, so it differs.
    private static SortedMap<String, String> results(Path student) {
        SortedMap<String, String> all = TrainStageTest.results(student);
        all.remove("README.md");
        return all;
    }

    private Path run(String memory, String name, Progress progress) {
        String base = memory.startsWith("optimizer:") ? STEPS.replaceAll("(?m)^optimizer: .*\n", "") : STEPS;
        return TrainStageTest.run(base + memory, folder.resolve(name), progress);
    }
}
