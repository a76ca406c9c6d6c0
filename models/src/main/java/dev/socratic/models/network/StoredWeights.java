package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.models.checkpoint.Checkpoint;
import dev.socratic.models.checkpoint.EightBit;
import dev.socratic.models.engine.FloatType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// Reads a model's weights from a checkpoint, after everything missing, of another shape, of an unreadable type or
/// left over was looked for.
final class StoredWeights {
    private final Path folder;
    private final Family family;
    private final Checkpoint checkpoint;
    private final EightBit bits;

    StoredWeights(Path folder, Family family, Checkpoint checkpoint) {
        this.folder = folder;
        this.family = family;
        this.checkpoint = checkpoint;
        this.bits = EightBit.of(folder, checkpoint.tensors());
    }

    /// @param type in which they are held
    /// @return the weights of the plan by name, in its order
    /// @throws DataException with all problems
    Map<String, NDArray> read(List<WeightPlan.Entry> plan, FloatType type, NDManager manager) {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        read(plan, ignored -> type, manager, weights::put);
        return weights;
    }

    /// @param types  in which each is read, by its name
    /// @param reader gets each weight of the plan with its name, in its order, on `manager`
    /// @throws DataException with all problems
    void read(List<WeightPlan.Entry> plan, Function<String, FloatType> types, NDManager manager,
            BiConsumer<String, NDArray> reader) {
        List<Problem> problems = problems(plan);
        if (!problems.isEmpty()) {
            throw new DataException(problems);
        }
        read(plan, plan, types, manager, reader);
    }

    /// @param plan   one that has no problems
    /// @param some   of it
    /// @param types  in which each is read, by its name
    /// @param reader gets each of them with its name, in their order, on `manager`
    /// @throws DataException with those that hold numbers that are not finite
    void read(List<WeightPlan.Entry> plan, List<WeightPlan.Entry> some, Function<String, FloatType> types,
            NDManager manager, BiConsumer<String, NDArray> reader) {
        List<Problem> numbers = new ArrayList<>();
        for (WeightPlan.Entry entry : some) {
            NDArray weight = one(plan, entry.name(), types.apply(entry.name()), manager);
            if (!checkpoint.finite(weight)) {
                numbers.add(Checkpoint.notFinite(folder + ": " + entry.name()));
            }
            reader.accept(entry.name(), weight);
        }
        if (!numbers.isEmpty()) {
            throw new DataException(Problem.firstOf(numbers));
        }
    }

    /// @return why the weights of a plan cannot be read; none if they can
    List<Problem> problems(List<WeightPlan.Entry> plan) {
        return expected(plan).problems(folder);
    }

    /// @param name of a weight of a plan that has no problems
    /// @return the weight, on `manager`
    NDArray one(List<WeightPlan.Entry> plan, String name, FloatType type, NDManager manager) {
        return bits.read(checkpoint, expected(plan).stored(name), type, manager);
    }

    private ExpectedWeights expected(List<WeightPlan.Entry> plan) {
        return new ExpectedWeights(family, plan, bits.tensors(), bits);
    }
}
