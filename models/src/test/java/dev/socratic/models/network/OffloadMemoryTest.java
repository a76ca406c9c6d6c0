package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.text.Quantization;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.engine.OwnProcess;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/// What a model whose layers stay on disk takes of the memory: less than a quarter of its weights.
/// `OffloadedTeacherTest` of the module `cli` runs the command under a limit.
class OffloadMemoryTest {
    @Test
    void aQuarterOfTheWeightsIsEnough(@TempDir Path folder, TestReporter report) throws Exception {
        long weights = TallModel.write(folder, 256, 256, 72, 64);
        long most = OwnProcess.numbers(48, Reading.class, folder.toString()).getFirst();
        report.publishEntry("share", "" + (double) most / weights);
        assertTrue(most < weights / 4, "%s of %s bytes".formatted(most, weights));
        assertTrue(most > weights / 72, "%s of %s bytes: a layer was in memory, or nothing was measured"
                .formatted(most, weights));
    }

    /// Reads four batches through the layers of a folder, and prints the most bytes that took.
    static final class Reading {
        private Reading() {}

        public static void main(String[] args) throws Exception {
            Engines.threads(1);
            List<Padded> batches = Collections.nCopies(4, Padded.of(
                    List.of(new SplittableRandom(1).longs(64, 0, 256).toArray()), Padded.Side.RIGHT, 0));
            try (NDManager manager = Engines.manager()) {
                read(FamilyFixture.ALL.resolve("qwen2"), batches, manager); // what is loaded once
                System.gc();
                System.out.println(OwnProcess.most(() -> read(Path.of(args[0]), batches, manager)));
            }
        }

        private static int read(Path folder, List<Padded> batches, NDManager manager) {
            int[] read = {0};
            try (ForwardPass model = OffloadedPass.open(folder, manager, FloatType.FLOAT32, FloatType.FLOAT32,
                    Quantization.NONE, 1 << 20)) {
                List<Padded> known = batches.stream().map(batch -> new Padded(Arrays.stream(batch.ids())
                        .map(id -> id % model.config().vocab()).toArray(), batch.lengths(), batch.seq(), batch.side()))
                        .toList();
                model.states(known, manager, (batch, states) -> read[0]++);
            }
            if (read[0] != batches.size()) {
                throw new IllegalStateException(read[0] + " of " + batches.size() + " batches were read");
            }
            return read[0];
        }
    }
}
