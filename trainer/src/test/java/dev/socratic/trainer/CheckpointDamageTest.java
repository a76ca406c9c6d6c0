package dev.socratic.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.models.engine.Compute;
import dev.socratic.trainer.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A checkpoint that is not as it was written is noticed, and the one before it counts.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CheckpointDamageTest {
    private static final String RUN = TrainStageTest.SMALL;

    @TempDir
    static Path folder;

    private SortedMap<String, String> calm;

    @BeforeAll
    void undisturbed() {
        calm = results(run("calm", Progress.SILENT));
    }

    private static Path run(String name, Progress progress) {
        try {
            Path out = Files.createDirectories(folder.resolve(name));
            TrainStage.run(ConfigReader.read(RUN, "train.yaml", TrainConfig.class),
                    new StageContext(out, progress, Clock.systemUTC(), 1), Compute.CPU);
            return out;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static SortedMap<String, String> results(Path stage) {
        SortedMap<String, String> files = new TreeMap<>(TrainStageTest.results(stage));
        files.keySet().removeIf(name -> name.contains("damaged_"));
        return files;
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length * 2 / 3] ^= 1;
        Files.write(file, bytes);
    }

    /// Stopped after step 10, so that there are checkpoints of steps 4 and 8.
    private static Path stopped(String name) {
        assertThrows(TrainStageTest.Stopped.class, () -> run(name, new TrainStageTest.StopAfter(10)));
        return folder.resolve(name).resolve("checkpoints");
    }

    private void goesOn(String name, String note) {
        Notes notes = new Notes();
        Path again = run(name, notes);
        assertTrue(notes.lines.getFirst().endsWith(note), notes.lines.toString());
        assertEquals(calm, results(again));
    }

    @Test
    void aFlippedBitInTheNewestIsNoticedWhereverItIs() throws IOException {
        for (String file : new String[] {"weights.safetensors", "optimizer.safetensors", "state.json"}) {
            String name = "bit_" + file.substring(0, 3);
            flip(stopped(name).resolve("step_00000008").resolve(file));
            goesOn(name, "step_00000008 is damaged and was put aside as damaged_step_00000008; "
                    + "training goes on from step_00000004");
        }
    }

    @Test
    void aStateThatIsNoJsonOrSaysAnotherStepIsNoticed() throws IOException {
        Path state = stopped("cut").resolve("step_00000008/state.json");
        Files.writeString(state, Files.readString(state).substring(0, 40));
        goesOn("cut", "training goes on from step_00000004");
        Path other = stopped("number").resolve("step_00000008/state.json");
        Files.writeString(other, Files.readString(other).replaceFirst("\"tokens\" : [0-9]+", "\"tokens\" : 1"));
        goesOn("number", "training goes on from step_00000004");
    }

    @Test
    void whereAllAreDamagedTrainingBeginsAnewAndSaysSo() throws IOException {
        Path checkpoints = stopped("all");
        flip(checkpoints.resolve("step_00000008/weights.safetensors"));
        Files.delete(checkpoints.resolve("step_00000004/optimizer.safetensors"));
        Notes notes = new Notes();
        Path again = run("all", notes);
        assertTrue(notes.lines.get(1).endsWith("step_00000004 is damaged and was put aside as damaged_step_00000004; "
                + "there is none before it, training begins anew"), notes.lines.toString());
        assertEquals(calm, results(again));
    }
}
