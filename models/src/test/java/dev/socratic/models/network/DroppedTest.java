package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.checkpoint.LoraConfig;
import dev.socratic.models.checkpoint.LoraTargets;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.Gradients;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Factors that leave out some of what they read.
class DroppedTest {
    private static final ModelConfig SHAPE =
            ModelConfig.llama(50, 16, 2, 2, 1, 32, 64, true, SpecialTokens.none());

    private static Decoder adapted(NDManager manager, boolean rows) {
        Decoder decoder = Decoder.random(SHAPE, 1, manager).adapted(new LoraConfig("", 3, 6, List.of(), false, false,
                Map.of(), Map.of(), rows), new LoraTargets.AllLinear(), 2);
        // b begins with zeros, with which nothing would be seen
        decoder.trainable().forEach((name, array) -> {
            if (name.contains("lora_B")) {
                float[] numbers = new float[(int) array.size()];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = (float) Math.sin(i + name.length());
                }
                array.set(numbers);
            }
        });
        return decoder;
    }

    private static float[] states(Decoder decoder, NDManager manager, Change... changes) {
        NDArray ids = manager.create(new long[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));
        return decoder.forward(ids, Set.of(), List.of(changes), false).states().toFloatArray();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aKeySaysWhatIsLeftOutAndAShareOfNoneLeavesAllAsItWas(boolean rows) {
        try (NDManager manager = Engines.manager(); Decoder decoder = adapted(manager, rows)) {
            float[] whole = states(decoder, manager);
            float[] once = states(decoder, manager, new Change.Dropped(0.5, 7));
            assertArrayEquals(once, states(decoder, manager, new Change.Dropped(0.5, 7)));
            assertFalse(Arrays.equals(once, states(decoder, manager, new Change.Dropped(0.5, 8))));
            assertFalse(Arrays.equals(once, whole));
            assertArrayEquals(whole, states(decoder, manager, new Change.Dropped(0, 7)), 1e-5f);
            assertArrayEquals(whole, states(decoder, manager));
        }
    }

    @Test
    void aLayerThatIsRunAgainReadsWhatItRead() {
        try (NDManager manager = Engines.manager(); Decoder decoder = adapted(manager, false)) {
            assertEquals(gradients(decoder, false), gradients(decoder, true));
        }
    }

    /// @return gradients of all factors, as text
    private static List<String> gradients(Decoder decoder, boolean again) {
        List<String> all = new ArrayList<>();
        decoder.trainable(true);
        try (NDManager scope = Engines.manager()) {
            NDArray ids = scope.create(new long[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));
            Rows rows = new Rows(ids, new int[] {3, 3}, Optional.empty());
            List<Change> changes = List.of(new Change.Dropped(0.4, 11));
            NDArray slope = scope.arange(96f).sin().reshape(2, 3, 16);
            if (again) {
                try (KeptStreams kept = new KeptStreams.OnDevice(new HashMap<>())) {
                    RecomputedPass pass = RecomputedPass.run(decoder, rows, Set.of(), changes, kept);
                    Gradients.backward(pass.signals().states(), slope);
                    pass.backward();
                }
            } else {
                Gradients.backward(decoder.forward(rows, Set.of(), changes, true).states(), slope);
            }
            decoder.trainable().forEach((name, array) -> {
                NDArray gradient = Gradients.gradient(array, scope).orElseThrow();
                all.add(name + Arrays.toString(gradient.toFloatArray()));
                gradient.subi(gradient.duplicate());
            });
        }
        return all;
    }

    /// The mean over keys is what would be read whole; each number is left out with its share, or larger by as much.
    @Test
    void onAverageEverythingIsRead() {
        int keys = 400;
        int numbers = 250;
        double share = 0.3;
        double kept = 1 - Math.round(65536 * share) / 65536.0;
        try (NDManager manager = Engines.manager(); Program program = Program.resources(manager, Decoder.class,
                List.of("/programs/random.ts.py", "/programs/linear.ts.py", "/programs/unpacked.ts.py"))) {
            NDArray x = manager.ones(new Shape(5, 50));
            NDArray none = manager.zeros(new Shape(1, 1));
            double sum = 0;
            int[] times = new int[numbers];
            for (int key = 0; key < keys; key++) {
                NDArray scale = manager.create(new double[] {2, Math.round(65536 * share), key * 7919, 5});
                float[] read = program.run("read_of", Arg.of(x), Arg.of(List.of(none, none, scale)), Arg.of(0))
                        .singletonOrThrow().toFloatArray();
                for (int i = 0; i < numbers; i++) {
                    sum += read[i];
                    times[i] += read[i] == 0 ? 0 : 1;
                    assertEquals(read[i] == 0 ? 0 : 1 / kept, read[i], 1e-6);
                }
            }
            double deviation = Math.sqrt(kept * (1 - kept) / (keys * numbers)) / kept;
            assertEquals(1, sum / (keys * numbers), 4 * deviation);
            for (int count : times) { // of each place, over all keys
                assertEquals(kept, (double) count / keys, 5 * Math.sqrt(kept * (1 - kept) / keys));
            }
        }
    }
}
