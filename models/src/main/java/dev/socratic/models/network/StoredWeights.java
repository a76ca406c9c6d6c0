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

    StoredWeights(Path folder, Family family, Checkpoint checkpoint) {
        this.folder = folder;
        this.family = family;
        this.checkpoint = checkpoint;
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
        EightBit bits = EightBit.of(folder, checkpoint.tensors());
        ExpectedWeights expected = new ExpectedWeights(family, plan, checkpoint.tensors(), bits);
        List<Problem> problems = expected.problems(folder);
        if (!problems.isEmpty()) {
            throw new DataException(problems);
        }
        List<Problem> numbers = new ArrayList<>();
        for (WeightPlan.Entry entry : plan) {
            NDArray weight = bits.read(checkpoint, expected.stored(entry.name()), types.apply(entry.name()), manager);
            if (!checkpoint.finite(weight)) {
                numbers.add(Checkpoint.notFinite(folder + ": " + entry.name()));
            }
            reader.accept(entry.name(), weight);
        }
        if (!numbers.isEmpty()) {
            throw new DataException(Problem.firstOf(numbers));
        }
    }
}
