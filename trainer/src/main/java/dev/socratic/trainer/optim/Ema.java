package dev.socratic.trainer.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A moving average of weights: `average = decay average + (1 - decay) weight`, float32, beginning with the weights as
/// they are. For a student that is saved as its average, and for a teacher that is one. Source: Polyak and Juditsky
/// 1992; Tarvainen and Valpola 2017, arXiv:1703.01780.
///
/// What [#state] holds is all of it: filled from a checkpoint it goes on to the bit.
public final class Ema implements AutoCloseable {
    private static final String NAME = "ema.";

    private final Program program;
    private final NDManager own;
    private final double decay;
    private final List<NDArray> weights;
    private final Map<String, NDArray> averages = new LinkedHashMap<>();

    /// @param weights by name; they stay the caller's
    /// @param decay   from 0, which is the weights themselves, to below 1
    public Ema(NDManager manager, Map<String, NDArray> weights, double decay) {
        this.program = Optimizer.program(manager);
        this.own = manager.newSubManager();
        this.decay = decay;
        this.weights = List.copyOf(weights.values());
        weights.forEach((name, weight) -> averages.put(name, own.zeros(weight.getShape())));
        run("replace", Arg.of(averagesInOrder()), Arg.of(this.weights));
    }

    /// The weights were changed: they are averaged in.
    public void update() {
        run("ema", Arg.of(averagesInOrder()), Arg.of(weights), Arg.of(decay));
    }

    /// @return the averages by the name of their weight; the arrays themselves, not copies
    public Map<String, NDArray> averages() {
        return new LinkedHashMap<>(averages);
    }

    /// @return the same as checkpoints name them, `ema.<weight>`
    public Map<String, NDArray> state() {
        Map<String, NDArray> named = new LinkedHashMap<>();
        averages.forEach((name, average) -> named.put(NAME + name, average));
        return named;
    }

    private List<NDArray> averagesInOrder() {
        return List.copyOf(averages.values());
    }

    private void run(String function, Arg... args) {
        try (NDManager scope = own.newSubManager()) {
            program.runIn(scope, function, args);
        }
    }

    @Override
    public void close() {
        own.close();
        program.close();
    }
}
