package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.OwnProcess;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The process must not grow: each step makes several megabytes on the native side and gives them back.
class NativeMemoryTest {
    @Test
    void stepsAndBatchesGiveBackWhatTheyTake() throws Exception {
        List<Long> grown = OwnProcess.numbers(128, Steps.class, "60", "30");
        assertTrue(grown.getFirst() < 60 << 20, "grew by %s bytes in 60 training steps of some 5 MB".formatted(grown));
        assertTrue(grown.getLast() < 60 << 20, "grew by %s bytes in 30 batches of some 3 MB".formatted(grown));
    }

    @Test
    @Tag("slow")
    void aThousandTrainingStepsAndBatchesLeaveTheProcessAsItWas() throws Exception {
        List<Long> grown = OwnProcess.numbers(128, Steps.class, "1000", "1000");
        assertTrue(grown.getFirst() < 60 << 20 && grown.getLast() < 60 << 20, "grew by %s bytes".formatted(grown));
    }

    /// Trains and generates, as many steps as asked, and prints by how many bytes the process grew in each.
    static final class Steps {
        private static final ModelConfig CONFIG = ModelConfig.llama(64, 64, 2, 4, 2, 176, 256, true,
                SpecialTokens.none());
        private static final int WARM_UP = 30;

        private Steps() {}

        public static void main(String[] args) {
            Engines.threads(1);
            try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(CONFIG, 1, manager)) {
                decoder.trainable(true);
                System.out.println(growth(Integer.parseInt(args[0]), () -> train(decoder, manager)));
            }
            try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(CONFIG, 1, manager)) {
                System.out.println(growth(Integer.parseInt(args[1]), () -> generate(decoder)));
            }
        }

        private static long growth(int steps, Runnable step) {
            for (int i = 0; i < WARM_UP; i++) {
                step.run();
            }
            System.gc(); // what Java lets go of is not our question
            long before = OwnProcess.anonymous();
            for (int i = 0; i < steps; i++) {
                step.run();
            }
            System.gc();
            return OwnProcess.anonymous() - before;
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
    }
}
