package dev.socratic.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.models.engine.Compute;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.plan.memory.ProcessMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a training says of its memory, and the limit it keeps to.
class MemoryLimitTest {
    @TempDir
    Path folder;

    private final List<String> said = new ArrayList<>();

    private StageReport run(String name, String more) throws Exception {
        Path stage = Files.createDirectories(folder.resolve(name));
        String yaml = TrainStageTest.SMALL.replace("steps: {n: 12}", "steps: {n: 2}") + more;
        return TrainStage.run(ConfigReader.read(yaml, "config", TrainConfig.class),
                new StageContext(stage, Progress.telling(said::add), Clock.systemUTC(), 1), Compute.CPU);
    }

    @Test
    void aTrainingSaysWhatItWillTakeAndFindsTheMicroBatchThatFits() throws Exception {
        StageReport report = run("limited", "memory: {limit: %sKB}\n".formatted(
                (ProcessMemory.TYPICAL + 3_500_000) / 1000));
        assertTrue(said.getFirst().matches("memory: micro_tokens 256 instead of 512, so that the training fits into "
                + "[0-9]+KB"), said.toString());
        assertTrue(said.get(1).startsWith("memory: about 0.41 GiB "), said.toString());
        assertTrue(said.getLast().matches("memory: took .* at most, foretold were 0\\.41 GiB"), said.toString());
        assertEquals(ProcessMemory.TYPICAL / (1 << 20), ((Number) report.notes().get("memory_foretold_mb")).longValue(),
                4);
    }

    @Test
    void aLimitThatNothingFitsEndsTheTrainingBeforeAnythingIsLoaded() {
        ConfigException refused = assertThrows(ConfigException.class, () -> run("small", "memory: {limit: 1MB}\n"));
        assertTrue(refused.getMessage().startsWith("memory.limit: room for a micro-batch of one row of 256 tokens; "
                + "got 0.00 GiB, and such a training takes about 0.41 GiB "), refused.getMessage());
        assertTrue(!Files.exists(folder.resolve("small/checkpoints")), "nothing was begun");
    }
}
