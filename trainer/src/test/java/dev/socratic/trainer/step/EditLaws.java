package dev.socratic.trainer.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.ConfigWriter;
import dev.socratic.core.json.Json;
import dev.socratic.trainer.objective.Edit;
import dev.socratic.trainer.objective.Every;
import dev.socratic.trainer.objective.Objective;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What holds for every edit an objective can make inside the models.
class EditLaws {
    private static Objective objective(Edit edit) {
        String counterfactual = edit instanceof Edit.Interchange ? ", {distance: kl, pass: counterfactual}" : "";
        String text = Json.canonical(ConfigWriter.tree(edit, Edit.class));
        return ConfigReader.read("name: x\nedit: %s\nterms: [{distance: kl}%s]".formatted(text, counterfactual),
                "x.yaml", Objective.class);
    }

    @Test
    void theSameMomentGivesTheSameLossAndGradientToTheLastBit() {
        assertEquals(4, Every.edit().size());
        for (Edit edit : Every.edit()) {
            try (TinyPair pair = new TinyPair(objective(edit), TinyPair.WIDE)) {
                double once = pair.look(TinyPair.parts(), 0.4).loss();
                Map<String, float[]> first = gradients(pair);
                pair.clear();
                assertEquals(once, pair.look(TinyPair.parts(), 0.4).loss(), edit.toString());
                gradients(pair)
                        .forEach((name, gradient) -> assertArrayEquals(first.get(name), gradient, edit + " " + name));
            }
        }
    }

    @Test
    void theTeacherStaysAsItIsAndTheStudentMovesDownhill() {
        for (Edit edit : Every.edit()) {
            try (TinyPair pair = new TinyPair(objective(edit), TinyPair.WIDE)) {
                Map<String, float[]> before = new LinkedHashMap<>();
                pair.teacher.weights().forEach((name, weight) -> before.put(name, weight.toFloatArray()));
                double first = pair.train(TinyPair.whole(), 0.9).loss();
                for (int i = 0; i < 3; i++) {
                    pair.train(TinyPair.whole(), 0.9);
                }
                assertTrue(pair.look(TinyPair.whole(), 0.9).loss() < 0.98 * first, edit.toString());
                pair.teacher.weights()
                        .forEach((name, weight) -> assertArrayEquals(before.get(name), weight.toFloatArray(), name));
            }
        }
    }

    private static Map<String, float[]> gradients(TinyPair pair) {
        Map<String, float[]> all = new LinkedHashMap<>();
        try (NDManager scope = pair.manager.newSubManager()) {
            pair.gradients(scope).forEach((name, gradient) -> all.put(name, gradient.toFloatArray()));
        }
        return all;
    }
}
