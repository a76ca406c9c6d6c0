package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.models.checkpoint.Checkpoint;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FloatType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// The weights of a model folder one at a time, as float32 whatever they are kept in: for whoever writes them in
/// another format.
public final class PlainWeights implements AutoCloseable {
    private final Checkpoint checkpoint;
    private final StoredWeights stored;
    private final List<WeightPlan.Entry> plan;
    private final NDManager manager;
    private final Path folder;

    private PlainWeights(Path folder, Checkpoint checkpoint, StoredWeights stored, List<WeightPlan.Entry> plan) {
        this.folder = folder;
        this.checkpoint = checkpoint;
        this.stored = stored;
        this.plan = plan;
        this.manager = Compute.CPU.manager();
    }

    /// A weight by its name in the family.
    ///
    /// @param shape from the outermost axis
    public record Plain(String name, List<Long> shape) {
        public Plain {
            shape = List.copyOf(shape);
        }
    }

    /// @param folder of a whole model, not of an adapter
    /// @throws DataException with everything missing, of another shape or unreadable
    public static PlainWeights open(Path folder) {
        ModelConfig config = ConfigJson.read(folder.resolve(ConfigJson.NAME));
        Checkpoint checkpoint = Checkpoint.open(folder);
        try {
            StoredWeights stored = new StoredWeights(folder, Family.of(config.family()).orElseThrow(), checkpoint);
            List<WeightPlan.Entry> plan = WeightPlan.of(config).entries();
            List<Problem> problems = stored.problems(plan);
            if (!problems.isEmpty()) {
                throw new DataException(problems);
            }
            return new PlainWeights(folder, checkpoint, stored, plan);
        } catch (RuntimeException failed) {
            checkpoint.close();
            throw failed;
        }
    }

    /// @return every weight, in the order in which they are kept
    public List<Plain> weights() {
        return plan.stream().map(entry -> new Plain(entry.name(),
                Arrays.stream(entry.shape().getShape()).boxed().toList())).toList();
    }

    /// @return the numbers, float32; whoever asked closes it
    /// @throws DataException if some are not finite
    public NDArray read(String name) {
        NDArray weight = stored.one(plan, name, FloatType.FLOAT32, manager);
        if (!checkpoint.finite(weight)) {
            throw new DataException(List.of(Checkpoint.notFinite(folder + ": " + name)));
        }
        return weight;
    }

    @Override
    public void close() {
        manager.close();
        checkpoint.close();
    }
}
