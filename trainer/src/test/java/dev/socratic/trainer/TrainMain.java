package dev.socratic.trainer;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.models.engine.Compute;
import dev.socratic.trainer.config.TrainConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/// The stage in a process of its own, for tests that kill it and for runs without the command line: `TrainMain CONFIG
/// FOLDER THREADS`.
public final class TrainMain {
    private TrainMain() {}

    public static void main(String[] args) throws Exception {
        Path folder = Files.createDirectories(Path.of(args[1]));
        TrainConfig config = ConfigReader.read(Path.of(args[0]), TrainConfig.class);
        TrainStage.run(config, new StageContext(folder, Progress.SILENT, Clock.systemUTC(), Integer.parseInt(args[2])),
                Compute.CPU);
    }
}
