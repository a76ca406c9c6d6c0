package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.trainer.objective.Against;
import dev.socratic.trainer.objective.Schedule;
import dev.socratic.trainer.plan.Plan;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Shares of the teacher in a blend that follow how the term's own loss falls: [Schedule.Adaptive].
///
/// What each has come to is four float32 numbers in the checkpoint: the share, the momentum, the last loss, and 1
/// where there is one.
final class Blending implements AutoCloseable {
    private final NDManager own;
    private final Map<Integer, Schedule.Adaptive> terms = new LinkedHashMap<>();
    private final Map<Integer, NDArray> states = new LinkedHashMap<>();

    Blending(NDManager manager, Plan plan) {
        this.own = manager.newSubManager();
        for (int term = 0; term < plan.objective().terms().size(); term++) {
            if (plan.objective().terms().get(term).against() instanceof Against.Blend blend
                    && blend.teacherWeight() instanceof Schedule.Adaptive adaptive) {
                terms.put(term, adaptive);
                NDArray state = own.zeros(new Shape(4));
                state.set(FloatBuffer.wrap(new float[] {(float) adaptive.from(), 0, 0, 0}));
                states.put(term, state);
            }
        }
    }

    /// @return the states by name
    Map<String, NDArray> kept() {
        Map<String, NDArray> all = new LinkedHashMap<>();
        states.forEach((term, state) -> all.put("objective.blend." + term, state));
        return all;
    }

    /// @param term its number
    double share(int term, Against.Blend blend, double progress) {
        return terms.containsKey(term) ? states.get(term).toFloatArray()[0] : blend.teacherWeight().at(progress);
    }

    /// A step is over.
    ///
    /// @param means    raw mean of every term
    /// @param progress share of the budget used after it
    void step(List<Double> means, double progress) {
        terms.forEach((term, adaptive) -> {
            double loss = means.get(term);
            if (!Double.isFinite(loss)) {
                return;
            }
            float[] was = states.get(term).toFloatArray();
            if (was[3] == 0) {
                states.get(term).set(FloatBuffer.wrap(new float[] {was[0], was[1], (float) loss, 1}));
                return;
            }
            double momentum =
                    adaptive.momentum() * was[1] + (1 - adaptive.momentum()) * (was[2] - loss) / (was[2] + 1e-15);
            double faster = was[0] + adaptive.rate() / (1 + Math.exp(-momentum)) * (1 - was[0]);
            double share = Math.min(adaptive.to(), Math.max(adaptive.at(progress), faster));
            states.get(term).set(FloatBuffer.wrap(new float[] {(float) share, (float) momentum, (float) loss, 1}));
        });
    }

    /// @return the share of the first, where there is any
    Map<String, Double> facts() {
        Map<String, Double> all = new LinkedHashMap<>();
        states.values().stream().findFirst()
                .ifPresent(state -> all.put("teachers_share", (double) state.toFloatArray()[0]));
        return all;
    }

    @Override
    public void close() {
        own.close();
    }
}
