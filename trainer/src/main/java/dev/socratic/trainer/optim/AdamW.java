package dev.socratic.trainer.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.trainer.config.OptimizerConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Fused AdamW over all weights in two calls of a program, one for the weights that decay and one for those that do
/// not.
///
/// State: two moments the size of each weight and a count of steps, float32.
public final class AdamW implements AutoCloseable {
    private final Program program;
    private final OptimizerConfig config;
    private final List<Group> groups;

    /// @param weights by name, in the order of the decoder; they stay the caller's
    public AdamW(NDManager manager, OptimizerConfig config, Map<String, NDArray> weights) {
        this.program = Program.resource(manager, AdamW.class, "/dev/socratic/trainer/programs/optimizer.txt");
        this.config = config;
        List<Group> all = new ArrayList<>();
        for (boolean decays : new boolean[] {true, false}) {
            Group group = Group.of(manager, weights, decays);
            if (!group.weights.isEmpty()) {
                all.add(group);
            }
        }
        this.groups = List.copyOf(all);
    }

    /// @param gradients by name, those of the constructor's weights
    /// @return their Euclidean norm, all together
    public double norm(Map<String, NDArray> gradients) {
        return norm(gradients, LossScale.NONE);
    }

    /// @param scale that the loss had
    /// @return the norm of what the gradients are without it
    public double norm(Map<String, NDArray> gradients, LossScale scale) {
        return program.run("norm", Arg.of(List.copyOf(gradients.values()))).singletonOrThrow().getFloat()
                / scale.factor();
    }

    /// Changes the weights in place.
    ///
    /// @param gradients by name; scaled in place when they are clipped
    /// @param norm      what [#norm] said of them
    /// @param rate      learning rate of this step
    public void step(Map<String, NDArray> gradients, double norm, double rate) {
        step(gradients, norm, rate, LossScale.NONE);
    }

    /// @param gradients by name; scaled in place when they are clipped or their loss was scaled
    /// @param norm      without that scale
    /// @param scale     that the loss had
    public void step(Map<String, NDArray> gradients, double norm, double rate, LossScale scale) {
        double clip = config.maxGradNorm() > 0 && norm > config.maxGradNorm() ? config.maxGradNorm() / norm : 1;
        double factor = clip / scale.factor();
        for (Group group : groups) {
            double decay = group.decays ? config.weightDecay() : 0;
            try (NDManager scope = group.weights.getFirst().getManager().newSubManager()) {
                double[] numbers = {
                    rate, config.betas().get(0), config.betas().get(1), config.eps(), decay, factor
                };
                program.runIn(
                        scope,
                        "adamw",
                        Arg.of(group.weights),
                        Arg.of(group.names.stream().map(gradients::get).toList()),
                        Arg.of(group.first),
                        Arg.of(group.second),
                        Arg.of(group.steps),
                        Arg.of(numbers));
            }
        }
    }

    /// @return the state by name: `first.<weight>`, `second.<weight>`, `steps.<weight>`; the arrays themselves, not
    ///         copies
    public Map<String, NDArray> state() {
        Map<String, NDArray> all = new LinkedHashMap<>();
        for (Group group : groups) {
            for (int i = 0; i < group.names.size(); i++) {
                all.put("first." + group.names.get(i), group.first.get(i));
                all.put("second." + group.names.get(i), group.second.get(i));
                all.put("steps." + group.names.get(i), group.steps.get(i));
            }
        }
        return all;
    }

    @Override
    public void close() {
        program.close();
    }

    private record Group(
            boolean decays,
            List<String> names,
            List<NDArray> weights,
            List<NDArray> first,
            List<NDArray> second,
            List<NDArray> steps) {
        static Group of(NDManager manager, Map<String, NDArray> weights, boolean decays) {
            Group group = new Group(
                    decays, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(),
                    new ArrayList<>());
            weights.forEach((name, weight) -> {
                if (decays == weight.getShape().dimension() > 1) {
                    group.names.add(name);
                    group.weights.add(weight);
                    group.first.add(manager.zeros(weight.getShape()));
                    group.second.add(manager.zeros(weight.getShape()));
                    group.steps.add(manager.zeros(new Shape()));
                }
            });
            return group;
        }
    }
}
