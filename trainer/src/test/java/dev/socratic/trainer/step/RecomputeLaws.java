package dev.socratic.trainer.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.ConfigWriter;
import dev.socratic.core.json.Json;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.network.KeptStreams;
import dev.socratic.trainer.objective.Edit;
import dev.socratic.trainer.objective.Every;
import dev.socratic.trainer.objective.Objective;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A step whose layers are run again on the way back is the step that keeps their graph.
class RecomputeLaws {
    static final StepMemory AGAIN = new StepMemory(Optional.of(KeptStreams::onDevice), () -> { });

    @ParameterizedTest
    @EnumSource(FloatType.class)
    void toTheLastBitWhereNoSignalOfALayerIsRead(FloatType type) {
        Objective objective = Objective.named("forward_kl");
        Step whole = step(objective, type, StepMemory.USUAL);
        Step again = step(objective, type, AGAIN);
        assertEquals(whole.loss, again.loss);
        whole.gradients.forEach((weight, gradient) -> assertArrayEquals(gradient, again.gradients.get(weight), weight));
    }

    /// Hidden states, queries to values, attention maps, and hidden states beside a perturbed embedding.
    @ParameterizedTest
    @ValueSource(strings = {"pkd", "mini_lm", "attention_transfer", "lrc_bert"})
    void toRoundingWhereSignalsAreRead(String name) {
        alike(Objective.named(name), name);
    }

    @Test
    void underEveryEdit() {
        for (Edit edit : Every.edit()) {
            alike(edited(edit), edit.toString());
        }
    }

    private static void alike(Objective objective, String what) {
        Step whole = step(objective, FloatType.FLOAT32, StepMemory.USUAL);
        Step again = step(objective, FloatType.FLOAT32, AGAIN);
        assertEquals(whole.loss, again.loss, 1e-6, what);
        double size = whole.gradients.values().stream().mapToDouble(RecomputeLaws::largest).max().orElseThrow();
        assertTrue(size > 0, what);
        whole.gradients.forEach((weight, gradient) ->
                assertArrayEquals(gradient, again.gradients.get(weight), (float) (2e-5 * size), what + " " + weight));
    }

    private static double largest(float[] numbers) {
        double most = 0;
        for (float number : numbers) {
            most = Math.max(most, Math.abs(number));
        }
        return most;
    }

    private static Objective edited(Edit edit) {
        String counterfactual = edit instanceof Edit.Interchange ? ", {distance: kl, pass: counterfactual}" : "";
        return ConfigReader.read("name: x\nedit: %s\nterms: [{distance: kl}%s]".formatted(
                Json.canonical(ConfigWriter.tree(edit, Edit.class)), counterfactual), "x.yaml", Objective.class);
    }

    private record Step(double loss, Map<String, float[]> gradients) {}

    private static Step step(Objective objective, FloatType type, StepMemory memory) {
        try (TinyPair pair = new TinyPair(objective, TinyPair.WIDE, Optional.empty(), type,
                memory); NDManager scope = pair.manager.newSubManager()) {
            double loss = pair.look(pair.dataInParts(), 0.4).loss();
            Map<String, float[]> all = new LinkedHashMap<>();
            pair.gradients(scope).forEach((name, gradient) -> all.put(name, gradient.toFloatArray()));
            return new Step(loss, all);
        }
    }
}
