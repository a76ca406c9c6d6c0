package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.engine.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The process must not grow. Each step makes several megabytes on the native side, so that a step that is not given
/// back shows among what the Java heap does.
class NativeMemoryTest {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final ModelConfig CONFIG = ModelConfig.llama(64, 64, 2, 4, 2, 176, 256, true, SpecialTokens.none());
    private static final int WARM_UP = 30;

    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    @BeforeEach
    void linux() {
        Assumptions.assumeTrue(Files.isReadable(STATUS), "resident memory is read from /proc, which only Linux has");
    }

    /// @return megabytes of this process that are in memory
    private static long resident() throws IOException {
        System.gc(); // what Java lets go of is not our question
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    private static long growth(int steps, Runnable step) throws IOException {
        for (int i = 0; i < WARM_UP; i++) {
            step.run();
        }
        long before = resident();
        for (int i = 0; i < steps; i++) {
            step.run();
        }
        return resident() - before;
    }

    private static void train(Decoder decoder, NDManager manager) {
        try (NDManager step = manager.newSubManager();
                GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            Set<Tap> taps = Set.of(new Tap.Hidden(0), new Tap.Probabilities(1));
            Signals signals = decoder.forward(step.zeros(new Shape(8, 64), DataType.INT64), taps, true);
            collector.backward(signals.states().square().sum());
        }
    }

    private static void generate(Decoder decoder) {
        try (Decoding decoding = Decoding.start(decoder,
                List.of(new long[100], new long[80], new long[60], new long[120]))) {
            Draws draws = new Draws(Sampling.GREEDY, new double[4][8]);
            decoding.advance(draws, new long[] {-1});
            decoding.keep(new int[] {0, 2});
            decoding.advance(new Draws(Sampling.GREEDY, new double[2][60]),
                    new long[] {-1});
        }
    }

    @Test
    void trainingStepsGiveBackWhatTheyTake() throws IOException {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(CONFIG, 1, manager)) {
            decoder.trainable(true);
            long grown = growth(120, () -> train(decoder, manager));
            assertTrue(grown < 100, "grew by " + grown + " MB in 120 steps of some 5 MB each");
        }
    }

    @Test
    void generationGivesBackItsCaches() throws IOException {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(CONFIG, 1, manager)) {
            long grown = growth(60, () -> generate(decoder));
            assertTrue(grown < 60, "grew by " + grown + " MB in 60 batches of some 3 MB each");
        }
    }

    @Test
    @Tag("slow")
    void aThousandTrainingStepsAndBatchesLeaveTheProcessAsItWas() throws IOException {
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(CONFIG, 1, manager)) {
            decoder.trainable(true);
            long trained = growth(1000, () -> train(decoder, manager));
            long generated = growth(1000, () -> generate(decoder));
            assertTrue(trained < 120 && generated < 120, "grew by %s and %s MB".formatted(trained, generated));
        }
    }
}
