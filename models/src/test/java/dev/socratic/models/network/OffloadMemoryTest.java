package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.text.Quantization;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FloatType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/// What a model whose layers stay on disk takes of the memory, heap and all: less than a quarter of its weights.
/// `OffloadedTeacherTest` of the module `cli` runs the command under a limit.
class OffloadMemoryTest {
    private static final Path STATUS = Path.of("/proc/self/status");

    /// @return bytes of this process in memory that belong to no file
    private static long anonymous() {
        try {
            return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10).findFirst().orElseThrow();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void aQuarterOfTheWeightsIsEnough(@TempDir Path folder, TestReporter report) throws Exception {
        Assumptions.assumeTrue(Files.isReadable(STATUS), "memory is read from /proc, which only Linux has");
        Engines.threads(1);
        long weights = TallModel.write(folder, 256, 256, 72, 64);
        List<Padded> batches = Collections.nCopies(4, Padded.of(
                List.of(new SplittableRandom(1).longs(64, 0, 256).toArray()), Padded.Side.RIGHT, 0));
        try (NDManager manager = Engines.manager()) {
            read(FamilyFixture.ALL.resolve("qwen2"), batches, manager); // what is loaded once
            System.gc();
            long before = anonymous();
            AtomicLong most = new AtomicLong();
            AtomicBoolean done = new AtomicBoolean();
            Thread watcher = Thread.ofPlatform().start(() -> {
                while (!done.get()) {
                    most.accumulateAndGet(anonymous() - before, Math::max);
                }
            });
            read(folder, batches, manager);
            done.set(true);
            watcher.join();
            report.publishEntry("share", "" + (double) most.get() / weights);
            assertTrue(most.get() < weights / 4, "%s of %s bytes".formatted(most.get(), weights));
        }
    }

    private static void read(Path folder, List<Padded> batches, NDManager manager) {
        int[] read = {0};
        try (ForwardPass model = OffloadedPass.open(folder, manager, FloatType.FLOAT32, FloatType.FLOAT32,
                Quantization.NONE, 1 << 20)) {
            List<Padded> known = batches.stream().map(batch -> new Padded(java.util.Arrays.stream(batch.ids())
                    .map(id -> id % model.config().vocab()).toArray(), batch.lengths(), batch.seq(), batch.side()))
                    .toList();
            model.states(known, manager, (batch, states) -> read[0]++);
        }
        assertEquals(batches.size(), read[0]);
    }
}
