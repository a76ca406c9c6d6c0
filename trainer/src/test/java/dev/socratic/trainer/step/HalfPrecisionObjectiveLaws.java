package dev.socratic.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Presets;
import dev.socratic.trainer.plan.ModelShape;
import dev.socratic.trainer.plan.Planner;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every preset with a student, teachers and a start that compute in bfloat16: what it loses is what it loses in
/// float32 but for rounding, and the gradients of the float32 weights point the same way.
class HalfPrecisionObjectiveLaws {
    private static final Set<String> REWARDED = Set.of("rloo", "dr_grpo");

    static Stream<String> names() {
        return Presets.names().stream();
    }

    private record Seen(double loss, Map<String, float[]> gradients) {
        static Seen of(Objective objective, ModelConfig student, FloatType type) {
            try (TinyPair pair = new TinyPair(objective, student, Optional.empty(), type);
                    NDManager scope = pair.manager.newSubManager()) {
                double loss = pair.look(pair.data(), 0.1).loss();
                Map<String, float[]> all = new LinkedHashMap<>();
                pair.gradients(scope).forEach((name, gradient) -> {
                    assertEquals(DataType.FLOAT32, gradient.getDataType(), name);
                    all.put(name, gradient.toFloatArray());
                });
                return new Seen(loss, all);
            }
        }

        /// @return cosine of the angle between two gradients, all weights together
        static double cosine(Seen one, Seen other) {
            double both = 0;
            double ofOne = 0;
            double ofOther = 0;
            for (Map.Entry<String, float[]> entry : one.gradients.entrySet()) {
                float[] a = entry.getValue();
                float[] b = other.gradients.get(entry.getKey());
                for (int i = 0; i < a.length; i++) {
                    both += (double) a[i] * b[i];
                    ofOne += (double) a[i] * a[i];
                    ofOther += (double) b[i] * b[i];
                }
            }
            return both / Math.sqrt(ofOne * ofOther);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void losesWhatItDoesInFloat32ButForRounding(String name, TestReporter report) {
        Objective objective = Objective.named(name);
        boolean narrow = Planner.fit(objective, ModelShape.of(TinyPair.NARROW), ModelShape.of(TinyPair.TEACHER))
                .isEmpty();
        ModelConfig student = narrow ? TinyPair.NARROW : TinyPair.WIDE;
        Seen wide = Seen.of(objective, student, FloatType.FLOAT32);
        Seen half = Seen.of(objective, student, FloatType.BFLOAT16);
        double cosine = Seen.cosine(wide, half);
        report.publishEntry(name,
                "loss %s, in half precision %s, cosine %s".formatted(wide.loss(), half.loss(), cosine));
        assertEquals(wide.loss(), half.loss(), 0.01 * Math.abs(wide.loss()), name);
        // Text of the data has no verified reward, so that nothing is learned from it, in any precision.
        assertTrue(cosine > 0.99 || REWARDED.contains(name) && Double.isNaN(cosine), name + ": cosine " + cosine);
    }
}
