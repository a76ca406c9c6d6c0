package dev.socratic.trainer.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.trainer.config.OptimizerConfig;
import dev.socratic.trainer.config.OptimizerMethod;
import dev.socratic.trainer.config.Rounding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Clips gradients and changes weights by them: few calls of a program, one for all weights that take the same rule
/// with the same rate and decay ([WeightGroups]).
///
/// Weights are float32, or bfloat16: then each is widened for its step, which [Rounding] narrows again.
///
/// State is float32 but for the codes of `adamw8bit`, by name and weight: `first.<weight>`, `second.<weight>`,
/// `steps.<weight>` and what else a rule remembers ([UpdateRule]).
public final class Optimizer implements AutoCloseable {

    private final Program program;
    private final NDManager own;
    private final OptimizerConfig config;
    private final List<WeightBatch> batches;
    private final StateMemory memory;
    private double early;
    private double earlyRate;
    private Narrowing narrowing;

    static Program program(NDManager manager) {
        return Program.resources(manager, Optimizer.class,
                List.of("/programs/random.ts.py", "/dev/socratic/trainer/programs/optimizer.txt"));
    }

    /// @param weights by name, in the order of the decoder; they stay the caller's
    public Optimizer(NDManager manager, OptimizerConfig config, Map<String, NDArray> weights) {
        this(manager, config, weights, (name, shape, type) -> manager.zeros(shape, type), 0);
    }

    /// @param memory of the state
    /// @param seed   of what is drawn where steps are rounded
    public Optimizer(NDManager manager, OptimizerConfig config, Map<String, NDArray> weights, StateMemory memory,
            long seed) {
        this.program = program(manager);
        this.own = manager.newSubManager();
        this.config = config;
        this.memory = memory;
        this.narrowing = new Narrowing(config.rounding(), seed, 0);
        UpdateRule.Choice choice = UpdateRule.choice(config, () -> DynamicMap.arrays(own));
        WeightGroups groups = new WeightGroups(config);
        groups.require(weights.keySet());
        Map<WeightBatch.Kind, WeightBatch> all = new LinkedHashMap<>();
        weights.forEach((name, weight) -> {
            Shape shape = weight.getShape();
            all.computeIfAbsent(new WeightBatch.Kind(choice.of(name, shape), groups.of(name, shape),
                    weight.getDataType() != DataType.FLOAT32), WeightBatch::new).add(name, weight, memory);
        });
        this.batches = List.copyOf(all.values());
        batches.forEach(batch -> batch.begin(program));
    }

    /// @param weights shapes by name
    /// @return bytes of the state of all of them
    public static long stateBytes(OptimizerConfig config, Map<String, Shape> weights) {
        UpdateRule.Choice choice = UpdateRule.choice(config, List::of);
        return weights.entrySet().stream().mapToLong(weight ->
                choice.of(weight.getKey(), weight.getValue()).kept().stream()
                        .mapToLong(kept -> kept.bytes(weight.getValue())).sum()).sum();
    }

    /// @param gradients by name, those of the constructor's weights
    /// @return their Euclidean norm, all together
    public double norm(Map<String, NDArray> gradients) {
        return norm(gradients, LossScale.NONE);
    }

    /// @param scale that the loss had
    /// @return the norm of what the gradients are without it
    public double norm(Map<String, NDArray> gradients, LossScale scale) {
        double norm = program.run("norm", Arg.of(List.copyOf(gradients.values()))).singletonOrThrow().getFloat()
                / scale.factor();
        return early == 0 ? norm : Math.sqrt(early + norm * norm);
    }

    /// A step begins, in which some weights may change before the gradients of others are there ([#early]).
    ///
    /// @param rate   learning rate of the step
    /// @param number of the step, from 1
    public void begin(double rate, long number) {
        narrowing = narrowing.at(number);
        early = 0;
        earlyRate = rate;
    }

    /// Changes some weights at once, unless a gradient is no number, or one of an earlier call was. [#norm] counts
    /// their gradients in. Nothing is clipped.
    ///
    /// @param gradients by name
    public void early(Map<String, NDArray> gradients) {
        double norm = program.run("norm", Arg.of(List.copyOf(gradients.values()))).singletonOrThrow().getFloat();
        early += norm * norm;
        if (Double.isFinite(early)) {
            step(gradients, 0, earlyRate);
        }
    }

    /// Changes the weights in place.
    ///
    /// @param gradients by name; scaled in place when they are clipped
    /// @param norm      what [#norm] said of them
    /// @param rate      learning rate of this step
    public void step(Map<String, NDArray> gradients, double norm, double rate) {
        step(gradients, norm, rate, LossScale.NONE);
    }

    /// @param gradients by name, of all weights or of some: those are changed; scaled in place when they are clipped or
    ///                  their loss was scaled
    /// @param norm      without that scale
    /// @param scale     that the loss had
    public void step(Map<String, NDArray> gradients, double norm, double rate, LossScale scale) {
        double clip = config.maxGradNorm() > 0 && norm > config.maxGradNorm() ? config.maxGradNorm() / norm : 1;
        memory.during(gradients, some ->
                batches.forEach(batch -> batch.step(program, some, rate, clip / scale.factor(), narrowing)));
    }

    /// @return the state by name; the arrays themselves, not copies
    public Map<String, NDArray> state() {
        memory.open();
        Map<String, NDArray> all = new LinkedHashMap<>();
        batches.forEach(batch -> all.putAll(batch.state()));
        return all;
    }

    /// @return whether the student is an average that [#averages] makes
    public boolean averages() {
        return config.method() instanceof OptimizerMethod.ScheduleFreeAdamw;
    }

    /// @return the averaged weights by name, on `scope`; none where the method does not average
    public Map<String, NDArray> averages(NDManager scope) {
        Map<String, NDArray> all = new LinkedHashMap<>();
        if (averages()) {
            memory.open();
            batches.forEach(batch -> all.putAll(batch.averages(program, config.betas().getFirst(), scope)));
        }
        return all;
    }

    @Override
    public void close() {
        own.close();
        program.close();
    }
}
