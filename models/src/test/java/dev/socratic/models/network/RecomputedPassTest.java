package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.Gradients;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A way back that runs the layers again; that it gives the same gradients in every family, [ChangeLaws] holds.
class RecomputedPassTest {
    private static final long[][] IDS = {{3, 1, 4, 1, 5, 9}, {2, 6, 5, 3, 0, 0}};
    private static final int[] LENGTHS = {6, 4};

    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    @Test
    void belowTheLowestLayerThatLearnsNothingIsKeptAndNoLayerRunsAgain() {
        try (NDManager manager = Engines.manager();
                Decoder decoder = Decoder.random(
                        ModelConfig.llama(40, 8, 4, 2, 1, 16, 32, false, SpecialTokens.none()), 3, manager)) {
            decoder.trainable().forEach((weight, array) ->
                    Gradients.wanted(array, weight.contains(".layers.2.") || weight.contains(".layers.3.")));
            try (NDManager step = manager.newSubManager(); KeptStreams kept = KeptStreams.onDevice()) {
                RecomputedPass pass = RecomputedPass.run(decoder,
                        new Rows(step.create(IDS), LENGTHS, Optional.empty()), Set.of(), List.of(), kept);
                assertEquals(Set.of(2, 3), ((KeptStreams.OnDevice) kept).streams().keySet());
                NDArray states = pass.signals().states();
                Gradients.backward(states, states.getManager().ones(states.getShape()));
                pass.backward();
            }
            decoder.trainable().forEach((weight, array) -> assertEquals(
                    weight.contains(".layers.2.") || weight.contains(".layers.3."),
                    Gradients.gradient(array, manager).isPresent(), weight));
        }
    }
}
