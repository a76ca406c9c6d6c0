package dev.socratic.trainer.optim;

import ai.djl.ndarray.types.Shape;
import dev.socratic.core.error.ConfigException;
import dev.socratic.trainer.config.OptimizerConfig;
import dev.socratic.trainer.config.WeightGroup;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// At what rate each weight learns, and how it decays: as its group says, else as all do. Those with one axis (norm
/// gains, biases) do not decay.
record WeightGroups(OptimizerConfig config) {
    /// How many names a message shows.
    private static final int SHOWN = 3;

    /// @param times       how many times the rate of all
    /// @param weightDecay decoupled decay a step, times the rate
    record Setting(double times, double weightDecay) {}

    Setting of(String name, Shape shape) {
        double decay = config.weightDecay();
        double times = 1;
        for (WeightGroup group : config.groups()) {
            if (group.matches(name)) {
                decay = group.weightDecay().orElse(decay);
                times = group.times(config.learningRate());
                break;
            }
        }
        return new Setting(times, shape.dimension() > 1 ? decay : 0);
    }

    /// @param names of the weights that learn
    /// @throws ConfigException if a group has none of them
    void require(Collection<String> names) {
        List<WeightGroup> groups = config.groups();
        for (int i = 0; i < groups.size(); i++) {
            WeightGroup group = groups.get(i);
            List<WeightGroup> before = groups.subList(0, i);
            List<String> matched = names.stream().filter(group::matches).toList();
            boolean taken = matched.stream().allMatch(name -> before.stream().anyMatch(o -> o.matches(name)));
            if (taken) { // or none
                throw new ConfigException("optimizer.groups[%s].matching".formatted(i),
                        "a regular expression that the name of a weight has which learns and no earlier group has",
                        "'%s', which matches %s".formatted(group.matching(), matched.isEmpty()
                                ? "none of " + names.size() : "only weights of earlier groups"),
                        "mend it or leave the group out; weights are such as " + names.stream().limit(SHOWN)
                                .collect(Collectors.joining(", ")));
            }
        }
    }
}
