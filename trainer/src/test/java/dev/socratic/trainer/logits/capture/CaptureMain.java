package dev.socratic.trainer.logits.capture;

import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.models.engine.Compute;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.Encoding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/// A capture in a process of its own, for the test that kills it: `CaptureMain TEACHER STORE ROWS`.
public final class CaptureMain {
    private CaptureMain() {}

    public static void main(String[] args) throws Exception {
        Path store = Files.createDirectories(Path.of(args[1]));
        CaptureConfig config = StoreFixture.config(new Encoding.Sampled(50));
        LogitCapture.run(Path.of(args[0]), StoreFixture.rows(Integer.parseInt(args[2])), config,
                new StageContext(store, Progress.SILENT, Clock.systemUTC(), 1), Compute.CPU);
    }
}
